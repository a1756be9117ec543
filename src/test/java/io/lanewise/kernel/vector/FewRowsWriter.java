package io.lanewise.kernel.vector;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes the loops of {@link FewRows}: {@code FewRowsOfFloats}, {@code FewRowsOfBrainFloats} and
 * {@code FewRowsOfBytes}, which differ in how a vector of weights comes out of a panel. What is
 * said at {@link TileWriter} holds here too; {@link KernelWriter} runs both.
 */
final class FewRowsWriter {
  /** What a panel holds. */
  private enum Source {
    FLOATS("FewRowsOfFloats", "floats"),
    BRAIN_FLOATS("FewRowsOfBrainFloats", "bf16, widened in registers"),
    BYTES("FewRowsOfBytes", "int8, widened in registers and not yet scaled");

    final String type;
    final String about;

    Source(String type, String about) {
      this.type = type;
      this.about = about;
    }
  }

  private static final String[] WIDENED = {"first", "second", "third", "fourth"};

  private final KernelText text = new KernelText();
  private final Source source;

  private FewRowsWriter(Source source) {
    this.source = source;
  }

  /** The text of each class, by the name of its file. */
  static Map<String, String> sources() {
    var sources = new LinkedHashMap<String, String>();
    for (var source : Source.values()) {
      sources.put(source.type + ".java", new FewRowsWriter(source).write());
    }
    return sources;
  }

  private String write() {
    text.block(
        """
        package io.lanewise.kernel.vector;

        import static io.lanewise.kernel.Lanes.load;
        import static io.lanewise.kernel.Lanes.splat;
        import static jdk.incubator.vector.FloatVector.SPECIES_PREFERRED;

        import io.lanewise.kernel.Lanes;
        %simport java.lang.foreign.MemorySegment;

        /**
         * {@link FewRows} by a panel of %s.
         *
         * <p>This file is written by {@code FewRowsWriter}, among the tests. Change it there.
         */
        final class %s {
          private %s() {}

          /** As {@link FewRows#product}. */
          static void multiply(
              int rows,
              float[] x,
              int xAt,
              int stride,
              int depth,
              MemorySegment panel,
              long at,
              float[] out) {
            if (FewRows.haveFourVectors()) {
              switch (rows) {
                case 1 -> oneByFour(x, xAt, depth, panel, at, out);
                case 2 -> twoByFour(x, xAt, stride, depth, panel, at, out);
                default -> fourByFour(x, xAt, stride, depth, panel, at, out);
              }
            } else if (rows == 1) {
              oneByTwo(x, xAt, depth, panel, at, out);
            } else {
              twoByTwo(x, xAt, stride, depth, panel, at, out);
            }
          }
        """
            .formatted(
                source == Source.FLOATS ? "" : "import io.lanewise.kernel.packing.Widening;\n",
                source.about,
                source.type,
                source.type));
    if (source == Source.FLOATS) {
      multiplyTwo();
    }
    rows("oneByFour", 1, 4);
    rows("twoByFour", 2, 4);
    rows("fourByFour", 4, 4);
    rows("oneByTwo", 1, 2);
    rows("twoByTwo", 2, 2);
    if (source == Source.FLOATS) {
      pair("oneByTwiceFour", 4);
      pair("oneByTwiceTwo", 2);
    }
    text.line("}");
    return text.toString();
  }

  private void multiplyTwo() {
    text.block(
        """

          /**
           * One row by two panels that follow each other: two streams from memory, of which one is read
           * while the other comes to a new page.
           */
          static void multiplyTwo(
              float[] x,
              int xAt,
              int depth,
              MemorySegment panels,
              long at,
              long next,
              float[] out,
              float[] nextOut) {
            if (FewRows.haveFourVectors()) {
              oneByTwiceFour(x, xAt, depth, panels, at, next, out, nextOut);
            } else {
              oneByTwiceTwo(x, xAt, depth, panels, at, next, out, nextOut);
            }
          }
        """);
  }

  private void rows(String name, int rows, int vectors) {
    text.line("");
    text.line(
        "  /** %s, %s vectors. */".formatted(KernelText.rows(rows), KernelText.number(vectors)));
    text.line("  private static void %s(".formatted(name));
    text.line(
        "      float[] x, int xAt,%s int depth, MemorySegment panel, long at, float[] out) {"
            .formatted(rows == 1 ? "" : " int stride,"));
    text.line("    var base = Lanes.base(panel);");
    text.line("    long first = Lanes.offset(panel, at);");
    text.lengths();
    if (source == Source.BYTES) {
      for (var constant : new String[] {"mask", "magic", "zero"}) {
        text.line("    var %s = Widening.%s();".formatted(constant, constant));
      }
    }
    for (int v = 0; v < vectors; v++) {
      text.line("    var a%d = load(out, %s);".formatted(v, place(v)));
    }
    for (int r = 1; r < rows; r++) {
      for (int v = 0; v < vectors; v++) {
        text.line("    var %s = a%d;".formatted(KernelText.sum(r, v), v));
      }
    }
    for (int r = 1; r < rows; r++) {
      text.line("    int x%d = x%s + stride;".formatted(r, r == 1 ? "At" : r - 1 + ""));
    }
    if (source == Source.BYTES && vectors == 2) {
      pairsOfBytes(rows);
    } else {
      text.line("    for (int k = 0; k < depth; k++) {");
      weights(vectors);
      multiplyAdds(rows, vectors, " + k", true);
      text.line("    }");
    }
    stores("out", rows, vectors, 0);
    text.line("  }");
  }

