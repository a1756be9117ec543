/**
 * A model folder on disk, and the cache of the Hub.
 *
 * <p>{@link io.lanewise.checkpoint.Checkpoint} lists what a folder holds as it was downloaded:
 * {@code config.json} and the weights, of PyTorch, Flax or TensorFlow. {@link
 * io.lanewise.checkpoint.Config} holds the settings, {@link io.lanewise.checkpoint.HubCache} finds
 * and fetches models of the Hub, {@link io.lanewise.checkpoint.Safetensors} reads and writes files
 * of tensors.
 *
 * <p>{@code checkpoint.format} reads the formats of weight files, {@code checkpoint.weights} gives
 * their tensors to layers, {@code checkpoint.folder} opens and writes whole folders. Knows names
 * and formats, no layer and no family. Next: {@code nn}, whose layers load themselves from {@code
 * Weights}.
 */
@NullMarked
package io.lanewise.checkpoint;

import org.jspecify.annotations.NullMarked;
