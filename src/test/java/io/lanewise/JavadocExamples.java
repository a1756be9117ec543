package io.lanewise;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** The examples in the Javadoc of a package, and whether they compile. */
final class JavadocExamples {
  private static final Pattern BEGIN =
      Pattern.compile("<pre>\\{@code|\\{@snippet[^\\n]*?:", Pattern.MULTILINE);

  private JavadocExamples() {}

  /**
   * One example.
   *
   * @param type in whose source it stands
   * @param code what users may write in a method that has the folder of a model, {@code folder}
   */
  record Example(String type, String code) {}

  /** All examples in the sources of a package. */
  static List<Example> of(String packageName) throws IOException {
    var folder = Path.of("src", "main", "java").resolve(packageName.replace('.', '/'));
    var examples = new ArrayList<Example>();
    try (var files = Files.list(folder)) {
      for (var file : files.filter(file -> file.toString().endsWith(".java")).toList()) {
        var name = file.getFileName().toString().replace(".java", "");
        examples.addAll(in(packageName + "." + name, Files.readString(file)));
      }
    }
    return examples;
  }

  /** Those in one source. */
  static List<Example> in(String type, String source) {
    var examples = new ArrayList<Example>();
    var begin = BEGIN.matcher(source);
    while (begin.find()) {
      int end = end(source, begin.end());
      var code =
          source
              .substring(begin.end(), end)
              .lines()
              .map(line -> line.replaceFirst("^\\s*\\* ?", ""))
              .collect(Collectors.joining("\n"))
              .strip();
      examples.add(new Example(type, code));
    }
    return examples;
  }

  /** Where the brace closes that was opened before. */
  private static int end(String source, int from) {
    int open = 1;
    for (int i = from; i < source.length(); i++) {
      open += source.charAt(i) == '{' ? 1 : source.charAt(i) == '}' ? -1 : 0;
      if (open == 0) {
        return i;
      }
    }
    throw new AssertionError("an example does not end: " + source.substring(from));
  }

  /**
   * What the compiler says of the examples, as users of the module compile them; empty if nothing.
   *
   * @param folder for the class files
   */
  static String compile(List<Example> examples, Path folder) throws IOException {
    var sources = new ArrayList<JavaFileObject>();
    for (int i = 0; i < examples.size(); i++) {
      var example = examples.get(i);
      var name = example.type().substring(example.type().lastIndexOf('.') + 1) + "Example" + i;
      sources.add(source(name, wrapped(name, example.code())));
    }
    var options =
        List.of(
            "-proc:none",
            "-Xlint:all,-requires-automatic,-requires-transitive-automatic,-incubating",
            "--module-path",
            modulePath(),
            "--add-modules",
            "io.lanewise",
            "--class-path",
            folder.toString(), // not that of the tests, which holds what is not exported
            "-d",
            folder.toString());
    var said = new StringWriter();
    boolean done =
        ToolProvider.getSystemJavaCompiler()
            .getTask(said, null, null, options, null, sources)
            .call();
    return done && said.toString().isEmpty() ? "" : "does not compile: " + said;
  }

  /** The module and the modules that it needs at run time. */
  private static String modulePath() {
    var needed = List.of("jackson-", "jspecify");
    return Stream.concat(
            Stream.of(ExportedSignatures.CLASSES.toString()),
            Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(
                    entry ->
                        needed.stream()
                            .anyMatch(Path.of(entry).getFileName().toString()::startsWith)))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static String wrapped(String name, String code) throws IOException {
    var imports =
        ExportedSignatures.packages().stream()
            .map(each -> "import " + each + ".*;\n")
            .collect(Collectors.joining());
    return imports
        + "import java.nio.file.*;\nimport java.time.*;\nimport java.util.*;\n"
        + "final class "
        + name
        + " {\n  private "
        + name
        + "() {}\n\n  static void run(Path folder) throws Exception {\n"
        + code.indent(4)
        + "  }\n}\n";
  }

  private static JavaFileObject source(String name, String code) {
    return new SimpleJavaFileObject(
        URI.create("string:///" + name + ".java"), JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return code;
      }
    };
  }
}
