package io.lanewise.checkpoint;

import io.lanewise.checkpoint.format.FileExcerpt;
import io.lanewise.tensor.DType;
import io.lanewise.tensor.Shape;

/**
 * What a weight file says of one tensor, under the name that PyTorch gives it.
 *
 * @param file the weight file, relative to the model folder
 * @param bytes how much of the file it takes
 */
public record TensorInfo(String name, DType dtype, Shape shape, String file, long bytes) {
  @Override
  public String toString() {
    return FileExcerpt.of(name) + " " + dtype + shape + " in " + file;
  }
}
