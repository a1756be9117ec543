package io.lanewise.kernel.vector;

import io.lanewise.kernel.Attention.Arguments;
import io.lanewise.kernel.HeadKernel;
import io.lanewise.kernel.Lanes;
import io.lanewise.kernel.packing.GroupedRows;
import io.lanewise.kernel.packing.HeadPanels;
import io.lanewise.memory.Matrix;

/**
 * Computes the attention of one head of one sequence with the Vector API; owns the scratch memory
 * for it.
 */
public final class VectorHead implements HeadKernel {
  private final int width = Panels.width();
  private final HeadPanels panels = new HeadPanels();
  private final float[] tile = new float[Panels.GROUP * width]; // [rows, width]
  private final float[] factors = new float[Panels.GROUP]; // 1 / sum of the weights
  private float[] q = {}; // a group of rows of the head's features
  private float[] scores = {}; // a group of rows of keys, then the weights of the values
  private final AttentionRow weights = new AttentionRow();

  @Override
  public void attend(
      Arguments a, int index, int from, int queries, Matrix probabilities, Matrix out) {
    int sequence = index / a.heads();
    int column = index % a.heads() * a.headSize();
    var keyRows = a.keysOf(sequence);
    panels.pack(keyRows, a.valuesOf(sequence), column, a.headSize());
    reserve(a, keyRows.count());
    var queryRows = a.q();
    for (int done = 0; done < queries; done += Panels.GROUP) {
      int height = Math.min(Panels.GROUP, queries - done);
      int query = from + done;
      int row = a.firstQuery(sequence) + query;
      for (int r = 0; r < height; r++) {
        GroupedRows.copyRow(queryRows, row + r, column, a.headSize(), q, r * Panels.BLOCK);
      }
      panels.scores(height, q, scores);
      for (int r = 0; r < height; r++) {
        int at = r * Panels.BLOCK;
        factors[r] = weights.weigh(a, index, query + r, scores, at, probabilities);
      }
      writeContext(height, a.headSize(), out, row, column);
    }
  }

  private void reserve(Arguments a, int keys) {
    int stride = Panels.count(keys) * width;
    weights.start(keys, Lanes.wholeVectors(keys), Panels.GROUP);
    if (q.length < GroupedRows.size(a.headSize())) {
      q = new float[GroupedRows.size(a.headSize())];
    }
    if (scores.length < GroupedRows.size(stride)) {
      scores = new float[GroupedRows.size(stride)];
    }
  }

  private void writeContext(int rows, int headSize, Matrix out, int row, int column) {
    for (int panel = 0; panel < Panels.count(headSize); panel++) {
      panels.context(rows, scores, panel, tile);
      int feature = panel * width;
      int columns = Math.min(width, headSize - feature);
      for (int r = 0; r < rows; r++) {
        SoftmaxRow.scale(tile, r * width, Lanes.wholeVectors(columns), factors[r]);
        long at = out.offset(row + r) + (long) (column + feature) * Float.BYTES;
        Lanes.copy(tile, r * width, out.data(), at, columns);
      }
    }
  }
}
