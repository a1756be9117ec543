package io.lanewise.hostile;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A JVM of its own with the class path of the tests. */
public final class TestJvm {
  private TestJvm() {}

  /**
   * To be started.
   *
   * @param flags of the JVM
   * @param main the class that is run
   */
  public static ProcessBuilder builder(List<String> flags, String main, List<String> arguments) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED"));
    command.addAll(flags);
    command.add("-cp");
    command.add(classPath());
    command.add(main);
    command.addAll(arguments);
    return new ProcessBuilder(command);
  }

  /** Maven's test runner starts with a jar that only names the others. */
  private static String classPath() {
    return System.getProperty(
        "surefire.test.class.path", System.getProperty("java.class.path", ""));
  }
}
