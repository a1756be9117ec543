package io.lanewise.cli;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What {@code java -jar lanewise.jar} starts. A jar can name neither the module of the Vector API
 * nor the libraries beside it without a burden for those who embed it, so the command line runs in
 * a JVM of its own, with both.
 *
 * <p>This class alone is compiled for Java 11, so that an older Java can say what it lacks: nothing
 * of Java beyond that may be used here.
 */
public final class Start {
  private static final int NEEDED = 25;

  private Start() {}

  /** Runs the command line; ends with its exit code, or with 1 where it cannot be started. */
  public static void main(String[] arguments) throws Exception {
    String refusal = refusal(Runtime.version().feature(), System.getProperty("java.home"));
    if (refusal != null) {
      fail(refusal);
    }
    String path = System.getProperty("java.class.path");
    if (path.endsWith(".jar") && !path.contains(File.pathSeparator)) {
      Path jar = Path.of(path).toAbsolutePath();
      System.exit(run(jar, libraries(jar), arguments));
    }
    Main.main(arguments); // whoever started it gave the libraries
  }

  /** Why this Java cannot run the command line; null if it can. */
  static String refusal(int version, String home) {
    return version >= NEEDED
        ? null
        : "this is Java "
            + version
            + " ("
            + home
            + "), and Java 25 or later is needed: install it (for example from"
            + " https://adoptium.net) and start the jar with its bin/java";
  }

  /** The folder with the libraries: {@code lib} beside the jar, or the jar's own. */
  private static Path libraries(Path jar) throws IOException {
    for (Path folder : List.of(jar.resolveSibling("lib"), jar.getParent())) {
      if (Files.isDirectory(folder)) {
        try (Stream<Path> files = Files.list(folder)) {
          if (files.anyMatch(file -> file.getFileName().toString().matches("picocli.*\\.jar"))) {
            return folder;
          }
        }
      }
    }
    fail(
        "the libraries of the command line are neither in "
            + jar.resolveSibling("lib")
            + " nor beside the jar: `mvn -DskipTests package` in the project's folder puts them"
            + " there, or start it with tools/lanewise");
    throw new AssertionError();
  }

  private static int run(Path jar, Path libraries, String[] arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.add("--add-modules=jdk.incubator.vector");
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.add("-Dlanewise.home=" + jar.resolveSibling("..").normalize());
    command.add("-cp");
    command.add(jar + File.pathSeparator + libraries + File.separator + "*");
    command.add(Main.class.getName());
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).inheritIO().start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
    return process.waitFor();
  }

  private static void fail(String why) {
    System.err.println("lanewise: " + why);
    System.exit(1);
  }
}
