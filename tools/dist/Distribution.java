import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.spi.ToolProvider;
import picocli.AutoComplete;
import picocli.CommandLine;

/**
 * Makes the folder that runs where no Java is: {@code Distribution PROJECT VERSION FLAVOUR}, where
 * the flavour is empty or a word such as {@code onednn}. Everything in {@code target/lib} goes in,
 * so another flavour is another set of dependencies; but oneDNN, which is larger than all the rest,
 * only if the flavour says so.
 */
final class Distribution {
  /**
   * What the class files ask for: the vectors, HTTP for {@code fetch} and {@code serve}, what
   * {@code doctor} reads of the JVM, and {@code sun.misc.Unsafe} for msgpack.
   */
  private static final String MODULES =
      "java.base,java.management,java.net.http,jdk.httpserver,jdk.incubator.vector,jdk.management,"
          + "jdk.unsupported";

  private final Path project;
  private final Path folder;
  private final boolean withOneDnn;

  private Distribution(Path project, Path folder, boolean withOneDnn) {
    this.project = project;
    this.folder = folder;
    this.withOneDnn = withOneDnn;
  }

  public static void main(String[] arguments) throws Exception {
    var project = Path.of(arguments[0]);
    var flavour = arguments.length > 2 && !arguments[2].isBlank() ? "-" + arguments[2] : "";
    var name = "lanewise-" + arguments[1] + flavour + "-" + platform();
    var folder = project.resolve("target/dist").resolve(name);
    delete(folder);
    var distribution = new Distribution(project, folder, flavour.contains("onednn"));
    distribution.runtime();
    distribution.libraries();
    distribution.launchers();
    distribution.help(arguments[1]);
    distribution.pack(name);
    System.out.println(folder);
  }

  private static String platform() {
    var system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    var os = system.contains("mac") ? "macosx" : system.startsWith("windows") ? "windows" : "linux";
    var arch = System.getProperty("os.arch");
    return os + "-" + (arch.equals("amd64") ? "x86_64" : arch);
  }

  /** The part of this JDK that is needed. */
  private void runtime() {
    run(
        ToolProvider.findFirst("jlink").orElseThrow(),
        "--add-modules",
        MODULES,
        "--strip-debug",
        "--no-header-files",
        "--no-man-pages",
        "--compress",
        "zip-9",
        "--output",
        folder.resolve("runtime").toString());
  }

  private static void run(ToolProvider tool, String... arguments) {
    int code = tool.run(System.out, System.err, arguments);
    if (code != 0) {
      throw new IllegalStateException(tool.name() + " failed with " + code);
    }
  }

  /** The jars, the demos, how a service is made, and on what terms it may be passed on. */
  private void libraries() throws IOException {
    var notices = Files.readString(project.resolve("tools/dist/NOTICE.md"));
    copy(project.resolve("target/lanewise.jar"), folder.resolve("lib/lanewise.jar"));
    try (var jars = Files.newDirectoryStream(project.resolve("target/lib"), "*.jar")) {
      for (var jar : jars) {
        var name = jar.getFileName().toString().replace(".jar", "");
        if (name.startsWith("dnnl-") && !withOneDnn) {
          continue;
        }
        if (notices.lines().noneMatch(line -> isAbout(line, name))) {
          throw new IllegalStateException(
              "tools/dist/NOTICE.md does not say the licence of " + name);
        }
        copy(jar, folder.resolve("lib").resolve(jar.getFileName()));
        licences(jar, folder.resolve("licenses").resolve(name));
      }
    }
    copyAll(project.resolve("tools/dist/service"), folder.resolve("share/service"));
    copy(project.resolve("LICENSE"), folder.resolve("LICENSE"));
    copy(project.resolve("tools/dist/NOTICE.md"), folder.resolve("NOTICE.md"));
    copyAll(project.resolve("tools/dist/licenses"), folder.resolve("licenses"));
    for (var demo : List.of("albert-tiny-demo", "albert-tiny-sentiment")) {
      copyAll(project.resolve("weights").resolve(demo), folder.resolve("weights").resolve(demo));
    }
    copy(project.resolve("weights/README.md"), folder.resolve("weights/README.md"));
  }

  /** A line of the table names a jar, or its beginning where a platform follows. */
  private static boolean isAbout(String line, String name) {
    var cells = line.split("`");
    return line.startsWith("| `") && (name.equals(cells[1]) || name.startsWith(cells[1] + "-"));
  }

  private static void licences(Path jar, Path target) throws IOException {
    try (var file = new JarFile(jar.toFile())) {
      for (var entry : (Iterable<JarEntry>) file.stream()::iterator) {
        var name = entry.getName();
        if (!entry.isDirectory()
            && name.matches("(META-INF/)?[^/]*(?i:licen[cs]e|notice|copying)[^/]*")) {
          Files.createDirectories(target);
          try (var in = file.getInputStream(entry)) {
            Files.copy(in, target.resolve(name.substring(name.lastIndexOf('/') + 1)));
          }
        }
      }
    }
  }

  private void launchers() throws IOException {
    for (var name : List.of("lanewise", "lanewise.bat", "launch.sh")) {
      var target = folder.resolve(name.equals("launch.sh") ? "lib" : "bin").resolve(name);
      copy(project.resolve("tools/dist").resolve(name), target);
      target.toFile().setExecutable(true, false);
    }
  }

  /** Manual pages and the completion script, from the command line's own model. */
  private void help(String version) throws Exception {
    var constructor =
        Class.forName("io.lanewise.cli.command.Commands")
            .getDeclaredConstructors()[0]; // what it reads, writes and sits at is not touched
    constructor.setAccessible(true);
    var parts =
        Arrays.stream(constructor.getParameterTypes())
            .map(type -> type == PrintWriter.class ? new PrintWriter(new StringWriter()) : null)
            .toArray();
    var command = new CommandLine(constructor.newInstance(parts));
    new ManPages(folder.resolve("share/man/man1"), version).write(command);
    var completion = folder.resolve("share/bash-completion/completions/lanewise");
    Files.createDirectories(completion.getParent());
    Files.writeString(completion, AutoComplete.bash("lanewise", command));
  }

  private void pack(String name) throws IOException, InterruptedException {
    var archive = name + ".tar.gz";
    var tar = new ProcessBuilder("tar", "-czf", archive, name).inheritIO();
    int code = tar.directory(folder.getParent().toFile()).start().waitFor();
    if (code != 0) {
      throw new IllegalStateException("tar failed with " + code);
    }
  }

  private static void copyAll(Path from, Path to) throws IOException {
    try (var files = Files.newDirectoryStream(from)) {
      for (var file : files) {
        copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to.getParent());
    Files.copy(from, to);
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      var paths = new ArrayList<Path>();
      try (var files = Files.walk(folder)) {
        files.forEach(paths::add);
      }
      for (var path : paths.reversed()) {
        Files.delete(path);
      }
    }
  }
}
