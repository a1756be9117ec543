package io.lanewise.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.tokenizer.normalize.AlignedText;
import io.lanewise.tokenizer.pipeline.Input;
import io.lanewise.tokenizer.split.ByteAlphabet;
import io.lanewise.tokenizer.split.Gpt2Words;
import io.lanewise.tokenizer.subword.Bpe;
import io.lanewise.tokenizer.subword.Merges;
import io.lanewise.tokenizer.subword.TokenBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

/**
 * Compares byte pair encoding with its definition, and GPT-2's words with their regular expression.
 */
class BytePairTest {
  private static final Pattern WORDS =
      Pattern.compile(
          "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\p{IsWhite_Space}\\p{L}\\p{N}]+"
              + "|\\p{IsWhite_Space}+(?!\\P{IsWhite_Space})|\\p{IsWhite_Space}+");

  /** Merges over a, b and c, each of two existing pieces. */
  private static List<Merges.Pair> pairs(List<Integer> choices, List<String> pieces) {
    var pairs = new ArrayList<Merges.Pair>();
    for (int i = 0; i + 1 < choices.size(); i += 2) {
      String left = pieces.get(choices.get(i) % pieces.size());
      String right = pieces.get(choices.get(i + 1) % pieces.size());
      if (!pieces.contains(left + right) && left.length() + right.length() < 9) {
        pairs.add(new Merges.Pair(left, right));
        pieces.add(left + right);
      }
    }
    return pairs;
  }

  /** The definition: repeatedly merge the first pair of the lowest rank. */
  private static List<String> merged(String word, List<Merges.Pair> pairs) {
    var symbols = new ArrayList<>(word.chars().mapToObj(Character::toString).toList());
    while (true) {
      int best = pairs.size();
      int place = -1;
      for (int i = 0; i + 1 < symbols.size(); i++) {
        int rank = pairs.indexOf(new Merges.Pair(symbols.get(i), symbols.get(i + 1)));
        if (rank >= 0 && rank < best) {
          best = rank;
          place = i;
        }
      }
      if (place < 0) {
        return symbols;
      }
      symbols.set(place, symbols.get(place) + symbols.remove(place + 1));
    }
  }

  @Property(tries = 300)
  void mergesAsDefined(
      @ForAll @Size(min = 2, max = 24) List<@IntRange(min = 0, max = 1000) Integer> choices,
      @ForAll @CharRange(from = 'a', to = 'c') @StringLength(min = 1, max = 160) String word) {
    var pieces = new ArrayList<>(List.of("a", "b", "c"));
    var pairs = pairs(choices, pieces);
    var model = new Bpe(pieces.toArray(String[]::new), pairs, Bpe.Options.PLAIN, "test");
    var text = new AlignedText(word.length());
    text.appendOriginal(word.toCharArray(), 0, word.length());
    var expected = merged(word, pairs);
    for (int again = 0; again < 2; again++) {
      var tokens = new TokenBuffer(8);
      model.encode(text, 0, word.length(), 0, tokens, model.scratch());
      var found = new ArrayList<String>();
      for (int i = 0; i < tokens.count; i++) {
        assertThat(word.substring(tokens.starts[i], tokens.ends[i]))
            .isEqualTo(pieces.get(tokens.ids[i]));
        found.add(pieces.get(tokens.ids[i]));
      }
      assertThat(found).isEqualTo(expected);
    }
  }

  @Property(tries = 1000)
  void wordsAsTheExpressionSays(
      @ForAll @Size(max = 24) List<@IntRange(min = 0, max = 39) Integer> choices) {
    String alphabet = "aéß日 \t\n\u00a0\u0085\u3000\u001c''''sdmtrevl12½٣\u0301!—😀🎉.Ⅷ";
    int[] characters = alphabet.codePoints().toArray();
    var text = new StringBuilder();
    choices.forEach(choice -> text.appendCodePoint(characters[choice % characters.length]));
    char[] chars = text.toString().toCharArray();
    var found = new ArrayList<String>();
    for (int i = 0; i < chars.length; ) {
      int end = Gpt2Words.end(chars, i, chars.length);
      found.add(new String(chars, i, end - i));
      i = end;
    }
    var expected = WORDS.matcher(text).results().map(match -> match.group()).toList();
    assertThat(found).isEqualTo(expected);
  }

  @Property(tries = 300)
  void bytesThereAndBack(@ForAll @StringLength(max = 40) String text) {
    char[] chars = Input.wellFormed(text);
    var source = new AlignedText(chars.length);
    source.appendOriginal(chars, 0, chars.length);
    var bytes = new AlignedText(16);
    ByteAlphabet.append(source, 0, source.length, bytes);
    assertThat(ByteAlphabet.decode(List.of(bytes.toString()))).isEqualTo(new String(chars));
  }

  @Test
  void unknownCharacters() {
    var pieces = new String[] {"a", "b", "ab", "<unk>", "<0xC3>", "<0xA9>"};
    var pairs = List.of(new Merges.Pair("a", "b"));
    assertThat(ids(pieces, pairs, new Bpe.Options("<unk>", "", "", false, false, false), "xyab"))
        .containsExactly(3, 3, 2);
    assertThat(ids(pieces, pairs, new Bpe.Options("<unk>", "", "", true, false, false), "xyab"))
        .containsExactly(3, 2);
    assertThat(ids(pieces, pairs, new Bpe.Options("<unk>", "", "", true, true, false), "éb"))
        .containsExactly(4, 5, 1);
    assertThat(ids(pieces, pairs, Bpe.Options.PLAIN, "xab")).containsExactly(2);
  }

  private static int[] ids(
      String[] pieces, List<Merges.Pair> pairs, Bpe.Options options, String word) {
    var model = new Bpe(pieces, pairs, options, "test");
    var text = new AlignedText(word.length());
    text.appendOriginal(word.toCharArray(), 0, word.length());
    var tokens = new TokenBuffer(8);
    model.encode(text, 0, word.length(), 0, tokens, model.scratch());
    return java.util.Arrays.copyOf(tokens.ids, tokens.count);
  }
}
