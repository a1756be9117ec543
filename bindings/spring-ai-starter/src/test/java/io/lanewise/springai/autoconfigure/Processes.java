package io.lanewise.springai.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A JVM of its own. */
final class Processes {
  /** How it ended, and what it wrote to both outputs. */
  record Ended(int code, String output) {}

  private Processes() {}

  /** The launcher of the Java that runs the tests. */
  static Path java() {
    return Path.of(System.getProperty("java.home"), "bin", "java");
  }

  /** Runs a command; what the environment says to Java is what is given, and nothing else. */
  static Ended run(List<String> command, Map<String, String> environment)
      throws IOException, InterruptedException {
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    builder.environment().remove("JDK_JAVA_OPTIONS");
    builder.environment().putAll(environment);
    var process = builder.start();
    try {
      process.getOutputStream().close();
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Ended(process.waitFor(), output);
    } finally {
      process.destroyForcibly();
    }
  }

  /** The properties of the sample, as arguments. */
  static List<String> sample(String... more) {
    return sample(CoreFolders.BERT, more);
  }

  /** The same with another embedding model. */
  static List<String> sample(Path embedding, String... more) {
    var arguments =
        new ArrayList<>(
            List.of(
                "--spring.ai.model.embedding=lanewise",
                "--spring.ai.lanewise.embedding.model=" + embedding,
                "--spring.ai.lanewise.reranker.model=" + CoreFolders.CROSS,
                "--spring.main.banner-mode=off"));
    arguments.addAll(List.of(more));
    return arguments;
  }

  /** Checks that the sample has answered, with the scores that Hugging Face's model gives. */
  static void assertAnswered(String output) {
    assertThat(output.lines().filter(line -> line.matches("0\\.\\d{4} .*")))
        .as(output)
        .containsExactlyElementsOf(SampleApplicationTest.ANSWERS);
  }
}
