package io.lanewise.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VisibleTest {
  @Test
  void controlCharactersAreWrittenOut() {
    assertThat(Visible.of("a\n\r\t\u001b[31m\u2028é")).isEqualTo("a\\n\\r\\t\\u001b[31m\\u2028é");
    assertThat(Visible.of("\0\u007f\u0085\u009b31m\u2029"))
        .isEqualTo("\\u0000\\u007f\\u0085\\u009b31m\\u2029");
    assertThat(Visible.of("plain")).isSameAs("plain");
    assertThat(Visible.of("")).isEmpty();
  }

  /**
   * Direction marks, characters of zero width, fillers, tags: each can make one text look like
   * another.
   */
  @ParameterizedTest
  @ValueSource(
      ints = {
        0x00AD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x180B, 0x180E, 0x200B, 0x200C, 0x200D,
        0x200E, 0x200F, 0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2060, 0x2061, 0x2065, 0x2066,
        0x2067, 0x2068, 0x2069, 0x206A, 0x206F, 0x2800, 0x3164, 0xFE0F, 0xFEFF, 0xFFA0, 0xFFF0,
        0xFFF9, 0x1BCA0, 0x1D173, 0xE0001, 0xE0041, 0xE007F, 0xE0100, 0xE01EF, 0xE0FFF
      })
  void invisibleCodePointsAreWrittenOut(int point) {
    var hidden = new StringBuilder("admin").appendCodePoint(point).append("user").toString();
    var written = point > 0xFFFF ? "\\u{%x}".formatted(point) : "\\u%04x".formatted(point);
    assertThat(Visible.of(hidden)).isEqualTo("admin" + written + "user");
  }

  @Test
  void halvesOfSurrogatePairsAreWrittenOut() {
    assertThat(Visible.of("a\ud83d")).isEqualTo("a\\ud83d");
    assertThat(Visible.of("\ude00\ud83d")).isEqualTo("\\ude00\\ud83d");
    assertThat(Visible.of("\ud83d\ude00")).isEqualTo("\ud83d\ude00");
  }

  /** Ordinary text stays as it is: joined letters and pictures, variants, signs around numbers. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "größer ▁paris 𝔘 日本語 עברית العربية",
        "\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645", // Persian, with a non-joiner
        "\u0915\u094D\u200D\u0937", // Devanagari, with a joiner
        "\uD83D\uDC69\u200D\uD83D\uDCBB", // a woman and a laptop, joined
        "\u2764\uFE0F\u200D\uD83D\uDD25", // a heart on fire
        "1\uFE0F\u20E3", // a key
        "\u845B\uDB40\uDD00", // an ideograph with a variant
        "\u0600\u0661", // an Arabic number sign
      })
  void whatIsNeededToWriteStays(String text) {
    assertThat(Visible.of(text)).isSameAs(text);
  }

  @Test
  void selectorsAreNoHidingPlace() {
    assertThat(Visible.of("\u2764\uFE0F\uFE0E")).isEqualTo("\u2764\uFE0F\\ufe0e");
    assertThat(Visible.of("a\uDB40\uDD01")).isEqualTo("a\\u{e0101}");
  }

  /** No code point passes that ends a line or moves a cursor. */
  @Test
  void nothingThatATerminalActsOnGetsThrough() {
    IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
        .filter(
            point ->
                Character.isISOControl(point)
                    || Character.getType(point) == Character.LINE_SEPARATOR
                    || Character.getType(point) == Character.PARAGRAPH_SEPARATOR
                    || Character.getDirectionality(point)
                        >= Character.DIRECTIONALITY_LEFT_TO_RIGHT_EMBEDDING)
        .forEach(
            point ->
                assertThat(Visible.of("x" + Character.toString(point)))
                    .as("U+%04X", point)
                    .matches("x\\\\([nrt]|u[0-9a-f]{4}|u\\{[0-9a-f]+})"));
  }

  @Test
  void excerptsAreShortAndVisible() {
    assertThat(Excerpt.of("short\u202e")).isEqualTo("short\\u202e");
    assertThat(Excerpt.quoted("a")).isEqualTo("\"a\"");
    var shown = Excerpt.of("b".repeat(1 << 20) + "end");
    assertThat(shown).hasSizeLessThan(210).contains("…").endsWith("end");
    assertThat(Excerpt.of("ab\ud83d\ude00cdefgh", 6)).isEqualTo("ab…fgh");
    assertThat(Excerpt.beginning("ab\ud83d\ude00cdefgh", 3)).isEqualTo("ab…");
  }
}
