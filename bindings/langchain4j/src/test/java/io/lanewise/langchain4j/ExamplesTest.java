package io.lanewise.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Users find an example at every public class and in the README, and all of them compile. */
class ExamplesTest {
  private static final Path SOURCES = Path.of("src/main/java/io/lanewise/langchain4j");
  private static final Pattern JAVADOC =
      Pattern.compile("<pre>\\{@code\\n(.*?)^ \\* \\}</pre>", Pattern.DOTALL | Pattern.MULTILINE);
  private static final Pattern MARKDOWN =
      Pattern.compile("^```java\\n(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE);

  /** What readers take for granted in an example that is no whole source. */
  private static final String IMPORTS =
      """
      import dev.langchain4j.data.document.Document;
      import dev.langchain4j.data.segment.TextSegment;
      import dev.langchain4j.model.TokenCountEstimator;
      import dev.langchain4j.model.chat.ChatModel;
      import dev.langchain4j.model.embedding.request.EmbeddingInputType;
      import dev.langchain4j.rag.DefaultRetrievalAugmentor;
      import dev.langchain4j.rag.content.aggregator.ReRankingContentAggregator;
      import dev.langchain4j.rag.content.retriever.EmbeddingStoreContentRetriever;
      import dev.langchain4j.service.AiServices;
      import dev.langchain4j.store.embedding.EmbeddingStoreIngestor;
      import dev.langchain4j.store.embedding.inmemory.InMemoryEmbeddingStore;
      import io.lanewise.langchain4j.*;
      import io.lanewise.model.*;
      import io.lanewise.task.ZeroShot;
      import java.nio.file.Path;
      import java.util.*;
      """;

  private record Example(String name, String source) {}

  private static List<Example> javadoc() throws IOException {
    var examples = new ArrayList<Example>();
    try (var files = Files.list(SOURCES)) {
      for (var file : files.sorted().toList()) {
        var found = JAVADOC.matcher(Files.readString(file));
        while (found.find()) {
          var code =
              found
                  .group(1)
                  .lines()
                  .map(line -> line.replaceFirst("^ \\* ?", ""))
                  .collect(Collectors.joining("\n"));
          examples.add(wrapped(file.getFileName().toString().replace(".java", "Example"), code));
        }
      }
    }
    return examples;
  }

  /** Declarations stand in a class, statements in a method that has the folder of a model. */
  private static Example wrapped(String name, String code) {
    var inside =
        code.startsWith("interface ")
            ? code
            : "void run(Path folder) throws Exception {\n" + code + "\n}";
    return new Example(name, IMPORTS + "class " + name + " {\n" + inside + "\n}\n");
  }

  private static List<Example> markdown(Path page) throws IOException {
    var examples = new ArrayList<Example>();
    var found = MARKDOWN.matcher(Files.readString(page));
    while (found.find()) {
      var code = found.group(1);
      var type = Pattern.compile("^class (\\w+)", Pattern.MULTILINE).matcher(code);
      examples.add(
          type.find() ? new Example(type.group(1), code) : wrapped("Page" + examples.size(), code));
    }
    return examples;
  }

  private static String compile(List<Example> examples, Path folder) {
    var sources = new ArrayList<JavaFileObject>();
    for (var example : examples) {
      sources.add(
          new SimpleJavaFileObject(
              URI.create("string:///" + example.name() + ".java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
              return example.source();
            }
          });
    }
    var said = new StringWriter();
    var options = List.of("-proc:none", "-d", folder.toString());
    boolean done =
        ToolProvider.getSystemJavaCompiler()
            .getTask(said, null, null, options, null, sources)
            .call();
    return done ? "" : said.toString();
  }

  @Test
  void everyPublicClassHasOne() throws IOException {
    var shown = javadoc().stream().map(Example::name).toList();
    try (var files = Files.list(SOURCES)) {
      var needed =
          files
              .map(file -> file.getFileName().toString().replace(".java", ""))
              .filter(name -> !name.equals("package-info") && isPublic(name))
              .map(name -> name + "Example")
              .toList();
      assertThat(needed).hasSizeGreaterThan(8);
      assertThat(shown).containsExactlyInAnyOrderElementsOf(needed);
    }
  }

  private static boolean isPublic(String name) {
    try {
      return Modifier.isPublic(
          Class.forName(
                  "io.lanewise.langchain4j." + name, false, ExamplesTest.class.getClassLoader())
              .getModifiers());
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void theyCompile(@TempDir Path folder) throws IOException {
    assertThat(compile(javadoc(), folder)).isEmpty();
  }

  @Test
  void thoseOfTheReadmeCompile(@TempDir Path folder) throws IOException {
    var examples = markdown(Path.of("README.md"));
    assertThat(examples).hasSizeGreaterThan(1);
    assertThat(compile(examples, folder)).isEmpty();
  }

  /** What the README of the whole project shows of this module, between backticks. */
  @Test
  void thoseOfTheProjectsReadmeCompile(@TempDir Path folder) throws IOException {
    var page = Files.readString(Path.of(System.getProperty("lanewise.core"), "README.md"));
    var examples = new ArrayList<Example>();
    var found = Pattern.compile("`(Lanewise\\w+\\.builder\\(\\)[^`]*)`").matcher(page);
    while (found.find()) {
      var code = "LanewiseTextClassifier classifier = null; var built = " + found.group(1) + ";";
      examples.add(wrapped("Project" + examples.size(), code));
    }
    assertThat(examples).hasSizeGreaterThan(3);
    assertThat(compile(examples, folder)).isEmpty();
  }

  @Test
  void aMistakeIsFound(@TempDir Path folder) {
    assertThat(compile(List.of(wrapped("Wrong", "int n = folder;")), folder)).contains("Wrong");
  }
}
