package io.lanewise.tokenizer.split;

/**
 * {@code ByteLevel} (pre_tokenizers/byte_level.rs): splits a text into GPT-2's words and converts
 * them to the {@link ByteAlphabet}.
 *
 * @param addPrefixSpace puts a space before a piece that does not begin with one
 * @param cutWords {@code use_regex}; without it a piece is not split
 */
public record ByteLevel(boolean addPrefixSpace, boolean cutWords) implements PreTokenizer {
  @Override
  public SplitText apply(SplitText pieces) {
    var all = addPrefixSpace ? withSpaces(pieces) : pieces;
    var source = all.text;
    var bytes = source.next(source.length + (source.length >> 3) + 16);
    var cut = new SplitText(bytes);
    for (int p = 0; p < all.count(); p++) {
      int from = all.from(p);
      int to = all.to(p);
      if (all.token(p) != SplitText.OPEN) {
        int start = bytes.length;
        bytes.append(source, from, to);
        cut.add(start, bytes.length, all.token(p));
        continue;
      }
      while (from < to) {
        int end = cutWords ? Gpt2Words.end(source.chars, from, to) : to;
        int start = bytes.length;
        ByteAlphabet.append(source, from, end, bytes);
        cut.add(start, bytes.length);
        from = end;
      }
    }
    return cut;
  }

  private static SplitText withSpaces(SplitText pieces) {
    var source = pieces.text;
    var spaced = source.next(source.length + pieces.count());
    var result = new SplitText(spaced);
    for (int p = 0; p < pieces.count(); p++) {
      int from = pieces.from(p);
      int start = spaced.length;
      if (pieces.token(p) == SplitText.OPEN && source.chars[from] != ' ') {
        spaced.append(' ', source.starts[from], source.ends[from]);
      }
      spaced.append(source, from, pieces.to(p));
      result.add(start, spaced.length, pieces.token(p));
    }
    return result;
  }
}
