package io.lanewise.checkpoint.format;

import io.lanewise.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/** Elements in several runs of the file, one after the other; each run has whole elements. */
record JoinedBytes(List<TensorBytes.Run> runs) implements TensorBytes {
  @Override
  public Optional<MemorySegment> mapped() {
    return runs.size() == 1 ? runs.getFirst().mapped() : Optional.empty();
  }

  @Override
  public void checkUnchanged() {
    runs.forEach(Run::checkUnchanged);
  }

  @Override
  public void copyTo(int width, MemorySegment target) {
    long at = 0;
    for (var run : runs) {
      run.copyTo(width, target.asSlice(at));
      at += run.size();
    }
  }

  @Override
  public void floatsTo(DType dtype, MemorySegment target) {
    long at = 0;
    for (var run : runs) {
      run.floatsTo(dtype, target.asSlice(at));
      at += run.size() / dtype.bytes() * Float.BYTES;
    }
  }
}
