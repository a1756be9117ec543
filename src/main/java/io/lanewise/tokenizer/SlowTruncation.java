package io.lanewise.tokenizer;

import io.lanewise.tokenizer.EncodeOptions.Side;
import io.lanewise.tokenizer.Windows.Cut;
import io.lanewise.tokenizer.Windows.Range;

/**
 * Truncation by the rules of Hugging Face's slow tokenizers ({@code
 * PreTrainedTokenizerBase.truncate_sequences} in tokenization_utils_base.py): of two equally long
 * texts the second is shortened first, and a text with fewer tokens than it would have to lose is
 * not shortened.
 *
 * @param cut the remaining tokens
 * @param overflow the removed tokens and {@code stride} tokens beside them; empty if both texts of
 *     a pair were shortened
 * @param overflowText the text of the overflow, 0 or 1
 */
record SlowTruncation(Cut cut, Range overflow, int overflowText) {
  private static final Range NOTHING = new Range(0, 0);

  /**
   * @param first number of tokens of the first text
   * @param second number of tokens of the second; -1 for none
   * @param excess number of tokens to remove
   */
  static SlowTruncation of(int first, int second, int excess, EncodeOptions options) {
    boolean paired = second >= 0;
    var whole = new Cut(new Range(0, first), paired ? new Range(0, second) : null);
    var unchanged = new SlowTruncation(whole, NOTHING, 0);
    if (excess <= 0) {
      return unchanged;
    }
    return switch (options.truncation()) {
      case LONGEST_FIRST ->
          paired ? longest(first, second, excess, options) : one(0, first, -1, excess, options);
      case ONLY_FIRST -> one(0, first, second, excess, options);
      case ONLY_SECOND -> paired ? one(1, second, first, excess, options) : unchanged;
    };
  }

  /**
   * Shortens one text.
   *
   * @param text 0 or 1
   * @param length number of its tokens
   * @param other number of tokens of the other text; -1 for none
   */
  private static SlowTruncation one(
      int text, int length, int other, int excess, EncodeOptions options) {
    boolean left = options.truncationSide() == Side.LEFT;
    var kept = new Range(0, length);
    var overflow = NOTHING;
    if (length > excess) {
      int window = (int) Math.min(length, (long) options.stride() + excess);
      kept = left ? new Range(excess, length) : new Range(0, length - excess);
      overflow = left ? new Range(0, window) : new Range(length - window, length);
    }
    var rest = other < 0 ? null : new Range(0, other);
    var cut = text == 0 ? new Cut(kept, rest) : new Cut(rest, kept);
    return new SlowTruncation(cut, overflow, text);
  }

  private static SlowTruncation longest(int first, int second, int excess, EncodeOptions options) {
    int surplus = Math.min(Math.abs(first - second), excess);
    int rest = excess - surplus;
    int fromFirst = rest / 2;
    int fromSecond = rest - fromFirst;
    if (first > second) {
      fromFirst += surplus;
    } else {
      fromSecond += surplus;
    }
    return new SlowTruncation(
        new Cut(keep(first, fromFirst, options), keep(second, fromSecond, options)), NOTHING, 0);
  }

  private static Range keep(int length, int less, EncodeOptions options) {
    int kept = Math.max(0, length - less);
    return options.truncationSide() == Side.LEFT
        ? new Range(length - kept, length)
        : new Range(0, kept);
  }
}
