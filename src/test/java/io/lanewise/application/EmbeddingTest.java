package io.lanewise.application;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The library in an application: without picocli, on the class path and on the module path. */
class EmbeddingTest {
  private static final Path SAMPLES = Path.of("tools", "samples");
  private static final String VECTORS = "--add-modules=jdk.incubator.vector";

  @TempDir private Path folder;

  @Test
  void picocliIsNotAmongTheLibraries() {
    assertThat(Application.LIBRARIES).hasSize(5).noneMatch(l -> l.toString().contains("picocli"));
  }

  @Test
  void runsOnTheClassPath() throws Exception {
    var application = new Application(folder).with("Capitals.java", sample("Capitals"));
    application.compile(false);
    var printed = application.run(false, "Capitals", VECTORS);
    assertThat(printed.lines()).hasSize(3).first().asString().matches("0\\.927\\d+  france");
  }

  @Test
  void runsAsAModule() throws Exception {
    var application = module("Capitals");
    application.compile(true);
    var printed = application.run(true, "sample/sample.Capitals", VECTORS);
    assertThat(printed.lines()).hasSize(3).first().asString().matches("0\\.927\\d+  france");
  }

  @Test
  void runsWithoutTheVectorModule() throws Exception {
    var application = module("Capitals");
    application.compile(true);
    var printed = application.run(true, "sample/sample.Capitals");
    assertThat(printed.lines()).hasSize(3).first().asString().matches("0\\.927\\d+  france");
  }

  @Test
  void runsATokenizerAndAModel() throws Exception {
    var application = module("Sentiment");
    application.compile(true);
    var printed = application.run(true, "sample/sample.Sentiment", VECTORS);
    assertThat(printed.lines()).hasSize(2);
    assertThat(printed).contains("NEGATIVE  -2.139").contains("POSITIVE  1.845");
  }

  @Test
  void theReadmeShowsTheSample() throws Exception {
    assertThat(Files.readString(Path.of("README.md")))
        .contains("```java\n" + sample("Capitals") + "```\n");
  }

  private Application module(String name) throws Exception {
    return new Application(folder)
        .with("module-info.java", "module sample {\n  requires io.lanewise;\n}\n")
        .with("sample/" + name + ".java", "package sample;\n\n" + sample(name));
  }

  private static String sample(String name) throws Exception {
    return Files.readString(SAMPLES.resolve(name + ".java"));
  }
}
