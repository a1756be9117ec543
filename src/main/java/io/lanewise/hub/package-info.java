/**
 * Internal: the Hub of Hugging Face by its HTTP interface, and the cache on disk that its tools
 * share.
 *
 * <p>{@link io.lanewise.hub.HubEnvironment} says what the environment's variables mean, {@link
 * io.lanewise.hub.HubClient} asks the server, {@link io.lanewise.hub.CacheFolder} lays out what
 * came, and {@link io.lanewise.hub.BlobDownload} brings one file, goes on after an interruption and
 * verifies it.
 *
 * <p>Uses {@code json}. Knows nothing of models: which files are wanted, {@code checkpoint} says.
 */
package io.lanewise.hub;
