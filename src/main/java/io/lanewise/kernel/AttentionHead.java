package io.lanewise.kernel;

import io.lanewise.kernel.Attention.Arguments;
import io.lanewise.tensor.Matrix;

/** The attention of one head of one sequence, and the scratch memory for it. */
final class AttentionHead implements Head {
  private final int width = Panels.width();
  private final HeadPanels panels = new HeadPanels();
  private final float[] tile = new float[Panels.ROWS * width]; // [rows, width]
  private final float[] factors = new float[Panels.ROWS]; // 1 / sum of the weights
  private float[] q = {}; // [rows, headSize]
  private float[] scores = {}; // [rows, stride], then the weights of the values
  private final AttentionRow weights = new AttentionRow();

  /** Floats of a row of scores: the keys up to the end of their last panel. */
  private int stride;

  @Override
  public void attend(
      Arguments a, int index, int from, int queries, Matrix probabilities, Matrix out) {
    int sequence = index / a.heads();
    int column = index % a.heads() * a.headSize();
    var asked = a.keysOf(sequence);
    panels.pack(asked, a.valuesOf(sequence), column, a.headSize());
    reserve(a, asked.count());
    var asking = a.q();
    for (int done = 0; done < queries; ) {
      int height = Panels.height(done, queries);
      int query = from + Math.min(done, queries - height);
      int row = a.firstQuery(sequence) + query;
      for (int r = 0; r < height; r++) {
        long at = asking.offset(row + r) + (long) column * Float.BYTES;
        Lanes.copy(asking.data(), at, q, r * a.headSize(), a.headSize());
      }
      panels.scores(height, q, scores, stride);
      for (int r = 0; r < height; r++) {
        factors[r] = weights.weigh(a, index, query + r, scores, r * stride, probabilities);
      }
      writeContext(height, a.headSize(), out, row, column);
      done += height;
    }
  }

  private void reserve(Arguments a, int keys) {
    stride = Panels.count(keys) * width;
    weights.start(keys, stride);
    if (q.length < Panels.ROWS * a.headSize()) {
      q = new float[Panels.ROWS * a.headSize()];
    }
    if (scores.length < Panels.ROWS * stride) {
      scores = new float[Math.multiplyExact(Panels.ROWS, stride)];
    }
  }

  private void writeContext(int rows, int headSize, Matrix out, int row, int column) {
    for (int panel = 0; panel < Panels.count(headSize); panel++) {
      panels.context(rows, scores, stride, panel, tile);
      int feature = panel * width;
      int columns = Math.min(width, headSize - feature);
      for (int r = 0; r < rows; r++) {
        SoftmaxRow.scale(tile, r * width, width, factors[r]);
        long at = out.offset(row + r) + (long) (column + feature) * Float.BYTES;
        Lanes.copy(tile, r * width, out.data(), at, columns);
      }
    }
  }
}
