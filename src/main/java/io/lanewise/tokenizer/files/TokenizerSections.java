package io.lanewise.tokenizer.files;

import io.lanewise.tokenizer.EncodeOptions;
import io.lanewise.tokenizer.EncodeOptions.Side;
import io.lanewise.tokenizer.EncodeOptions.Truncation;

/**
 * The {@code truncation} and {@code padding} sections of a tokenizer.json.
 *
 * @param options their content as options; no truncation or padding if a section is missing
 * @param padTypeId the token type id of padding
 */
record TokenizerSections(EncodeOptions options, int padTypeId) {
  /** For a tokenizer without a tokenizer.json. */
  static final TokenizerSections NONE =
      new TokenizerSections(EncodeOptions.DEFAULT.withPadding(false), 0);

  /** The largest length for padding. */
  private static final int LONGEST = 1 << 20;

  static TokenizerSections of(JsonPart root) {
    var options = NONE.options();
    var truncation = root.find("truncation");
    if (!truncation.isNull()) {
      options =
          options
              .withMaxLength(positive(truncation.get("max_length")))
              .withStride(natural(truncation, "stride"))
              .withTruncation(strategy(truncation.find("strategy")))
              .withTruncationSide(side(truncation.find("direction")));
    }
    var padding = root.find("padding");
    if (padding.isNull()) {
      return new TokenizerSections(options, 0);
    }
    var strategy = padding.find("strategy");
    int fixed = strategy.node().isObject() ? length(strategy.get("Fixed")) : 0;
    if (fixed == 0 && !strategy.isNull() && !strategy.text().equals("BatchLongest")) {
      throw strategy.wrong("BatchLongest or {\"Fixed\": length}");
    }
    var multiple = padding.find("pad_to_multiple_of");
    options =
        options
            .withPadding(true)
            .withPadTo(fixed)
            .withPadToMultipleOf(multiple.isNull() ? 0 : multiple(multiple))
            .withPaddingSide(side(padding.find("direction")));
    return new TokenizerSections(options, natural(padding, "pad_type_id"));
  }

  private static Truncation strategy(JsonPart part) {
    if (part.isNull()) {
      return Truncation.LONGEST_FIRST;
    }
    return switch (part.text()) {
      case "LongestFirst", "longest_first" -> Truncation.LONGEST_FIRST;
      case "OnlyFirst", "only_first" -> Truncation.ONLY_FIRST;
      case "OnlySecond", "only_second" -> Truncation.ONLY_SECOND;
      default -> throw part.wrong("LongestFirst, OnlyFirst or OnlySecond");
    };
  }

  private static Side side(JsonPart part) {
    if (part.isNull()) {
      return Side.RIGHT;
    }
    return switch (part.text()) {
      case "Left", "left" -> Side.LEFT;
      case "Right", "right" -> Side.RIGHT;
      default -> throw part.wrong("Left or Right");
    };
  }

  /** A length in tokens, limited because a batch could be padded to it. */
  private static int length(JsonPart part) {
    int value = part.integer();
    if (value <= 0 || value > LONGEST) {
      throw part.wrong("a number of tokens from 1 to " + LONGEST);
    }
    return value;
  }

  private static int positive(JsonPart part) {
    int value = part.integer();
    if (value <= 0) {
      throw part.wrong("a positive number");
    }
    return value;
  }

  private static int multiple(JsonPart part) {
    return part.integer() == 0 ? 0 : length(part);
  }

  private static int natural(JsonPart part, String name) {
    int value = part.integer(name, 0);
    if (value < 0) {
      throw part.find(name).wrong("a number of 0 or more");
    }
    return value;
  }
}
