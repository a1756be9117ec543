package io.lanewise.tokenizer;

import java.util.function.Consumer;

/**
 * Options of encoding; immutable, with "with" methods.
 *
 * <pre>{@code
 * var options = EncodeOptions.DEFAULT.withMaxLength(384).withStride(128);
 * var windows = Tokenizer.load(folder).encodeWindows("A long text.", options);
 * }</pre>
 *
 * @param addSpecialTokens put [CLS], [SEP] and the like around the text
 * @param maxLength truncate to this number of tokens, special tokens included; 0 for no truncation
 * @param truncation which text of a pair is shortened
 * @param truncationSide the end of a text that is cut off
 * @param stride number of tokens that consecutive windows share
 * @param padding whether batches are padded
 * @param padTo pad to so many tokens at least; 0: a batch to its longest, a single text not
 * @param padToMultipleOf pad to a multiple of so many tokens, 0 for any length
 * @param paddingSide the end at which padding is put
 * @param seed what drawn segmentations depend on besides the text and {@link
 *     TokenizerOptions.Sampling#seed}: another one for another drawing of the same text
 * @param offsets the unit that {@link Encoding#starts} and {@link Encoding#ends} count in
 */
public record EncodeOptions(
    boolean addSpecialTokens,
    int maxLength,
    Truncation truncation,
    Side truncationSide,
    int stride,
    boolean padding,
    int padTo,
    int padToMultipleOf,
    Side paddingSide,
    long seed,
    OffsetUnit offsets) {

  /** Specials, no truncation, batches padded on the right to their longest. */
  public static final EncodeOptions DEFAULT = new EncodeOptions(true, 0, 0);

  /** Which text of a pair is shortened if both together are too long. */
  public enum Truncation {
    /** The longer one first, so that both end at about the same length. */
    LONGEST_FIRST,
    /** The first only. */
    ONLY_FIRST,
    /** The second only. */
    ONLY_SECOND
  }

  /** An end of a text. */
  public enum Side {
    LEFT,
    RIGHT
  }

  /** The unit of offsets. */
  public enum OffsetUnit {
    /** Java's {@code char}s. */
    UTF_16,
    /** Unicode code points, as in Hugging Face's libraries. */
    CODE_POINTS
  }

  public EncodeOptions {
    if (maxLength < 0 || stride < 0 || padTo < 0 || padToMultipleOf < 0) {
      throw new IllegalArgumentException(
          "maxLength, stride, padTo and padToMultipleOf are not negative");
    }
  }

  /** With {@link Truncation#LONGEST_FIRST}, no windows, both sides right. */
  public EncodeOptions(boolean addSpecialTokens, int maxLength, int padTo) {
    this(
        addSpecialTokens,
        maxLength,
        Truncation.LONGEST_FIRST,
        Side.RIGHT,
        0,
        true,
        padTo,
        0,
        Side.RIGHT,
        0,
        OffsetUnit.UTF_16);
  }

  public EncodeOptions withAddSpecialTokens(boolean newValue) {
    return with(change -> change.addSpecialTokens = newValue);
  }

  public EncodeOptions withMaxLength(int newValue) {
    return with(change -> change.maxLength = newValue);
  }

  public EncodeOptions withTruncation(Truncation newValue) {
    return with(change -> change.truncation = newValue);
  }

  public EncodeOptions withTruncationSide(Side newValue) {
    return with(change -> change.truncationSide = newValue);
  }

  public EncodeOptions withStride(int newValue) {
    return with(change -> change.stride = newValue);
  }

  public EncodeOptions withPadding(boolean newValue) {
    return with(change -> change.padding = newValue);
  }

  public EncodeOptions withPadTo(int newValue) {
    return with(change -> change.padTo = newValue);
  }

  public EncodeOptions withPadToMultipleOf(int newValue) {
    return with(change -> change.padToMultipleOf = newValue);
  }

  public EncodeOptions withPaddingSide(Side newValue) {
    return with(change -> change.paddingSide = newValue);
  }

  public EncodeOptions withSeed(long newValue) {
    return with(change -> change.seed = newValue);
  }

  public EncodeOptions withOffsets(OffsetUnit newValue) {
    return with(change -> change.offsets = newValue);
  }

  private EncodeOptions with(Consumer<Change> set) {
    var change = new Change(this);
    set.accept(change);
    return change.done();
  }

  /** A mutable copy of options. */
  private static final class Change {
    private boolean addSpecialTokens;
    private int maxLength;
    private Truncation truncation;
    private Side truncationSide;
    private int stride;
    private boolean padding;
    private int padTo;
    private int padToMultipleOf;
    private Side paddingSide;
    private long seed;
    private OffsetUnit offsets;

    Change(EncodeOptions from) {
      addSpecialTokens = from.addSpecialTokens;
      maxLength = from.maxLength;
      truncation = from.truncation;
      truncationSide = from.truncationSide;
      stride = from.stride;
      padding = from.padding;
      padTo = from.padTo;
      padToMultipleOf = from.padToMultipleOf;
      paddingSide = from.paddingSide;
      seed = from.seed;
      offsets = from.offsets;
    }

    EncodeOptions done() {
      return new EncodeOptions(
          addSpecialTokens,
          maxLength,
          truncation,
          truncationSide,
          stride,
          padding,
          padTo,
          padToMultipleOf,
          paddingSide,
          seed,
          offsets);
    }
  }
}
