package io.lanewise.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.TokenizerException;
import io.lanewise.tokenizer.TokenizerOptions.Flavor;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Long texts, many threads, malformed texts. */
class RobustnessTest {
  private static final Path DEMO = Path.of("weights", "albert-tiny-demo");

  private static Tokenizer load(Flavor flavor) {
    return Tokenizer.load(DEMO, TokenizerOptions.DEFAULT.withFlavor(flavor));
  }

  private static List<String> texts() {
    var random = new Random(5);
    var texts = new ArrayList<String>();
    for (int i = 0; i < 300; i++) {
      var text = new StringBuilder();
      for (int k = random.nextInt(60); k > 0; k--) {
        switch (random.nextInt(6)) {
          case 0 -> text.append(' ');
          case 1 -> text.append("[MASK]");
          case 2 -> text.appendCodePoint(random.nextInt(0x300));
          case 3 -> text.append((char) random.nextInt(0x10000));
          case 4 -> text.appendCodePoint(random.nextInt(0x110000));
          default -> text.append("the cat's 9,9 ".substring(random.nextInt(14)));
        }
      }
      texts.add(text.toString());
    }
    return texts;
  }

  @ParameterizedTest
  @EnumSource(names = {"FAST", "SLOW"})
  void aThreadAmongManyGetsWhatItGetsAlone(Flavor flavor) throws Exception {
    var tokenizer = load(flavor);
    var texts = texts();
    var alone = texts.stream().map(tokenizer::encode).toList();
    try (var threads = Executors.newFixedThreadPool(64)) {
      var tasks = new ArrayList<Callable<List<Encoding>>>();
      for (int i = 0; i < 64; i++) {
        tasks.add(() -> texts.stream().map(tokenizer::encode).toList());
      }
      for (var result : threads.invokeAll(tasks)) {
        assertThat(result.get()).isEqualTo(alone);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FAST", "SLOW"})
  void offsetsLieWithinTheTextAndIdsInTheVocabulary(Flavor flavor) {
    var tokenizer = load(flavor);
    for (String text : texts()) {
      var encoding = tokenizer.encode(text);
      for (int i = 0; i < encoding.length(); i++) {
        assertThat(encoding.starts()[i]).isBetween(0, encoding.ends()[i]);
        assertThat(encoding.ends()[i]).isLessThanOrEqualTo(text.length());
        assertThat(encoding.ids()[i]).isBetween(0, tokenizer.size() - 1);
      }
      var decoded = tokenizer.decode(encoding.ids(), true);
      assertThat(decoded).isNotNull();
    }
  }

  @Test
  void aLoneSurrogateCountsAsTheReplacementCharacter() {
    for (var flavor : List.of(Flavor.FAST, Flavor.SLOW)) {
      var tokenizer = load(flavor);
      assertThat(tokenizer.encode("a \uD83D b \uDE00"))
          .isEqualTo(tokenizer.encode("a \uFFFD b \uFFFD"));
    }
  }

  /** The time for a megabyte of one repeated part is linear: seconds here, where many tests run. */
  @ParameterizedTest
  @ValueSource(
      strings = {"a", " ", "\u0301", "\u0301\u0323", "😀", "👩‍👩‍👧", "0", "[", "[MASK]", "你"})
  void aMegabyteOfOneThing(String thing) {
    String text = thing.repeat((1 << 20) / thing.length());
    for (var flavor : List.of(Flavor.FAST, Flavor.SLOW)) {
      var tokenizer = load(flavor);
      var bean = ManagementFactory.getThreadMXBean();
      long start = bean.getCurrentThreadCpuTime();
      var encoding = tokenizer.encode(text);
      double seconds = (bean.getCurrentThreadCpuTime() - start) / 1e9;
      assertThat(encoding.length()).isPositive();
      assertThat(seconds).as("CPU seconds, " + flavor).isLessThan(10);
    }
  }

  @Test
  void truncatingALongTextReadsOnlyItsBeginning() {
    var tokenizer = load(Flavor.FAST);
    String text = "It rains (in Berlin) and [MASK] 9,9 snow fell. ".repeat(20_000);
    var bean = ManagementFactory.getThreadMXBean();
    var options = EncodeOptions.DEFAULT.withMaxLength(128);
    var whole = tokenizer.encode(text.substring(0, 4700), options);
    long allocatedBefore = allocated();
    long start = bean.getCurrentThreadCpuTime();
    assertThat(tokenizer.encode(text, options)).isEqualTo(whole);
    // The characters themselves are copied once; their tokens would need many times this memory.
    assertThat(allocated() - allocatedBefore).isLessThan(text.length() * 4L);
    assertThat((bean.getCurrentThreadCpuTime() - start) / 1e9).isLessThan(5);
  }

  private static long allocated() {
    var bean = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    return bean.getCurrentThreadAllocatedBytes();
  }

  @Test
  void truncationIsThePrefixOfTheWhole() {
    var tokenizer = load(Flavor.FAST);
    String text = String.join(" and so on ", texts());
    int[] whole = tokenizer.encode(text, EncodeOptions.DEFAULT.withAddSpecialTokens(false)).ids();
    for (int length : new int[] {1, 7, 50, 300, 1000}) {
      var options = EncodeOptions.DEFAULT.withAddSpecialTokens(false).withMaxLength(length);
      assertThat(tokenizer.encode(text, options).ids())
          .isEqualTo(java.util.Arrays.copyOf(whole, length));
    }
  }

  @Test
  void theStreamSaysWhatDecodingSays() {
    var tokenizer = load(Flavor.FAST);
    for (String text : texts()) {
      int[] ids = tokenizer.encode(text).ids();
      var stream = tokenizer.stream(true);
      var parts = new StringBuilder();
      for (int id : ids) {
        parts.append(stream.add(id));
      }
      parts.append(stream.finish());
      assertThat(parts.toString()).isEqualTo(tokenizer.decode(ids, true, false));
    }
  }

  @Test
  void plainTextComesBack() {
    for (var flavor : List.of(Flavor.FAST, Flavor.SLOW)) {
      var tokenizer = load(flavor);
      for (String text : List.of("it rains.", "the cat, a dog (and 2 birds)", "\"so\" - 9,9")) {
        var ids = tokenizer.encode(text).ids();
        var back = tokenizer.decode(ids, true, false);
        assertThat(back).isEqualTo(text);
        assertThat(tokenizer.encode(back).ids()).isEqualTo(ids);
      }
    }
  }

  @Test
  void charactersTokensAndWordsLeadToEachOther() {
    var tokenizer = load(Flavor.FAST);
    var pair = tokenizer.encode("In Paris.", "It rains.");
    for (int i = 0; i < pair.length(); i++) {
      int sequence = pair.sequenceIds()[i];
      if (sequence < 0) {
        assertThat(pair.tokenToChars(i)).isEmpty();
        assertThat(pair.tokenToWord(i)).isEmpty();
        continue;
      }
      var chars = pair.tokenToChars(i).orElseThrow();
      assertThat(pair.charToToken(chars.start(), sequence)).hasValue(i);
      int word = pair.tokenToWord(i).orElseThrow();
      assertThat(pair.charToWord(chars.start(), sequence)).hasValue(word);
      var tokens = pair.wordToTokens(word, sequence).orElseThrow();
      assertThat(i).isBetween(tokens.start(), tokens.end() - 1);
    }
    assertThat(pair.charToToken(2, 0)).isEmpty();
    assertThat(pair.wordToChars(1, 1)).contains(new Encoding.Span(3, 9));
    assertThat(pair.wordToTokens(7, 0)).isEmpty();
  }

  @Test
  void drawnSegmentationsDependOnTheSeedAlone() {
    var options = TokenizerOptions.DEFAULT.withFlavor(Flavor.SLOW);
    var tokenizer =
        Tokenizer.load(DEMO, options.withSampling(new TokenizerOptions.Sampling(-1, 0.1, 7)));
    String text = "It rains in Berlin and the capital of France is Paris.";
    var seen = new java.util.HashSet<String>();
    for (int seed = 0; seed < 20; seed++) {
      var drawn = tokenizer.encode(text, EncodeOptions.DEFAULT.withSeed(seed));
      assertThat(tokenizer.encode(text, EncodeOptions.DEFAULT.withSeed(seed))).isEqualTo(drawn);
      seen.add(drawn.toString());
    }
    assertThat(seen).hasSizeGreaterThan(10);
  }

  @Test
  void noRoomForTheSpecialsIsRefused() {
    var tokenizer = load(Flavor.FAST);
    assertThatThrownBy(() -> tokenizer.encode("a", EncodeOptions.DEFAULT.withMaxLength(1)))
        .isInstanceOf(TokenizerException.class)
        .hasMessageContaining("special tokens");
  }
}
