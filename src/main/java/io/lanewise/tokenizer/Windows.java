package io.lanewise.tokenizer;

import io.lanewise.TokenizerException;
import io.lanewise.tokenizer.EncodeOptions.Side;
import java.util.ArrayList;
import java.util.List;

/**
 * Truncation of one or two texts, and the windows of the removed tokens.
 *
 * <p>The rules are those of Hugging Face's fast tokenizers ({@code truncate_encodings} in
 * utils/truncation.rs, {@code Encoding::truncate} in tokenizer/encoding.rs of the tokenizers
 * library).
 */
final class Windows {
  /** Tokens [from, to) of a text. */
  record Range(int from, int to) {}

  /** The tokens of one encoding: a range of the first text, and one of the second text or null. */
  record Cut(Range first, Range second) {}

  private Windows() {}

  /**
   * The truncated encoding, then the overflowing windows if requested.
   *
   * @param first number of tokens of the first text
   * @param second number of tokens of the second; -1 for none
   * @param room maximum number of tokens, without special tokens
   * @throws TokenizerException if the strategy cannot shorten the texts enough
   */
  static List<Cut> of(int first, int second, int room, EncodeOptions options, boolean overflow) {
    int total = Math.addExact(first, Math.max(0, second));
    if (total <= room) {
      return List.of(new Cut(new Range(0, first), second < 0 ? null : new Range(0, second)));
    }
    int keepFirst = first;
    int keepSecond = second;
    int excess = total - room;
    switch (options.truncation()) {
      case LONGEST_FIRST -> {
        if (second < 0) {
          keepFirst = room;
        } else {
          int shorter = Math.min(first, second);
          int longer = shorter > room ? shorter : Math.max(shorter, room - shorter);
          if (shorter + longer > room) {
            shorter = room / 2;
            longer = shorter + room % 2;
          }
          keepFirst = first > second ? longer : shorter;
          keepSecond = first > second ? shorter : longer;
        }
      }
      case ONLY_FIRST -> keepFirst = shorten(first, excess, "first");
      case ONLY_SECOND -> {
        if (second < 0) {
          throw new TokenizerException(
              "only_second truncation of a single text: give a pair or another strategy");
        }
        keepSecond = shorten(second, excess, "second");
      }
    }
    var firsts = ranges(first, keepFirst, options, overflow);
    if (second < 0) {
      return firsts.stream().map(range -> new Cut(range, null)).toList();
    }
    return combine(firsts, ranges(second, keepSecond, options, overflow));
  }

  private static int shorten(int length, int excess, String which) {
    if (length <= excess) {
      throw new TokenizerException(
          "the "
              + which
              + " text has "
              + length
              + " tokens and would have to lose "
              + excess
              + ": truncate longest_first, or allow a larger maximal length");
    }
    return length - excess;
  }

  /**
   * In the order of {@code Encoding::merge_with} in tokenizer/encoding.rs: later windows of the
   * first text with all windows of the second, then the first window of the first text.
   */
  private static List<Cut> combine(List<Range> firsts, List<Range> seconds) {
    var cuts = new ArrayList<Cut>();
    cuts.add(new Cut(firsts.getFirst(), seconds.getFirst()));
    for (var first : firsts.subList(1, firsts.size())) {
      for (var second : seconds) {
        cuts.add(new Cut(first, second));
      }
    }
    for (var second : seconds.subList(1, seconds.size())) {
      cuts.add(new Cut(firsts.getFirst(), second));
    }
    return cuts;
  }

  private static List<Range> ranges(int length, int keep, EncodeOptions options, boolean overflow) {
    boolean left = options.truncationSide() == Side.LEFT;
    if (keep >= length) {
      return List.of(new Range(0, length));
    }
    if (!overflow) {
      return List.of(left ? new Range(length - keep, length) : new Range(0, keep));
    }
    if (keep == 0) {
      return List.of(new Range(0, 0), new Range(0, length));
    }
    if (options.stride() >= keep) {
      throw new TokenizerException(
          "a stride of "
              + options.stride()
              + " needs windows of more than "
              + options.stride()
              + " tokens besides the specials, here "
              + keep
              + ": lower the stride or raise the maximal length");
    }
    var ranges = new ArrayList<Range>();
    int step = keep - options.stride();
    if (left) {
      for (int to = length; to > 0; to -= step) {
        int from = Math.max(0, to - keep);
        ranges.add(new Range(from, to));
        if (from == 0) {
          break;
        }
      }
    } else {
      for (int from = 0; from < length; from += step) {
        int to = Math.min(from + keep, length);
        ranges.add(new Range(from, to));
        if (to == length) {
          break;
        }
      }
    }
    return ranges;
  }
}
