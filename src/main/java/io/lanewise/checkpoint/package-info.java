/**
 * A model folder on disk.
 *
 * <p>{@link io.lanewise.checkpoint.Checkpoint} opens the folder as it was downloaded: {@code
 * config.json} and the weights, of PyTorch, Flax or TensorFlow. {@link
 * io.lanewise.checkpoint.Weights} walks the tensor names like {@code cd} walks folders, checks
 * every shape before any kernel runs, and ends with a report of what was missing, unexpected or
 * tied.
 *
 * <p>Each format ({@code SafetensorsHeader}, {@code FlaxMsgpack}, {@code TensorFlowH5}, {@code
 * TorchPickle}) lists tensors and where their bytes lie; {@code WeightFile} maps or reads them. A
 * {@code Change} says what becomes of tensors on their way in. {@code SavedFolder} writes {@code
 * Contents}, which hold no numbers but know where to read or how to compute them.
 *
 * <p>Uses {@code tensor} and {@code json}; knows names and formats, no layer and no family. Next:
 * {@code nn/}, whose layers load themselves from {@code Weights}.
 */
@NullMarked
package io.lanewise.checkpoint;

import org.jspecify.annotations.NullMarked;
