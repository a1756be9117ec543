package io.lanewise.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.tokenizer.TestTokenizers.Named;
import io.lanewise.tokenizer.pipeline.Input;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Properties of each tokenizer, fast and slow, with vocabularies like those of real models. */
class EveryTokenizerTest {
  private static final EncodeOptions BARE = EncodeOptions.DEFAULT.withAddSpecialTokens(false);

  static List<Named> tokenizers() {
    return TestTokenizers.all();
  }

  @ParameterizedTest
  @MethodSource("tokenizers")
  void sixtyFourThreadsGetWhatOneGets(Named named) throws Exception {
    var texts = TestTokenizers.texts();
    var alone = texts.stream().map(named.tokenizer()::encode).toList();
    try (var threads = Executors.newFixedThreadPool(64)) {
      var tasks = new ArrayList<Callable<List<Encoding>>>();
      for (int i = 0; i < 64; i++) {
        tasks.add(() -> texts.stream().map(named.tokenizer()::encode).toList());
      }
      for (var result : threads.invokeAll(tasks)) {
        assertThat(result.get()).isEqualTo(alone);
      }
    }
  }

  /**
   * A megabyte of one repeated part takes a fraction of a second. The limit is far above that, and
   * far below the minutes of a quadratic algorithm.
   */
  @ParameterizedTest
  @MethodSource("tokenizers")
  void aMegabyteOfOneThing(Named named) {
    var bean = ManagementFactory.getThreadMXBean();
    for (String thing :
        List.of(
            "a", " ", "\u0301", "\u0301\u0323", "😀", "👩‍👩‍👧", "你", "각", "9,", "'", "[MASK]")) {
      String text =
          thing.repeat((1 << 20) / thing.getBytes(java.nio.charset.StandardCharsets.UTF_8).length);
      long start = bean.getCurrentThreadCpuTime();
      assertThat(named.tokenizer().encode(text).length()).isPositive();
      assertThat((bean.getCurrentThreadCpuTime() - start) / 1e9)
          .as("CPU seconds for a megabyte of " + thing)
          .isLessThan(10);
    }
  }

  @ParameterizedTest
  @MethodSource("tokenizers")
  void truncatingALongTextReadsOnlyItsBeginning(Named named) {
    String text = "It rains (in Berlin) and [MASK] 9,9 <mask> snow fell. ".repeat(20_000);
    var options = EncodeOptions.DEFAULT.withMaxLength(16);
    var expected = named.tokenizer().encode(text.substring(0, 540), options);
    long before = allocated();
    assertThat(named.tokenizer().encode(text, options)).isEqualTo(expected);
    // The characters are copied once, two bytes each; their tokens would need many times this
    // memory.
    assertThat(allocated() - before).isLessThan(text.length() * 3L);
  }

  private static long allocated() {
    var bean = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    return bean.getCurrentThreadAllocatedBytes();
  }

  @ParameterizedTest
  @MethodSource("tokenizers")
  void truncationIsThePrefixOfTheWhole(Named named) {
    var texts = TestTokenizers.texts();
    for (int first = 0; first < 100; first += 20) {
      String text = String.join(" and so on ", texts.subList(first, texts.size()));
      int[] whole = named.tokenizer().encode(text, BARE).ids();
      for (int length : new int[] {1, 7, 50, 300, 1000}) {
        assertThat(named.tokenizer().encode(text, BARE.withMaxLength(length)).ids())
            .isEqualTo(Arrays.copyOf(whole, length));
      }
    }
  }

  /** Arbitrary UTF-16: lone surrogates, control characters, unassigned characters. */
  @Property(tries = 400)
  void anyTextHasTokensInsideItAndComesBackAsFarAsItCan(
      @ForAll @StringLength(max = 60) String text) {
    String read = new String(Input.wellFormed(text));
    for (var named : tokenizers()) {
      var encoding = named.tokenizer().encode(text, BARE);
      for (int i = 0; i < encoding.length(); i++) {
        assertThat(encoding.starts()[i]).as(named.name()).isBetween(0, encoding.ends()[i]);
        assertThat(encoding.ends()[i]).as(named.name()).isLessThanOrEqualTo(text.length());
      }
      String back = named.tokenizer().decode(encoding.ids(), false, false);
      if (named.keepsEverything() && read.indexOf('<') < 0) {
        assertThat(back).as(named.name()).isEqualTo(read);
      }
    }
  }

  /** Decoded normalized text is encoded to the same ids, except for unknown characters. */
  @Property(tries = 400)
  void decodedTextHasTheSameIds(
      @ForAll @Size(max = 24) List<@IntRange(min = 0, max = 35) Integer> choices) {
    int[] alphabet = "abcdefghijklmnopqrst  eatoé你.,!?()-0123".codePoints().toArray();
    var text = new StringBuilder();
    choices.forEach(choice -> text.appendCodePoint(alphabet[choice]));
    for (var named : tokenizers()) {
      var tokenizer = named.tokenizer();
      int[] ids = tokenizer.encode(text.toString(), BARE).ids();
      int unknown = tokenizer.specials().id("unk_token").orElseThrow();
      if (Arrays.stream(ids).noneMatch(id -> id == unknown)) {
        String back = tokenizer.decode(ids, false, false);
        assertThat(tokenizer.encode(back, BARE).ids()).as(named + ": " + back).isEqualTo(ids);
      }
    }
  }
}
