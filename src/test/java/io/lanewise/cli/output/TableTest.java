package io.lanewise.cli.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableTest {
  @Test
  void columnsAreAligned() {
    var out = new ByteArrayOutputStream();
    new Table("lrl")
        .row("a", "1", "x")
        .row("größer", "22", "")
        .row("𝔘", "333", "y")
        .print(new TextOutput(out, false), "> ");
    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo("> a         1  x\n> größer   22\n> 𝔘       333  y\n");
  }

  @Test
  void aRowHasACellForEachColumn() {
    assertThatThrownBy(() -> new Table("ll").row("a")).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "1023, 1023 B",
    "1024, 1.0 KiB",
    "1536, 1.5 KiB",
    "5361112, 5.1 MiB",
    "9223372036854775807, 8388608.0 TiB"
  })
  void sizesAreReadable(long bytes, String text) {
    assertThat(Table.size(bytes)).isEqualTo(text);
  }
}
