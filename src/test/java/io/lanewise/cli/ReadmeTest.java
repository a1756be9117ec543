package io.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lanewise.checkpoint.StandInHub;
import io.lanewise.cli.command.Commands;
import io.lanewise.cli.output.Terminal;
import io.lanewise.pages.Pages;
import io.lanewise.pages.Pages.Command;
import io.lanewise.pages.Pages.Kind;
import io.lanewise.pages.Tried;
import io.lanewise.task.Task;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * What README.md and the pages of {@code src/docs} show is so: their commands print what stands
 * below them, their Java compiles, and runs where its model ships. With {@code
 * -Dlanewise.launcher=FILE}, as {@code tools/readme-check} has it, that program runs the commands,
 * in its home.
 */
class ReadmeTest {
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");
  private static final Pattern NUMBER = Pattern.compile("-?\\d+\\.\\d+(?:e-?\\d+)?");
  private static final Pattern CLASS = Pattern.compile("^class (\\w+)", Pattern.MULTILINE);
  private static final Pattern PATH = Pattern.compile("Path\\.of\\(\"([^\"]*)\"\\)");
  private static final Path RESOURCES = Path.of("src", "test", "resources").toAbsolutePath();
  private static final String TINY = RESOURCES.resolve("tasks").toString();
  private static final String CASE = RESOURCES.resolve("goldens/albert_model_groups").toString();

  /** The model of the Hub that the pages take. */
  private static final String HUB_MODEL = "albert/albert-base-v2";

  @TempDir private Path folder;

  private static String readme() throws IOException {
    return Files.readString(Pages.README);
  }

  @TestFactory
  Stream<DynamicTest> commandsPrintWhatIsShown() throws IOException {
    var commands = new LinkedHashMap<String, Command>(); // without those that stand on two pages
    Pages.commands(Pages.blocks()).stream()
        .filter(Tried::isLanewise)
        .forEach(command -> commands.putIfAbsent(command.line() + command.output(), command));
    assertThat(commands).hasSizeGreaterThan(30);
    return commands.values().stream()
        .map(
            command ->
                DynamicTest.dynamicTest(
                    command.block().page() + ": " + command.line(), () -> check(command)));
  }

  private void check(Command command) throws Exception {
    var found = Tried.LANEWISE.matcher(command.line());
    assertThat(found.matches()).isTrue();
    var input = found.group(1) == null ? "" : found.group(1) + "\n";
    var words = arguments(found.group(2));
    var run = List.of(words).contains(HUB_MODEL) ? runWithHub(words) : run(input, words);
    if (command.output().isEmpty()) {
      assertThat(run.code()).as(run.err()).isZero();
    } else {
      assertAlike(run.succeeded().out(), command.output());
    }
  }

  private static Run run(String input, String[] arguments) throws Exception {
    var launcher = System.getProperty("lanewise.launcher");
    return launcher == null
        ? Run.reading(input, arguments)
        : Run.by(launcher, home(launcher), input, arguments);
  }

  private static Path home(String launcher) {
    var home = Path.of(launcher).toAbsolutePath().getParent();
    while (!Files.isDirectory(home.resolve("weights"))) {
      home = home.getParent();
    }
    return home;
  }

  /** A run beside a server that has the demo under the name that the pages fetch. */
  private Run runWithHub(String[] arguments) throws Exception {
    try (var hub = new StandInHub(HUB_MODEL).with(Path.of("weights", "albert-tiny-demo"))) {
      if (!arguments[0].equals("fetch")) {
        assertThat(runBeside(hub, "fetch", HUB_MODEL).code()).isZero();
      }
      return runBeside(hub, arguments);
    }
  }

  private Run runBeside(StandInHub hub, String... arguments) throws Exception {
    var launcher = System.getProperty("lanewise.launcher");
    var builder = Run.builder(arguments);
    if (launcher != null) {
      builder = new ProcessBuilder(launcher).directory(home(launcher).toFile());
      builder.command().addAll(List.of(arguments));
    }
    builder.environment().keySet().removeIf(name -> name.startsWith("HF_"));
    builder.environment().put("HF_HOME", folder.resolve("hugging").toString());
    builder.environment().put("HF_ENDPOINT", hub.endpoint());
    builder.environment().put("no_proxy", "*");
    var said = Files.createTempFile(folder, "said", "");
    var process = builder.redirectError(said.toFile()).start();
    var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Run(process.waitFor(), out, Files.readString(said));
  }

