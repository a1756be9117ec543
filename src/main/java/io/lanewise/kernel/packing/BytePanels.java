package io.lanewise.kernel.packing;

import static jdk.incubator.vector.FloatVector.SPECIES_PREFERRED;

import io.lanewise.kernel.Gemm.Layout;
import io.lanewise.kernel.Gemm.Packed;
import io.lanewise.kernel.Precision;
import io.lanewise.kernel.Workers;
import io.lanewise.kernel.vector.Panels;
import io.lanewise.memory.Region;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Makes panels of int8 ({@link NarrowPanels}) from panels of floats while a model is in use: the
 * order of the numbers stays, so nothing is transposed, and its loops are simple enough to be
 * compiled to vectors. A quotient half-way between two whole numbers becomes the higher one.
 */
public final class BytePanels {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final int LARGEST = 127;

  /** Smaller weights become 0 where all of an output are as small. */
  public static final float SMALLEST = 1e-30f;

  private static final int TOGETHER = Integer.SIZE / Byte.SIZE;

  /** Inputs that are converted at a time; a multiple of four. */
  private static final int BLOCK = 128;

  private final Packed floats;
  private final MemorySegment packed;
  private final float[] scales;
  private final int width = Panels.width();

  private BytePanels(Packed floats, MemorySegment packed, float[] scales) {
    this.floats = floats;
    this.packed = packed;
    this.scales = scales;
  }

  /**
   * The same layer with weights of int8. A weight w becomes q from -127 to 127, with {@code |w -
   * scale · q|} at most half a scale and what the quotient is rounded by, or {@link #SMALLEST}; the
   * scale is NaN if a weight is not finite.
   *
   * @param floats in panels of floats; the bias is used where it is
   * @param region where the copy lives
   */
  public static Packed of(Packed floats, Region region, Workers workers) {
    int panels = Panels.count(floats.outputs());
    long bytes = NarrowPanels.bytes(Byte.SIZE, floats.inputs());
    var copy =
        new BytePanels(
            floats,
            region.allocate(Math.multiplyExact(panels, bytes)),
            new float[panels * Panels.width()]);
    int tasks = Math.min(panels, 8 * workers.threads());
    workers.run(
        tasks,
        i -> {
          int first = (int) ((long) panels * i / tasks);
          int last = (int) ((long) panels * (i + 1) / tasks);
          copy.convert(first, last, bytes);
        });
    return new Packed(
        floats.outputs(),
        floats.inputs(),
        new Layout.InPanels(Precision.INT8, Panels.width()),
        copy.packed,
        region.copyOf(copy.scales),
        floats.bias());
  }

  private void convert(int first, int last, long bytes) {
    var values = new float[BLOCK * width]; // [inputs, width]
    var spread = new float[BLOCK * width];
    var codes = new int[BLOCK * width];
    var words = new int[BLOCK * width / TOGETHER];
    for (int panel = first; panel < last; panel++) {
      scale(panel, values, spread);
      long at = panel * bytes;
      for (int from = 0; from < floats.inputs(); from += BLOCK) {
        int count = read(panel, from, values);
        for (int i = 0; i < count; i++) {
          codes[i] = (int) (values[i] / spread[i] + (NarrowPanels.BIAS + 0.5f));
        }
        Arrays.fill(codes, count, codes.length, 0);
        int size = (int) (NarrowPanels.bytes(Byte.SIZE, count / width) / Integer.BYTES);
        join(codes, words, size);
        MemorySegment.copy(words, 0, packed, INT, at, size);
        at += (long) size * Integer.BYTES;
      }
    }
  }

  /** Reads up to {@link #BLOCK} inputs of a panel, and returns the number of floats. */
  private int read(int panel, int from, float[] values) {
    int count = Math.min(BLOCK, floats.inputs() - from) * width;
    long at = ((long) panel * floats.inputs() + from) * width * Float.BYTES;
    MemorySegment.copy(floats.weights(), FLOAT, at, values, 0, count);
    return count;
  }

  /**
   * Finds the scales of a panel.
   *
   * @param values scratch
   * @param spread [BLOCK, width], becomes the scales in each row, 1 instead of 0
   */
  private void scale(int panel, float[] values, float[] spread) {
    Arrays.fill(spread, 0);
    for (int from = 0; from < floats.inputs(); from += BLOCK) {
      int count = read(panel, from, values);
      for (int i = 0; i < count; i++) {
        spread[i] = Math.max(spread[i], Math.abs(values[i])); // NaN if there is one
      }
    }
    for (int row = 1; row < BLOCK; row++) {
      for (int i = 0; i < width; i++) {
        spread[i] = Math.max(spread[i], spread[row * width + i]);
      }
    }
    for (int i = 0; i < width; i++) {
      float largest = spread[i];
      float scale = largest < Float.POSITIVE_INFINITY ? largest / LARGEST : Float.NaN;
      scale = largest < SMALLEST ? 0 : scale; // it might be no normal float
      scales[panel * width + i] = scale;
      spread[i] = scale == 0 ? 1 : scale;
    }
    for (int row = 1; row < BLOCK; row++) {
      System.arraycopy(spread, 0, spread, row * width, width);
    }
  }

  /** Joins the numbers of the same lane of four vectors. */
  private static void join(int[] codes, int[] words, int size) {
    int lanes = SPECIES_PREFERRED.length();
    for (int i = 0; i < size; i += lanes) {
      int first = TOGETHER * i;
      for (int lane = first; lane < first + lanes; lane++) {
        words[i + lane - first] =
            codes[lane]
                | codes[lane + lanes] << 8
                | codes[lane + 2 * lanes] << 16
                | codes[lane + 3 * lanes] << 24;
      }
    }
  }
}
