package io.lanewise.tokenizer;

import java.util.ArrayList;
import java.util.List;

/** Turns tokens back into text: the {@code decoder} of tokenizer.json. */
sealed interface Decoder {
  /** The parts that the tokens become; the text is all of them together. */
  List<String> apply(List<String> tokens);

  /** {@code Metaspace}: the mark is a space again, but not in the first token. */
  record Metaspace(char mark, PreTokenizer.Prepend prepend) implements Decoder {
    @Override
    public List<String> apply(List<String> tokens) {
      var parts = new ArrayList<String>(tokens.size());
      for (int i = 0; i < tokens.size(); i++) {
        boolean drop = i == 0 && prepend != PreTokenizer.Prepend.NEVER;
        parts.add(tokens.get(i).replace(String.valueOf(mark), drop ? "" : " "));
      }
      return parts;
    }
  }

  /** What stands in for a missing decoder: tokens with spaces between. */
  record Spaced() implements Decoder {
    @Override
    public List<String> apply(List<String> tokens) {
      return List.of(String.join(" ", tokens));
    }
  }
}
