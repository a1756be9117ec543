package io.lanewise.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.cli.Main;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AttentionCommandTest {
  private static final String TEXT = "The capital of France is Paris.";

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return Main.run(
        arguments, new ByteArrayInputStream(new byte[0]), out, new PrintWriter(err, true));
  }

  @Test
  void aHeadIsPrinted() {
    assertThat(run("attention", TEXT, "--layer", "0", "--head", "0", "-k", "1")).isZero();
    var lines = out.toString(UTF_8).lines().toList();
    assertThat(lines).hasSize(9);
    assertThat(lines.get(3)).matches("3 +▁of +▁capital +0\\.\\d{3}");
    assertThat(lines.get(8)).matches("8 +\\[SEP] +\\. +0\\.\\d{3}");
  }

  @Test
  void aPageIsWritten(@TempDir Path folder) {
    var file = folder.resolve("out.html");
    assertThat(run("attention", TEXT, "--pair", "It is.", "--html", file.toString())).isZero();
    assertThat(out.toString(UTF_8)).isEmpty();
    assertThat(file).content().startsWith("<!DOCTYPE html>").endsWith("</html>\n");
  }

  @Test
  void aLayerThatIsNotThereIsWrongUsage() {
    assertThat(run("attention", TEXT, "--layer", "4")).isEqualTo(2);
    assertThat(err.toString()).contains("--layer 4: give 0 to 3");
  }

  @Test
  void anAttentionThatIsNotThereIsSaid() {
    assertThat(run("attention", TEXT, "--part", "cross")).isEqualTo(1);
    assertThat(err.toString()).contains("no cross attention");
  }
}