  /** A vector of words holds the int8 of two k. */
  private void pairsOfBytes(int rows) {
    text.line("    for (int i = 0; i < depth / 2; i++) {");
    text.line("      int k = 2 * i;");
    text.line("      var words = Lanes.words(base, first + bytes * i);");
    widened("var ", 2, 0);
    multiplyAdds(rows, 2, " + k", true);
    widened("", 2, 2);
    multiplyAdds(rows, 2, " + k + 1", false);
    text.line("    }");
    text.line("    if (depth % 2 == 1) {");
    text.line("      var words = Lanes.words(base, first + bytes * (depth / 2));");
    widened("var ", 2, 0);
    multiplyAdds(rows, 2, " + depth - 1", true);
    text.line("    }");
  }

  /** The vectors of row k of a panel. */
  private void weights(int vectors) {
    switch (source) {
      case FLOATS -> {
        text.line("      long row = first + %d * bytes * k;".formatted(vectors));
        for (int v = 0; v < vectors; v++) {
          text.line("      var w%d = load(base, row%s);".formatted(v, KernelText.bytes(v)));
        }
      }
      case BRAIN_FLOATS -> {
        boolean several = vectors > 2;
        if (several) {
          text.line("      long row = first + %d * bytes * k;".formatted(vectors / 2));
        }
        for (int v = 0; v < vectors; v += 2) {
          String from = several ? "row" + KernelText.bytes(v / 2) : "first + bytes * k";
          text.line("      %swords = Lanes.words(base, %s);".formatted(v == 0 ? "var " : "", from));
          text.line("      var w%d = Widening.lower(words);".formatted(v));
          text.line("      var w%d = Widening.upper(words);".formatted(v + 1));
        }
      }
      case BYTES -> {
        text.line("      var words = Lanes.words(base, first + bytes * k);");
        widened("var ", vectors, 0);
      }
    }
  }

  /** Some of the four vectors of int8 in one of words. */
  private void widened(String declared, int count, int part) {
    for (int v = 0; v < count; v++) {
      String constants = part + v == 3 ? "magic, zero" : "mask, magic, zero";
      text.line(
          "      %sw%d = Widening.%s(words, %s);"
              .formatted(declared, v, WIDENED[part + v], constants));
    }
  }

  private void multiplyAdds(int rows, int vectors, String at, boolean declares) {
    for (int r = 0; r < rows; r++) {
      String declared = declares && r == 0 ? "var " : "";
      text.line("      %svalue = splat(x[x%s%s]);".formatted(declared, r == 0 ? "At" : r + "", at));
      for (int v = 0; v < vectors; v++) {
        String sum = KernelText.sum(r, v);
        text.line("      %s = value.fma(w%d, %s);".formatted(sum, v, sum));
      }
    }
  }

  private void pair(String name, int vectors) {
    text.line("");
    text.line("  /** One row, twice %s vectors. */".formatted(KernelText.number(vectors)));
    text.line("  private static void %s(".formatted(name));
    text.block(
        """
              float[] x,
              int xAt,
              int depth,
              MemorySegment panels,
              long at,
              long next,
              float[] out,
              float[] nextOut) {
            var base = Lanes.base(panels);
            long first = Lanes.offset(panels, at);
            long second = Lanes.offset(panels, next);
        """);
    text.lengths();
    String[] outs = {"out", "nextOut"};
    String[] streams = {"first", "second"};
    for (int panel = 0; panel < 2; panel++) {
      for (int v = 0; v < vectors; v++) {
        text.line(
            "    var %s = load(%s, %s);"
                .formatted(KernelText.sum(panel, v), outs[panel], place(v)));
      }
    }
    text.line("    for (int k = 0; k < depth; k++) {");
    text.line("      long row = %d * bytes * k;".formatted(vectors));
    text.line("      var value = splat(x[xAt + k]);");
    for (int panel = 0; panel < 2; panel++) {
      for (int v = 0; v < vectors; v++) {
        String sum = KernelText.sum(panel, v);
        text.line(
            "      %s = value.fma(load(base, %s + row%s), %s);"
                .formatted(sum, streams[panel], KernelText.bytes(v), sum));
      }
    }
    text.line("    }");
    for (int panel = 0; panel < 2; panel++) {
      stores(outs[panel], 1, vectors, panel);
    }
    text.line("  }");
  }

  /** Rows of sums to an array, one behind the other. */
  private void stores(String out, int rows, int vectors, int letter) {
    for (int r = 0; r < rows; r++) {
      for (int v = 0; v < vectors; v++) {
        text.line(
            "    %s.intoArray(%s, %s);"
                .formatted(KernelText.sum(letter + r, v), out, place(r * vectors + v)));
      }
    }
  }

  private static String place(int vectors) {
    return vectors == 0 ? "0" : vectors == 1 ? "lanes" : vectors + " * lanes";
  }
}
