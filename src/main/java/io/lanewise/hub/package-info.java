/**
 * Internal: downloads from the Hugging Face Hub, and the cache on disk that is shared with Hugging
 * Face's tools.
 *
 * <p>{@link io.lanewise.hub.HubEnvironment} reads the environment variables, {@link
 * io.lanewise.hub.HubClient} sends requests, {@link io.lanewise.hub.CacheFolder} is the layout of
 * the cache, and {@link io.lanewise.hub.BlobDownload} downloads one file, resumes and verifies it.
 *
 * <p>Uses {@code json}. {@code checkpoint} decides which files are needed.
 */
package io.lanewise.hub;
