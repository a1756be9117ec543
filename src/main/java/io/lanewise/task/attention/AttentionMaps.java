package io.lanewise.task.attention;

import io.lanewise.InputException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Who looks at whom in a model, for one text.
 *
 * <pre>{@code
 * try (var attention = AttentionTask.load(Path.of("my-model"))) {
 *   var part = attention.predict("The cat sat.").part(AttentionMaps.Kind.ENCODER);
 *   float[] mean = part.mean(null, null, 1); // what token 1 takes, over all layers and heads
 *   for (int key = 0; key < mean.length; key++) {
 *     System.out.println(part.keys().get(key).text() + " " + mean[key]);
 *   }
 * }
 * }</pre>
 *
 * @param family of the model, a value of {@code model_type}
 * @param question what was asked
 * @param parts one for a single stack of layers; three for an encoder-decoder: its encoder, its
 *     decoder, and the decoder's look at the encoder
 */
public record AttentionMaps(String family, AttentionTask.Question question, List<Part> parts) {
  /** Which attention a part is. */
  public enum Kind {
    /** Of a text to itself, both ways. */
    ENCODER,
    /** Of a text to itself, backwards only. */
    DECODER,
    /** Of the decoder's text to the encoder's. */
    CROSS;

    /** Its name in small letters. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * All layers of one kind.
   *
   * @param queries the tokens that look
   * @param keys the tokens that are looked at
   * @param layers the first layer first, [heads][queries][keys] each
   */
  public record Part(
      Kind kind, List<Token> queries, List<Token> keys, List<AttentionLayer> layers) {
    /** Heads of a layer. They and the layers count from 0, as Hugging Face's do. */
    public int heads() {
      return layers.isEmpty() ? 0 : layers.getFirst().heads();
    }

    /**
     * The mean of what one query token takes in several heads, [keys].
     *
     * @param layer one layer, or null for all
     * @param head one head, or null for all
     * @throws IndexOutOfBoundsException if there is no such layer, head or query
     */
    public float[] mean(@Nullable Integer layer, @Nullable Integer head, int query) {
      var sum = new double[keys.size()];
      int count = 0;
      for (var each : layer == null ? layers : List.of(layers.get(layer))) {
        int from = head == null ? 0 : head;
        int to = head == null ? each.heads() : head + 1;
        for (int h = from; h < to; h++) {
          var row = each.row(h, query);
          for (int key = 0; key < row.length; key++) {
            sum[key] += row[key];
          }
          count++;
        }
      }
      var mean = new float[sum.length];
      for (int key = 0; key < mean.length; key++) {
        mean[key] = (float) (sum[key] / count);
      }
      return mean;
    }
  }

  /**
   * One token.
   *
   * @param id its id
   * @param piece the vocabulary's piece, such as {@code ##ing}
   * @param text the characters that it stands for, such as {@code ing}; the piece itself for a
   *     special token
   */
  public record Token(int id, String piece, String text) {}

  /**
   * The part of this kind.
   *
   * @throws InputException if the model has none
   */
  public Part part(Kind kind) {
    return parts.stream()
        .filter(part -> part.kind() == kind)
        .findFirst()
        .orElseThrow(
            () ->
                new InputException(
                    "this model has no %s attention, it has: %s"
                        .formatted(
                            kind.word(),
                            String.join(
                                ", ", parts.stream().map(Part::kind).map(Kind::word).toList()))));
  }
}
