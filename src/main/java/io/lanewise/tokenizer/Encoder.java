package io.lanewise.tokenizer;

import io.lanewise.TokenizerException;
import io.lanewise.tokenizer.EncodeOptions.Side;
import io.lanewise.tokenizer.Windows.Cut;
import io.lanewise.tokenizer.pipeline.Input;
import io.lanewise.tokenizer.pipeline.Pipeline;
import io.lanewise.tokenizer.pipeline.Template;
import io.lanewise.tokenizer.subword.TokenBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Turns texts into encodings: truncation, the template, windows and padding. */
final class Encoder {
  private final Pipeline pipeline;
  private final Template template;
  private final boolean slow;
  private final int pad;
  private final int padTypeId;

  /**
   * @param slow truncate like slow tokenizers
   * @param pad the padding token's id; -1 for none
   */
  Encoder(Pipeline pipeline, Template template, boolean slow, int pad, int padTypeId) {
    this.pipeline = pipeline;
    this.template = template;
    this.slow = slow;
    this.pad = pad;
    this.padTypeId = padTypeId;
  }

  /**
   * One encoding, padded on its own.
   *
   * @param second the second text, null for none
   */
  Encoding one(Input first, Input second, EncodeOptions options) {
    return pad(encode(first, second, options), options.padTo(), options);
  }

  /** Adds the special tokens to ids; second is null for none. */
  Encoding ids(int[] first, int[] second) {
    var one = tokens(first);
    var other = second == null ? null : tokens(second);
    return assemble(one, other, cut(one, other, EncodeOptions.DEFAULT), EncodeOptions.DEFAULT);
  }

  private static TokenBuffer tokens(int[] ids) {
    var tokens = new TokenBuffer(ids.length);
    for (int id : ids) {
      tokens.add(id, 0, 0, tokens.count);
    }
    return tokens;
  }

  /** A batch, padded to one length. */
  List<Encoding> all(
      List<? extends Input> firsts, List<? extends Input> seconds, EncodeOptions options) {
    if (seconds != null && seconds.size() != firsts.size()) {
      throw new TokenizerException(
          "a batch of " + firsts.size() + " texts has " + seconds.size() + " second texts");
    }
    var encodings = new ArrayList<Encoding>(firsts.size());
    for (int i = 0; i < firsts.size(); i++) {
      encodings.add(encode(firsts.get(i), seconds == null ? null : seconds.get(i), options));
    }
    return padAll(encodings, options);
  }

  /** The truncated encoding and the windows of the rest of the text, padded to one length. */
  List<Encoding> windows(Input first, Input second, EncodeOptions options) {
    int room = room(second != null, options);
    var one = first.tokens(pipeline, Integer.MAX_VALUE, options);
    var other = second == null ? null : second.tokens(pipeline, Integer.MAX_VALUE, options);
    var encodings =
        Windows.of(one.count, other == null ? -1 : other.count, room, options, true).stream()
            .map(cut -> assemble(one, other, cut, options))
            .toList();
    return padAll(encodings, options);
  }

  /** The truncated encoding, and what it lost, as slow tokenizers tell it. */
  Encoding.Truncated truncated(Input first, Input second, EncodeOptions options) {
    var one = first.tokens(pipeline, Integer.MAX_VALUE, options);
    var other = second == null ? null : second.tokens(pipeline, Integer.MAX_VALUE, options);
    int excess = excess(one, other, options);
    var done = SlowTruncation.of(one.count, other == null ? -1 : other.count, excess, options);
    var lost = done.overflowText() == 0 ? one : other;
    int[] overflow =
        lost == null
            ? new int[0]
            : Arrays.copyOfRange(lost.ids, done.overflow().from(), done.overflow().to());
    var encoding = assemble(one, other, done.cut(), options);
    return new Encoding.Truncated(pad(encoding, options.padTo(), options), overflow, excess);
  }

  private Encoding encode(Input first, Input second, EncodeOptions options) {
    int most = Integer.MAX_VALUE;
    if (options.maxLength() > 0 && second == null && options.truncationSide() == Side.RIGHT) {
      // If a text is cut off at the right, only this many tokens are needed.
      int room = options.maxLength() - added(false, options);
      most = room > 0 ? room + 1 : most;
    }
    var one = first.tokens(pipeline, most, options);
    var other = second == null ? null : second.tokens(pipeline, Integer.MAX_VALUE, options);
    return assemble(one, other, cut(one, other, options), options);
  }

  private Cut cut(TokenBuffer one, TokenBuffer other, EncodeOptions options) {
    int second = other == null ? -1 : other.count;
    if (slow) {
      return SlowTruncation.of(one.count, second, excess(one, other, options), options).cut();
    }
    return Windows.of(one.count, second, room(other != null, options), options, false).getFirst();
  }

  private Encoding assemble(TokenBuffer one, TokenBuffer other, Cut cut, EncodeOptions options) {
    var parts = other == null ? template.single() : template.pair();
    return Assembler.assemble(
        pipeline.vocabulary(), parts, options.addSpecialTokens(), one, other, cut);
  }

  private int added(boolean paired, EncodeOptions options) {
    return options.addSpecialTokens() ? template.added(paired) : 0;
  }

  /** The number of excess tokens; negative if there is room left. */
  private int excess(TokenBuffer one, TokenBuffer other, EncodeOptions options) {
    if (options.maxLength() == 0) {
      return 0;
    }
    int total = Math.addExact(one.count, other == null ? 0 : other.count);
    return Math.addExact(total, added(other != null, options)) - options.maxLength();
  }

  private int room(boolean paired, EncodeOptions options) {
    if (options.maxLength() == 0) {
      return Integer.MAX_VALUE;
    }
    int added = added(paired, options);
    if (options.maxLength() < added) {
      throw new TokenizerException(
          "a maximal length of "
              + options.maxLength()
              + " has no room for the "
              + added
              + " special tokens: raise it or leave them out");
    }
    return options.maxLength() - added;
  }

  private List<Encoding> padAll(List<Encoding> encodings, EncodeOptions options) {
    int longest = options.padTo();
    for (var encoding : encodings) {
      longest = Math.max(longest, encoding.length());
    }
    int length = longest;
    return encodings.stream().map(encoding -> pad(encoding, length, options)).toList();
  }

  private Encoding pad(Encoding encoding, int length, EncodeOptions options) {
    if (!options.padding()) {
      return encoding;
    }
    int target = Math.max(length, encoding.length());
    int multiple = options.padToMultipleOf();
    if (multiple > 0 && target % multiple != 0) {
      target = Math.addExact(target, multiple - target % multiple);
    }
    if (target == encoding.length()) {
      return encoding;
    }
    if (pad < 0) {
      throw new TokenizerException(
          "padding needs a pad_token, and this tokenizer's files name none: encode without"
              + " padding");
    }
    return Assembler.pad(
        encoding, pipeline.vocabulary(), target, pad, padTypeId, options.paddingSide());
  }
}
