package io.lanewise.task.attention;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanewise.InputException;
import io.lanewise.file.NewContent;
import io.lanewise.task.attention.AttentionMaps.Part;
import io.lanewise.task.attention.AttentionMaps.Token;
import io.lanewise.task.text.TextModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.zip.Deflater;

/**
 * Writes {@link AttentionMaps} as one HTML page that needs nothing else: no network, no other file.
 *
 * <p>The page is a template with its style and scripts, resources of this package; the page of the
 * server shares the view of the maps. The weights stand in it one element a layer, as base64 of
 * zlib ({@code deflate}) of {@link WeightCodes}, row by row, [heads][queries][keys]. The same maps
 * give the same page.
 *
 * <pre>{@code
 * try (var attention = AttentionTask.load(Path.of("my-model"))) {
 *   AttentionPage.write(attention.predict("The cat sat."), Path.of("attention.html"));
 * }
 * }</pre>
 */
public final class AttentionPage {
  /** Weights of a page; each takes one byte of the browser's memory at least. */
  static final long MOST_WEIGHTS = 128L << 20;

  private AttentionPage() {}

  /**
   * Writes the page to a file, in the place of one that is there; whole or not at all.
   *
   * @throws InputException if the maps are too large for a page, or the file cannot be written
   */
  public static void write(AttentionMaps maps, Path file) {
    checkSize(maps);
    try (var content = NewContent.of(file)) {
      try (var out = content.stream()) {
        write(maps, out);
      }
      content.finish();
    } catch (NoSuchFileException e) {
      throw new InputException(file + " cannot be written: its folder does not exist", e);
    } catch (IOException e) {
      throw new InputException(file + " cannot be written: " + e.getMessage(), e);
    }
  }

  /**
   * Writes the page, in UTF-8; the stream stays open.
   *
   * @throws InputException if the maps are too large for a page
   * @throws IOException if the stream fails
   */
  public static void write(AttentionMaps maps, OutputStream out) throws IOException {
    checkSize(maps);
    var codes = WeightCodes.of(weights(maps));
    var page =
        text(AttentionPage.class.getResourceAsStream("/io/lanewise/task/attention/page.html"));
    for (var piece : page.split("(?=\\{\\{)|(?<=}})", -1)) {
      switch (piece) {
        case "{{title}}" -> put(out, escaped(TextModel.excerpt(maps.question().text())));
        case "{{style}}" -> putStyles(out);
        case "{{view}}" ->
            put(
                out,
                text(
                    AttentionPage.class.getResourceAsStream(
                        "/io/lanewise/task/attention/maps.html")));
        case "{{script}}" -> putScripts(out);
        case "{{maps}}" -> put(out, json(maps, codes));
        case "{{weights}}" -> putWeights(maps, codes, out);
        default -> put(out, piece);
      }
    }
  }

  /**
   * Writes what a page knows as one JSON object, in UTF-8: {@code family}, {@code text}, {@code
   * pair}, {@code target}, {@code bits} and {@code parts} as in the page, and {@code weights}, for
   * each part a list with a text a layer, base64 of zlib of its codes. The stream stays open.
   *
   * @throws InputException if the maps are too large for a page
   * @throws IOException if the stream fails
   */
  public static void writeJson(AttentionMaps maps, OutputStream out) throws IOException {
    checkSize(maps);
    var codes = WeightCodes.of(weights(maps));
    var object = json(maps, codes);
    put(out, object.substring(0, object.length() - 1) + ",\"weights\":[");
    for (int part = 0; part < maps.parts().size(); part++) {
      put(out, part == 0 ? "[" : ",[");
      var layers = maps.parts().get(part).layers();
      for (int layer = 0; layer < layers.size(); layer++) {
        put(out, layer == 0 ? "\"" : ",\"");
        out.write(Base64.getEncoder().encode(deflated(codes.encode(layers.get(layer)))));
        put(out, "\"");
      }
      put(out, "]");
    }
    put(out, "]}");
  }

