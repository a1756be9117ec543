package io.lanewise.task.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.InputException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** As Python's {@code template.format(label)}. */
class HypothesisTemplateTest {
  @Test
  void theLabelStandsInItsPlace() {
    assertThat(new HypothesisTemplate("This is {}.").with("a {}")).isEqualTo("This is a {}.");
    assertThat(new HypothesisTemplate("{}").with("")).isEmpty();
    assertThat(new HypothesisTemplate("{0}, {0}").with("b")).isEqualTo("b, b");
    assertThat(new HypothesisTemplate("{{{}}} {{x}}").with("b")).isEqualTo("{b} {x}");
  }

  @Test
  void whatPythonRefusesIsRefused() {
    for (var template : List.of("", "no place", "{{}}", "{} and {}", "{0} {}", "{} {0}")) {
      assertThatThrownBy(() -> new HypothesisTemplate(template))
          .as(template)
          .isInstanceOf(InputException.class)
          .hasMessageContaining("hypothesis template \"" + template + "\"");
    }
    for (var template : List.of("{", "{} }", "{label}", "{1}", "{:>9}")) {
      assertThatThrownBy(() -> new HypothesisTemplate(template))
          .as(template)
          .isInstanceOf(InputException.class)
          .hasMessageContaining("brace");
    }
  }
}
