package io.lanewise.tokenizer;

import io.lanewise.tokenizer.EncodeOptions.Side;
import io.lanewise.tokenizer.pipeline.Template;
import io.lanewise.tokenizer.subword.TokenBuffer;
import io.lanewise.tokenizer.subword.Vocabulary;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Builds encodings from the tokens of one or two texts, the template's special tokens and padding.
 */
final class Assembler {
  private final Vocabulary vocabulary;

  private int[] ids;
  private int[] typeIds;
  private int[] attentionMask;
  private int[] specialTokensMask;
  private int[] starts;
  private int[] ends;
  private int[] wordIds;
  private int[] sequenceIds;
  private Map<Integer, String> surfaces = Map.of();
  private int at;

  private Assembler(Vocabulary vocabulary, int length) {
    this.vocabulary = vocabulary;
    ids = new int[length];
    typeIds = new int[length];
    attentionMask = new int[length];
    specialTokensMask = new int[length];
    starts = new int[length];
    ends = new int[length];
    wordIds = new int[length];
    sequenceIds = new int[length];
  }

  /**
   * @param parts the template's parts for one text or two
   * @param specials whether to add the template's special tokens
   * @param first the first text's tokens
   * @param second the second's, or null
   * @param cut the ranges of tokens to use
   */
  static Encoding assemble(
      Vocabulary vocabulary,
      List<Template.Part> parts,
      boolean specials,
      TokenBuffer first,
      TokenBuffer second,
      Windows.Cut cut) {
    int length = 0;
    for (var part : parts) {
      length +=
          switch (part) {
            case Template.Special _ -> specials ? 1 : 0;
            case Template.Sequence(int index, _) -> size(index == 0 ? cut.first() : cut.second());
          };
    }
    var assembler = new Assembler(vocabulary, length);
    Arrays.fill(assembler.attentionMask, 1);
    for (var part : parts) {
      switch (part) {
        case Template.Special(int id, int typeId) -> {
          if (specials) {
            assembler.special(id, typeId);
          }
        }
        case Template.Sequence(int index, int typeId) ->
            assembler.text(
                index,
                typeId,
                index == 0 ? first : second,
                index == 0 ? cut.first() : cut.second());
      }
    }
    return assembler.encoding();
  }

  private static int size(Windows.Range range) {
    return range == null ? 0 : range.to() - range.from();
  }

  private void special(int id, int typeId) {
    ids[at] = id;
    typeIds[at] = typeId;
    specialTokensMask[at] = 1;
    wordIds[at] = -1;
    sequenceIds[at] = -1;
    at++;
  }

  private void text(int index, int typeId, TokenBuffer tokens, Windows.Range range) {
    int count = size(range);
    if (count == 0) {
      return;
    }
    int from = range.from();
    System.arraycopy(tokens.ids, from, ids, at, count);
    tokens.copyOffsets(from, count, starts, ends, at);
    System.arraycopy(tokens.words, from, wordIds, at, count);
    Arrays.fill(typeIds, at, at + count, typeId);
    Arrays.fill(sequenceIds, at, at + count, index);
    if (tokens.hasSurfaces()) {
      for (int i = 0; i < count; i++) {
        String surface = tokens.surface(from + i);
        if (surface != null) {
          if (surfaces.isEmpty()) {
            surfaces = new HashMap<>();
          }
          surfaces.put(at + i, surface);
        }
      }
    }
    at += count;
  }

  private Encoding encoding() {
    return new Encoding(
        ids,
        typeIds,
        attentionMask,
        specialTokensMask,
        starts,
        ends,
        wordIds,
        sequenceIds,
        surfaces,
        vocabulary);
  }

  /**
   * The encoding padded to a length; the same object if it is not shorter.
   *
   * @param id the padding token
   * @param typeId its token type id
   */
  static Encoding pad(
      Encoding encoding, Vocabulary vocabulary, int length, int id, int typeId, Side side) {
    int missing = length - encoding.length();
    if (missing <= 0) {
      return encoding;
    }
    int shift = side == Side.LEFT ? missing : 0;
    Map<Integer, String> moved = new HashMap<>();
    for (int i = 0; i < encoding.length(); i++) {
      String surface = encoding.surface(i);
      if (surface != null) {
        moved.put(i + shift, surface);
      }
    }
    return new Encoding(
        pad(encoding.ids(), length, shift, id),
        pad(encoding.typeIds(), length, shift, typeId),
        pad(encoding.attentionMask(), length, shift, 0),
        pad(encoding.specialTokensMask(), length, shift, 1),
        pad(encoding.starts(), length, shift, 0),
        pad(encoding.ends(), length, shift, 0),
        pad(encoding.wordIds(), length, shift, -1),
        pad(encoding.sequenceIds(), length, shift, -1),
        moved,
        vocabulary);
  }

  private static int[] pad(int[] values, int length, int shift, int filler) {
    var padded = new int[length];
    Arrays.fill(padded, 0, shift, filler);
    System.arraycopy(values, 0, padded, shift, values.length);
    Arrays.fill(padded, shift + values.length, length, filler);
    return padded;
  }
}
