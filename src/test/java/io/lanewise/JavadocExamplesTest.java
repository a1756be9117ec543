package io.lanewise;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.JavadocExamples.Example;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Users find an example at every class, and it compiles against what is exported. */
class JavadocExamplesTest {
  /** In whose sources every class has an example, and every example compiles. */
  private static final List<String> PACKAGES =
      List.of(
          "io.lanewise",
          "io.lanewise.checkpoint",
          "io.lanewise.generate",
          "io.lanewise.model",
          "io.lanewise.task",
          "io.lanewise.task.attention",
          "io.lanewise.tensor",
          "io.lanewise.tokenizer");

  private static List<Example> examples() throws IOException {
    var examples = new ArrayList<Example>();
    for (var each : PACKAGES) {
      examples.addAll(JavadocExamples.of(each));
    }
    return examples;
  }

  /** Records, enums and exceptions are shown where they are used. */
  private static boolean needsExample(Class<?> type) {
    return type.getEnclosingClass() == null
        && PACKAGES.contains(type.getPackageName())
        && !type.isEnum()
        && !type.isRecord()
        && !Throwable.class.isAssignableFrom(type);
  }

  @Test
  void everyClassHasOne() throws IOException {
    var shown = examples().stream().map(Example::type).distinct().toList();
    var needed =
        ExportedSignatures.types().stream()
            .filter(JavadocExamplesTest::needsExample)
            .map(Class::getName)
            .toList();
    assertThat(needed).hasSizeGreaterThan(12).contains("io.lanewise.model.Model");
    assertThat(shown).containsAll(needed);
  }

  @Test
  void allCompileAgainstWhatIsExported(@TempDir Path folder) throws IOException {
    assertThat(JavadocExamples.compile(examples(), folder)).isEmpty();
  }

  @Test
  void aMistakeIsFound(@TempDir Path folder) throws IOException {
    var wrong =
        List.of(
            new Example("a.Typing", "int n = Options.DEFAULT.withThreads(4);"),
            new Example("a.Internal", "var regions = io.lanewise.memory.Region.open();"),
            new Example("a.Missing", "model.forward(null);"));
    for (var each : wrong) {
      assertThat(JavadocExamples.compile(List.of(each), folder)).as(each.code()).isNotEmpty();
    }
    assertThat(JavadocExamples.compile(List.of(new Example("a.Right", "int n = 1;")), folder))
        .isEmpty();
  }

  @Test
  void bothFormsAreRead() {
    var source =
        """
        /**
         * Text.
         *
         * <pre>{@code
         * if (one) { // a {@link}
         *   call();
         * }
         * }</pre>
         *
         * {@snippet :
         * var map = Map.of(); // {}
         * }
         */
        """;
    assertThat(JavadocExamples.in("a.B", source).stream().map(Example::code))
        .containsExactly("if (one) { // a {@link}\n  call();\n}", "var map = Map.of(); // {}");
  }
}
