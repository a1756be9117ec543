package io.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lanewise.cli.command.Commands;
import io.lanewise.cli.output.Terminal;
import io.lanewise.task.Task;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * What README.md shows is so: its commands print what stands below them, its Java compiles. With
 * {@code -Dlanewise.launcher=FILE}, as {@code tools/readme-check} has it, that program runs the
 * commands, in its home.
 */
class ReadmeTest {
  private static final Pattern SESSION =
      Pattern.compile(
          "^    \\$ (?:echo '(.*)' \\| )?tools/lanewise (.*)\n((?:    [^$].*\n)*)",
          Pattern.MULTILINE);
  private static final Pattern JAVA =
      Pattern.compile("^```java\n(.*?)^```\n", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");
  private static final Pattern NUMBER = Pattern.compile("-?\\d+\\.\\d+(?:e-?\\d+)?");
  private static final String TINY =
      Path.of("src", "test", "resources", "tasks").toAbsolutePath().toString();

  @TempDir private Path folder;

  private static String readme() throws IOException {
    return Files.readString(Path.of("README.md"));
  }

  @TestFactory
  Stream<DynamicTest> commandsPrintWhatIsShown() throws IOException {
    var sessions = SESSION.matcher(readme()).results().toList();
    assertThat(sessions).hasSizeGreaterThan(15);
    return sessions.stream()
        .map(
            session ->
                DynamicTest.dynamicTest(
                    session.group(2),
                    () -> {
                      var input = session.group(1) == null ? "" : session.group(1) + "\n";
                      var run = run(input, arguments(session.group(2)));
                      assertAlike(run.succeeded().out(), session.group(3).indent(-4));
                    }));
  }

  private static Run run(String input, String[] arguments) throws Exception {
    var launcher = System.getProperty("lanewise.launcher");
    if (launcher == null) {
      return Run.reading(input, arguments);
    }
    var home = Path.of(launcher).toAbsolutePath().getParent();
    while (!Files.isDirectory(home.resolve("weights"))) {
      home = home.getParent();
    }
    return Run.by(launcher, home, input, arguments);
  }

  private String[] arguments(String line) throws IOException {
    var arguments = new ArrayList<String>();
    for (var word : WORD.matcher(line).results().toList()) {
      var text = word.group(1) != null ? word.group(1) : word.group(2);
      arguments.add(text.replace("$TINY", TINY));
    }
    if (arguments.equals(List.of("models"))) {
      arguments.addAll(List.of("--cache", cache().toString()));
    }
    return arguments.toArray(String[]::new);
  }

  /** The same but for the last digits, which differ from one width of vectors to another. */
  private static void assertAlike(String printed, String shown) {
    assertThat(NUMBER.matcher(printed).replaceAll("#"))
        .isEqualTo(NUMBER.matcher(shown).replaceAll("#"));
    var numbers = NUMBER.matcher(shown).results().iterator();
    for (var number : NUMBER.matcher(printed).results().toList()) {
      double expected = Double.parseDouble(numbers.next().group());
      assertThat(Double.parseDouble(number.group()))
          .isCloseTo(expected, within(2e-5 + 1e-3 * Math.abs(expected)));
    }
  }

  /** The cache that the README lists. */
  private Path cache() throws IOException {
    var demo = Path.of("weights", "albert-tiny-demo");
    var hub = new HandMadeHub(folder);
    hub.snapshot("acme/capitals", "5e3b1c0f9a7d", "main", demo);
    hub.snapshot("acme/capitals", "c0ffee11d00d", "refs/pr/11", demo);
    hub.snapshot("acme/mood", "5e3b1c0f9a7d", "main", Path.of("weights", "albert-tiny-sentiment"));
    var half = hub.snapshot("acme/cut-off", "5e3b1c0f9a7d", "main", demo);
    Files.delete(half.resolve("model.safetensors"));
    Files.createFile(half.resolve("../../blobs/7d09.incomplete"));
    var other = hub.snapshot("acme/other", "5e3b1c0f9a7d", "main", demo).resolve("config.json");
    Files.delete(other);
    Files.writeString(other, "{\"model_type\":\"gpt2\",\"architectures\":[\"GPT2LMHeadModel\"]}");
    return folder;
  }

  @Test
  void javaCompiles() throws IOException {
    var sources = new ArrayList<String>();
    for (var block : JAVA.matcher(readme()).results().toList()) {
      int number = sources.size();
      var code = block.group(1);
      var source = code.startsWith("import ") ? code : wrapped("Snippet" + number, code);
      var name = code.startsWith("import ") ? "Capitals" : "Snippet" + number;
      sources.add(Files.writeString(folder.resolve(name + ".java"), source).toString());
    }
    assertThat(sources).hasSize(15);
    var classes = Files.createDirectory(folder.resolve("classes")).toString();
    var said = new StringWriter();
    var options =
        List.of("-proc:none", "-Xlint:all", "-Werror", "-cp", Run.classPath(), "-d", classes);
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (var files = compiler.getStandardFileManager(null, null, null)) {
      var units = files.getJavaFileObjectsFromStrings(sources);
      boolean compiled = compiler.getTask(said, files, null, options, null, units).call();
      assertThat(compiled).as(said.toString()).isTrue();
    }
  }

  private static String wrapped(String name, String code) {
    return """
    import io.lanewise.Deadline;
    import io.lanewise.memory.MemoryBudget;
    import io.lanewise.generate.*;
    import io.lanewise.model.*;
    import io.lanewise.task.*;
    import io.lanewise.task.attention.*;
    import java.nio.file.*;
    import java.time.Duration;
    import java.util.*;

    class %s {
      static void run() throws Exception {
    %s  }
    }
    """
        .formatted(name, code.indent(4));
  }

  @Test
  void everyVerbIsNamed() throws IOException {
    var readme = readme();
    var line = new CommandLine(new Commands(null, null, null, Terminal.NONE));
    assertThat(line.getSubcommands().keySet())
        .hasSizeGreaterThan(20)
        .allSatisfy(verb -> assertThat(readme).containsPattern("(`|lanewise )" + verb + "[ `\n]"));
  }

  @Test
  void everyTaskIsNamed() throws IOException {
    var readme = readme();
    var tasks =
        Path.of("src", "main", "java").resolve(Task.class.getPackageName().replace('.', '/'));
    try (var files = Files.find(tasks, 9, (file, about) -> about.isRegularFile())) {
      var names = new ArrayList<String>();
      for (var file : (Iterable<Path>) files::iterator) {
        var code = Files.readString(file);
        if (code.contains(" implements Task<") || code.contains(" implements GenerationTask ")) {
          names.add(file.getFileName().toString().replace(".java", ""));
        }
      }
      assertThat(names)
          .hasSize(15)
          .allSatisfy(name -> assertThat(readme).containsPattern("\\b" + name + "\\b"));
    }
  }
}
