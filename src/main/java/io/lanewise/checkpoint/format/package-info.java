/**
 * Internal: the formats of weight files: safetensors, PyTorch's pickles, HDF5, MessagePack.
 *
 * <p>{@link io.lanewise.checkpoint.format.WeightFormat} chooses. Each format lists its tensors and
 * the places of their bytes ({@code StoredTensor}); {@code WeightFile} maps or reads them. No
 * pickle is executed.
 *
 * <p>Uses {@code memory}, {@code json} and {@code file}. Next: {@code checkpoint.weights}.
 */
@NullMarked
package io.lanewise.checkpoint.format;

import org.jspecify.annotations.NullMarked;