  private static void checkSize(AttentionMaps maps) {
    long weights = weights(maps);
    if (weights > MOST_WEIGHTS) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "a page of %,d attention weights: a browser takes %,d, shorten the text",
              weights,
              MOST_WEIGHTS));
    }
  }

  private static long weights(AttentionMaps maps) {
    return maps.parts().stream()
        .flatMap(part -> part.layers().stream())
        .mapToLong(layer -> (long) layer.heads() * layer.queries() * layer.keys())
        .sum();
  }

  /** What the script is told besides the weights; no text in it can end the element around it. */
  private static String json(AttentionMaps maps, WeightCodes codes) {
    var tree = JsonNodeFactory.instance.objectNode();
    tree.put("family", maps.family());
    tree.put("text", maps.question().text());
    tree.put("pair", maps.question().pair().orElse(null));
    tree.put("target", maps.question().target().orElse(null));
    tree.put("bits", codes.bits());
    var parts = tree.putArray("parts");
    for (var part : maps.parts()) {
      put(part, parts.addObject());
    }
    return tree.toString()
        .replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("&", "\\u0026")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029");
  }

  private static void put(Part part, ObjectNode to) {
    to.put("kind", part.kind().word());
    put(part.queries(), to.putArray("queries"));
    put(part.keys(), to.putArray("keys"));
    var layers = to.putArray("layers");
    for (var layer : part.layers()) {
      var node = layers.addObject();
      node.put("heads", layer.heads());
      if (layer instanceof AttentionLayer.Windowed windowed) {
        node.put("window", windowed.window());
        var globals = node.putArray("globals");
        for (int position : windowed.globals()) {
          globals.add(position);
        }
      }
    }
  }

  private static void put(List<Token> tokens, ArrayNode to) {
    for (var token : tokens) {
      to.addArray().add(token.piece()).add(token.text());
    }
  }

  private static void putWeights(AttentionMaps maps, WeightCodes codes, OutputStream out)
      throws IOException {
    for (int part = 0; part < maps.parts().size(); part++) {
      var layers = maps.parts().get(part).layers();
      for (int layer = 0; layer < layers.size(); layer++) {
        put(
            out,
            "<script type=\"application/octet-stream\" id=\"w-%d-%d\">".formatted(part, layer));
        out.write(Base64.getEncoder().encode(deflated(codes.encode(layers.get(layer)))));
        put(out, "</script>\n");
      }
    }
  }

  private static void putStyles(OutputStream out) throws IOException {
    put(
        out,
        text(AttentionPage.class.getResourceAsStream("/io/lanewise/task/attention/basics.css")));
    put(out, text(AttentionPage.class.getResourceAsStream("/io/lanewise/task/attention/maps.css")));
    put(out, text(AttentionPage.class.getResourceAsStream("/io/lanewise/task/attention/page.css")));
  }

  private static void putScripts(OutputStream out) throws IOException {
    put(
        out,
        text(AttentionPage.class.getResourceAsStream("/io/lanewise/task/attention/weights.js")));
    put(
        out,
        text(AttentionPage.class.getResourceAsStream("/io/lanewise/task/attention/colour.js")));
    put(out, text(AttentionPage.class.getResourceAsStream("/io/lanewise/task/attention/grid.js")));
    put(out, text(AttentionPage.class.getResourceAsStream("/io/lanewise/task/attention/map.js")));
    put(out, text(AttentionPage.class.getResourceAsStream("/io/lanewise/task/attention/row.js")));
    put(out, text(AttentionPage.class.getResourceAsStream("/io/lanewise/task/attention/maps.js")));
    put(out, text(AttentionPage.class.getResourceAsStream("/io/lanewise/task/attention/page.js")));
  }

  private static byte[] deflated(byte[] bytes) {
    try (var deflater = new Deflater(Deflater.BEST_COMPRESSION)) {
      deflater.setInput(bytes);
      deflater.finish();
      var out = new ByteArrayOutputStream(bytes.length / 2 + 64);
      var buffer = new byte[1 << 16];
      while (!deflater.finished()) {
        out.write(buffer, 0, deflater.deflate(buffer));
      }
      return out.toByteArray();
    }
  }

  /** Reads a part of the page; the calls name theirs whole, so that a native image can be told. */
  private static String text(InputStream resource) throws IOException {
    try (resource) {
      if (resource == null) {
        throw new IllegalStateException(
            "a part of the page is missing from io/lanewise/task/attention");
      }
      return new String(resource.readAllBytes(), UTF_8);
    }
  }

  private static void put(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(UTF_8));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