  private String[] arguments(String line) throws IOException {
    var out = Files.createTempDirectory(folder, "out").toString();
    var arguments = new ArrayList<String>();
    for (var word : WORD.matcher(line).results().toList()) {
      var text = word.group(1) != null ? word.group(1) : word.group(2);
      arguments.add(text.replace("$TINY", TINY).replace("$CASE", CASE).replace("$OUT", out));
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

  /** The cache that a page lists. */
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
    compile(examples());
  }

  /** What needs no other model than those that ship. */
  @Test
  void javaThatHasItsModelRuns() throws Exception {
    var calls = new StringBuilder();
    var examples = examples();
    examples.forEach(
        (name, source) -> {
          var paths = PATH.matcher(source).results().map(path -> path.group(1)).toList();
          if (!paths.isEmpty() && paths.stream().allMatch(path -> Files.exists(Path.of(path)))) {
            var call = source.contains("void main(") ? ".main(args);" : ".run();";
            calls.append("    ").append(name).append(call).append('\n');
          }
        });
    assertThat(calls.toString().lines()).hasSizeGreaterThan(4);
    examples.put(
        "All",
        "class All {\n  public static void main(String[] args) throws Exception {\n"
            + calls
            + "  }\n}\n");
    var classes = compile(examples);
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var process =
        new ProcessBuilder(
                java,
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-cp",
                classes + File.pathSeparator + Run.classPath(),
                "All")
            .redirectErrorStream(true)
            .start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said).contains("france", "POSITIVE", "logits");
  }

  /** The Java of the pages, by the names of its classes. */
  private static SequencedMap<String, String> examples() throws IOException {
    var sources = new LinkedHashMap<String, String>();
    for (var block : Pages.blocks()) {
      if (block.kind() == Kind.JAVA) {
        var named = CLASS.matcher(block.text());
        if (named.find()) {
          sources.put(named.group(1), block.text());
        } else {
          var name = "Snippet" + sources.size();
          sources.put(name, wrapped(name, block.text()));
        }
      }
    }
    assertThat(sources).hasSizeGreaterThan(16);
    return sources;
  }

  /** The folder of the classes. */
  private Path compile(SequencedMap<String, String> sources) throws IOException {
    var files = new ArrayList<Path>();
    for (var source : sources.entrySet()) {
      files.add(Files.writeString(folder.resolve(source.getKey() + ".java"), source.getValue()));
    }
    var classes = Files.createDirectory(folder.resolve("classes"));
    var said = new StringWriter();
    var options =
        List.of(
            "-proc:none",
            "-Xlint:all",
            "-Werror",
            "-cp",
            Run.classPath(),
            "-d",
            classes.toString());
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (var manager = compiler.getStandardFileManager(null, null, null)) {
      var units = manager.getJavaFileObjectsFromPaths(files);
      boolean compiled = compiler.getTask(said, manager, null, options, null, units).call();
      assertThat(compiled).as(said.toString()).isTrue();
    }
    return classes;
  }

  private static String wrapped(String name, String code) {
    return """
    import io.lanewise.Deadline;
    import io.lanewise.checkpoint.FetchOptions;
    import io.lanewise.checkpoint.HubCache;
    import io.lanewise.generate.*;
    import io.lanewise.model.*;
    import io.lanewise.task.*;
    import io.lanewise.task.attention.*;
    import io.lanewise.tokenizer.Tokenizer;
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
    var page = Files.readString(Path.of("src", "docs", "command-line.md"));
    var line = new CommandLine(new Commands(null, null, null, Terminal.NONE));
    assertThat(line.getSubcommands().keySet())
        .hasSizeGreaterThan(20)
        .allSatisfy(verb -> assertThat(page).containsPattern("(`|lanewise )" + verb + "[ `\n]"));
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
          .hasSize(17)
          .allSatisfy(name -> assertThat(readme).containsPattern("\\b" + name + "\\b"));
    }
  }
}
