package io.lanewise.kernel.vector;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes the register tiles of the matrix product: {@code TilesFor32Registers} and {@code
 * TilesFor16Registers}. Each sum of a tile has to be a local of its own, so a tile cannot be a loop
 * over rows, and is written out from this description. {@link TilesTest} holds the committed
 * classes against it.
 *
 * <p>To change a tile, change this, build, and run {@link KernelWriter}.
 */
final class TileWriter {
  /**
   * A class of tiles.
   *
   * @param group rows that are packed together
   * @param block how many k of a row lie together
   * @param panel vectors of a panel's row
   */
  private record Kind(
      String name, int group, int block, int panel, String about, List<Tile> tiles) {}

  /**
   * A tile.
   *
   * @param rows of x
   * @param vectors of the panel's row, from the first one that the caller names
   * @param unroll how many k a round has
   */
  private record Tile(int rows, int vectors, int unroll) {}

  private static final List<Kind> KINDS =
      List.of(
          new Kind(
              "TilesFor32Registers",
              12,
              64,
              4,
              """
              Register tiles for 32 vector registers. Twelve rows and two vectors are 24 sums: each round has
              two loads of the panel for 24 multiply-adds, and no address but x's and the panel's.\
              """,
              List.of(
                  new Tile(12, 2, 1),
                  new Tile(8, 2, 1),
                  new Tile(6, 4, 1),
                  new Tile(4, 4, 1),
                  new Tile(1, 4, 1))),
          new Kind(
              "TilesFor16Registers",
              6,
              256,
              2,
              """
              Register tiles for 16 vector registers. Two k a round, for with one of them the loop has more
              instructions than the processor takes in while it multiplies.\
              """,
              List.of(new Tile(6, 2, 2), new Tile(4, 2, 2), new Tile(1, 2, 1))));

  private final KernelText text = new KernelText();
  private final Kind kind;

  private TileWriter(Kind kind) {
    this.kind = kind;
  }

  /** The text of each class, by the name of its file. */
  static Map<String, String> sources() {
    var sources = new LinkedHashMap<String, String>();
    for (var kind : KINDS) {
      sources.put(kind.name + ".java", new TileWriter(kind).source());
    }
    return sources;
  }

  private String source() {
    text.block(
        """
        package io.lanewise.kernel.vector;

        import static io.lanewise.kernel.Lanes.load;
        import static io.lanewise.kernel.Lanes.splat;
        import static jdk.incubator.vector.FloatVector.SPECIES_PREFERRED;

        import io.lanewise.kernel.Lanes;
        import java.lang.foreign.MemorySegment;

        /**
        """);
    kind.about.lines().forEach(line -> text.line(" * " + line));
    text.block(
        """
         *
         * <p>Each method computes {@code out[r][c] = start[c] + Σ x[r][k] · panel[k][c]}, every sum in the
         * order of k and by fused multiply-adds, so that the bits of an element are the same whichever
         * method computes it. Rows of x are packed in groups ({@link
         * io.lanewise.kernel.packing.GroupedRows}), so that one address serves all of them: with an address
         * a row the compiler runs out of registers.
         *
         * <p>What keeps it fast, each point worth a factor of 2 to 30 in silence: every sum is a local of
         * its own, so that it stays in a register; nothing but loads, multiply-adds and plain stores stands
         * in the method, so that all of it is inlined; x is an array and the panel is off-heap memory; and
         * a check of bounds stays in each round between the loads of the panel and those of x. Without it
         * the compiler loads all numbers of a round first, and the sums go to memory and back.
         *
         * <p>This file is written by {@code TileWriter}, among the tests. Change it there.
         */
        """);
    if (kind.tiles.stream().anyMatch(tile -> tile.unroll > 1)) {
      text.line(
          "@SuppressWarnings(\"NarrowCalculation\") // a long k would leave no check in the round");
    }
    text.line("final class %s {".formatted(kind.name));
    text.line("  /** Rows of x that are packed together. */");
    text.line("  static final int GROUP = %d;".formatted(kind.group));
    text.line("");
    text.line("  /** How many k of a row lie together in a group. */");
    text.line("  static final int BLOCK = %d;".formatted(kind.block));
    text.line("");
    text.line("  private %s() {}".formatted(kind.name));
    kind.tiles.forEach(this::tile);
    text.line("}");
    return text.toString();
  }

  private void tile(Tile tile) {
    head(tile);
    starts(tile);
    if (tile.unroll == 1) {
      singleRounds(tile);
    } else {
      doubleRounds(tile);
    }
    stores(tile);
    text.line("  }");
  }

