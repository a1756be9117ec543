package io.lanewise.serve.batch;

import io.lanewise.model.Output;
import io.lanewise.model.Output.States;
import io.lanewise.tensor.Tensor;
import io.lanewise.tokenizer.Encoding;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What of the results of common passes belongs to one piece, put together as the result of a pass
 * over it alone. What lies beside a shorter sequence is 0.
 */
final class Share {
  private static final States NOTHING =
      new States(List.of(), List.of(), List.of(), List.of(), List.of(), Optional.empty());

  private final int[] lengths;
  private final int tokens;
  private final int @Nullable [] firstRead;
  private @Nullable Output like;
  private float @Nullable [][] values;

  Share(List<Encoding> rows, Optional<int[][]> positions) {
    this.lengths = rows.stream().mapToInt(Encoding::length).toArray();
    int longest = 0;
    for (int length : lengths) {
      longest = Math.max(longest, length);
    }
    this.tokens = longest;
    this.firstRead = positions.map(Share::firsts).orElse(null);
  }

  /** Where the results of each row begin, and at last where they end. */
  private static int[] firsts(int[][] positions) {
    var firsts = new int[positions.length + 1];
    for (int i = 0; i < positions.length; i++) {
      firsts[i + 1] = firsts[i] + positions[i].length;
    }
    return firsts;
  }

  /** The whole result, of a pass that held this piece and nothing else. */
  void whole(Output output) {
    like = output;
    values = null;
  }

  /**
   * The result of one row.
   *
   * @param output of a common pass
   * @param at where the row stands in it
   * @param atRead where the results of its tokens begin, if only some are read
   */
  void put(int row, Output output, int at, int atRead) {
    var from = tensors(output);
    if (values == null) {
      like = output;
      values = new float[from.size()][];
      for (int i = 0; i < values.length; i++) {
        values[i] = new float[Math.toIntExact(count(from.get(i)))];
      }
    }
    for (int i = 0; i < values.length; i++) {
      copy(from.get(i), values[i], row, at, atRead);
    }
  }

  private void copy(Tensor from, float[] to, int row, int at, int atRead) {
    if (firstRead != null) { // [read, width]
      int width = from.shape().size(1);
      int count = firstRead[row + 1] - firstRead[row];
      System.arraycopy(from.floats(), atRead * width, to, firstRead[row] * width, count * width);
    } else if (isOfTokens(from)) { // [batch, tokens, width] or [batch, tokens]
      int width = width(from);
      int source = at * from.shape().size(1) * width;
      System.arraycopy(from.floats(), source, to, row * tokens * width, lengths[row] * width);
    } else { // [batch, width]
      int width = from.shape().size(1);
      System.arraycopy(from.floats(), at * width, to, row * width, width);
    }
  }

  /** Whether there is a result for each token, and not for each sequence. */
  private boolean isOfTokens(Tensor tensor) {
    return firstRead == null && (tensor.shape().rank() == 3 || like instanceof Output.Span);
  }

  private static int width(Tensor tensor) {
    return tensor.shape().rank() == 3 ? tensor.shape().size(2) : 1;
  }

  private long[] dims(Tensor like) {
    if (firstRead != null) {
      return new long[] {firstRead[lengths.length], like.shape().size(1)};
    }
    if (!isOfTokens(like)) {
      return new long[] {lengths.length, like.shape().size(1)};
    }
    return like.shape().rank() == 3
        ? new long[] {lengths.length, tokens, like.shape().size(2)}
        : new long[] {lengths.length, tokens};
  }

  private long count(Tensor tensor) {
    long count = 1;
    for (long dim : dims(tensor)) {
      count = Math.multiplyExact(count, dim);
    }
    return count;
  }

  private static List<Tensor> tensors(Output output) {
    return switch (output) {
      case Output.Base base -> List.of(base.lastHiddenState());
      case Output.Logits logits -> List.of(logits.logits());
      case Output.Span span -> List.of(span.startLogits(), span.endLogits());
      case Output.PreTraining _ -> throw new IllegalStateException("no route reads both heads");
    };
  }

  /** The result, when all rows are there. */
  Output output() {
    if (like == null) {
      throw new IllegalStateException("no row has a result");
    }
    if (values == null) {
      return like;
    }
    return switch (like) {
      case Output.Base _ -> new Output.Base(tensor(0), Optional.empty(), NOTHING);
      case Output.Logits _ -> new Output.Logits(Optional.empty(), tensor(0), NOTHING);
      case Output.Span _ -> new Output.Span(Optional.empty(), tensor(0), tensor(1), NOTHING);
      case Output.PreTraining _ -> throw new IllegalStateException("no route reads both heads");
    };
  }

  private Tensor tensor(int index) {
    return Tensor.of(values[index], dims(tensors(like).get(index)));
  }
}
