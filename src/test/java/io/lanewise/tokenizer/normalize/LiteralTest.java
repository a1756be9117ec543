package io.lanewise.tokenizer.normalize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.TokenizerException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

/** Compares with the JDK's own search as the oracle. */
class LiteralTest {
  @Property(tries = 500)
  void findsWhatTheJdkFinds(
      @ForAll @CharRange(from = 'a', to = 'b') @StringLength(max = 30) String text,
      @ForAll @CharRange(from = 'a', to = 'b') @NotEmpty @StringLength(max = 5) String wanted) {
    var literal = new Literal(wanted);
    for (int from = 0; from <= text.length(); from++) {
      assertThat(literal.find(text.toCharArray(), from, text.length()))
          .isEqualTo(text.indexOf(wanted, from));
    }
    assertThat(literal.replace(text, "xyz", Growth.of(text.length())))
        .isEqualTo(text.replace(wanted, "xyz"));
  }

  @Test
  void anEmptyTextIsNowhere() {
    assertThat(new Literal("").find(new char[] {'a'}, 0, 1)).isEqualTo(-1);
    assertThat(new Literal("").replace("ab", "x", Growth.of(2))).isEqualTo("ab");
  }

  @Test
  void growthIsBounded() {
    var literal = new Literal("a");
    var content = "b".repeat(200);
    assertThatThrownBy(() -> literal.replace("a".repeat(1000), content, Growth.of(1000)))
        .isInstanceOf(TokenizerException.class)
        .hasMessageContaining("more than 100 times longer, over 116384 characters");
    assertThat(literal.replace("aaa", content, Growth.of(3))).hasSize(600);
  }
}