  private void head(Tile tile) {
    text.line("");
    text.line("  /**");
    text.line(
        "   * %s by %s vectors."
            .formatted(KernelText.rows(tile.rows), KernelText.number(tile.vectors)));
    text.block(
        """
           *
           * @param x a group of rows from {@code xAt}, or the tile's first row of it
           * @param depth how many k
           * @param panels vectors of {@code panel[k]}, one k after the other from byte {@code at}
           * @param start a panel's row of first summands from byte {@code startAt}: the bias
           * @param out row r, column c at {@code outAt + r * outStride + c}
           */
        """);
    text.line("  static void %s(".formatted(KernelText.number(tile.rows)));
    var parameters =
        new ArrayList<>(
            List.of(
                "float[] x",
                "int xAt",
                "int depth",
                "MemorySegment panels",
                "long at",
                "MemorySegment start",
                "long startAt",
                "float[] out",
                "int outAt"));
    if (tile.rows > 1) {
      parameters.add("int outStride");
    }
    for (int i = 0; i < parameters.size(); i++) {
      text.line("      " + parameters.get(i) + (i + 1 < parameters.size() ? "," : ") {"));
    }
    text.lengths();
    text.line("    var weights = Lanes.base(panels);");
    text.line("    long row = Lanes.offset(panels, at);");
    text.line("    var summands = Lanes.base(start);");
    text.line("    long first = Lanes.offset(start, startAt);");
  }

  private void starts(Tile tile) {
    for (int v = 0; v < tile.vectors; v++) {
      text.line(
          "    var %s = load(summands, first%s);"
              .formatted(KernelText.sum(0, v), KernelText.bytes(v)));
    }
    for (int r = 1; r < tile.rows; r++) {
      for (int v = 0; v < tile.vectors; v++) {
        text.line("    var %s = %s;".formatted(KernelText.sum(r, v), KernelText.sum(0, v)));
      }
    }
  }

  /** One loop over k; the place in x is computed from k. */
  private void singleRounds(Tile tile) {
    text.line("    for (int k = 0; k < depth; k++) {");
    text.line("      int i = xAt + k + (k & -BLOCK) * (GROUP - 1);");
    round(tile, "      ", 0);
    text.line("      row += %d * bytes;".formatted(kind.panel));
    text.line("    }");
  }

  /** A loop over blocks, and in it one over pairs of k. */
  private void doubleRounds(Tile tile) {
    text.line("    int block = xAt;");
    text.line("    for (int left = depth; left > 0; left -= BLOCK) {");
    text.line("      int end = Math.min(left, BLOCK);");
    text.line("      for (int k = 0; k < end; k += 2) {");
    text.line("        int i = block + k;");
    text.line(
        "        long vector = row + k * %d * bytes; // not a long k: see above"
            .formatted(kind.panel));
    round(tile, "        ", 0);
    text.line("        if (k + 1 == end) {");
    text.line("          break;");
    text.line("        }");
    round(tile, "        ", 1);
    text.line("      }");
    text.line("      block += GROUP * BLOCK;");
    text.line("      row += %d * BLOCK * bytes;".formatted(kind.panel));
    text.line("    }");
  }

  private void round(Tile tile, String indent, int step) {
    String from = tile.unroll == 1 ? "row" : "vector";
    for (int v = 0; v < tile.vectors; v++) {
      text.line(
          "%s%sw%d = load(weights, %s%s);"
              .formatted(
                  indent,
                  step == 0 ? "var " : "",
                  v,
                  from,
                  KernelText.bytes(step * kind.panel + v)));
    }
    for (int r = 0; r < tile.rows; r++) {
      text.line(
          "%s%svalue = splat(x[i%s%s]);"
              .formatted(
                  indent,
                  step == 0 && r == 0 ? "var " : "",
                  r == 0 ? "" : r == 1 ? " + BLOCK" : " + %d * BLOCK".formatted(r),
                  step == 0 ? "" : " + " + step));
      for (int v = 0; v < tile.vectors; v++) {
        text.line(
            "%s%s = value.fma(w%d, %s);"
                .formatted(indent, KernelText.sum(r, v), v, KernelText.sum(r, v)));
      }
    }
  }

  private void stores(Tile tile) {
    for (int r = 0; r < tile.rows; r++) {
      if (r == 1) {
        text.line("    int to = outAt + outStride;");
      } else if (r > 1) {
        text.line("    to += outStride;");
      }
      for (int v = 0; v < tile.vectors; v++) {
        text.line(
            "    %s.intoArray(out, %s%s);"
                .formatted(
                    KernelText.sum(r, v),
                    r == 0 ? "outAt" : "to",
                    v == 0 ? "" : v == 1 ? " + lanes" : " + %d * lanes".formatted(v)));
      }
    }
  }
}
