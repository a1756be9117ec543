package io.lanewise.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.tokenizer.EncodeOptions.OffsetUnit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Offsets in UTF-16 units and in code points denote the same places, and no surrogate pair is
 * split.
 */
class OffsetUnitsTest {
  private static final Path ROOT = Path.of("src/test/resources/tokenizer-classes");
  private static final EncodeOptions UNITS = EncodeOptions.DEFAULT;
  private static final EncodeOptions CODE_POINTS = UNITS.withOffsets(OffsetUnit.CODE_POINTS);

  private static Tokenizer load(String json) {
    try {
      Path folder = Files.createTempDirectory("offsets");
      Files.copy(ROOT.resolve(json), folder.resolve("tokenizer.json"));
      Files.writeString(
          folder.resolve("tokenizer_config.json"),
          "{\"tokenizer_class\":\"RobertaTokenizer\",\"add_prefix_space\":true}");
      return Tokenizer.load(folder);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static final List<Tokenizer> TOKENIZERS =
      List.of(load("roberta.json"), load("gpt2.json"));

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of(
            "a", "b", " ", "  ", "👩", "\u200d", "😀", "é", "世", "the", "\t", "𝒳", ".")
        .list()
        .ofMaxSize(12)
        .map(parts -> String.join("", parts));
  }

  @Property(tries = 300)
  void unitsAndCodePointsAgree(@ForAll("texts") String text) {
    for (var tokenizer : TOKENIZERS) {
      var units = tokenizer.encode(text, UNITS);
      var points = tokenizer.encode(text, CODE_POINTS);
      assertThat(inCodePoints(units, List.of(text))).isEqualTo(places(points));
      var words = List.of(text, "x" + text, text + "😀");
      units = tokenizer.encodeWords(words, UNITS);
      points = tokenizer.encodeWords(words, CODE_POINTS);
      assertThat(inCodePoints(units, words)).isEqualTo(places(points));
    }
  }

  private static List<Integer> places(Encoding encoding) {
    var places = new ArrayList<Integer>();
    for (int i = 0; i < encoding.length(); i++) {
      places.add(encoding.starts()[i]);
      places.add(encoding.ends()[i]);
    }
    return places;
  }

  private static List<Integer> inCodePoints(Encoding encoding, List<String> words) {
    var places = new ArrayList<Integer>();
    for (int i = 0; i < encoding.length(); i++) {
      int word = words.size() == 1 || encoding.wordIds()[i] < 0 ? 0 : encoding.wordIds()[i];
      for (int place : new int[] {encoding.starts()[i], encoding.ends()[i]}) {
        String source = words.get(word);
        boolean inside =
            place > 0
                && place < source.length()
                && Character.isHighSurrogate(source.charAt(place - 1))
                && Character.isLowSurrogate(source.charAt(place));
        assertThat(inside).as("%s splits a pair of %s", place, source).isFalse();
        places.add(source.codePointCount(0, place));
      }
    }
    return places;
  }

  /** The space before the emoji is added and trimmed: 3 to 3 in code points, as in Python. */
  @Test
  void trimsAWholeCodePoint() {
    var encoding = TOKENIZERS.getFirst().encode("😀");
    for (int i = 0; i < encoding.length(); i++) {
      assertThat(encoding.starts()[i]).isIn(0, 2);
      assertThat(encoding.ends()[i]).isIn(0, 2);
    }
  }

  /** An unassigned code point in a block of ideographs is removed, not surrounded by spaces. */
  @Test
  void dropsUnassignedIdeographs(@TempDir Path folder) throws IOException {
    Files.copy(ROOT.resolve("vocab.txt"), folder.resolve("vocab.txt"));
    var slow =
        Tokenizer.load(folder, TokenizerOptions.DEFAULT.withFlavor(TokenizerOptions.Flavor.SLOW));
    assertThat(slow.encode("cat\uFA6Es").tokens()).isEqualTo(slow.encode("cats").tokens());
    assertThat(slow.preTokenize("cat\uFA6Es")).hasSize(1);
  }
}
