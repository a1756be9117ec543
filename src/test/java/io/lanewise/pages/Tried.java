package io.lanewise.pages;

import io.lanewise.pages.Pages.Block;
import io.lanewise.pages.Pages.Command;
import io.lanewise.pages.Pages.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Who tries an example of the pages. */
public final class Tried {
  /** The command line by one of its launchers, perhaps with something on standard input. */
  public static final Pattern LANEWISE =
      Pattern.compile("(?:echo '(.*)' \\| )?(?:tools|bin|target)/lanewise (.*)");

  private static final String GATE = ".ci/run";
  private static final String RELEASE = "tools/release-check";
  private static final String SPARK = "bindings/spark/src/test/java/io/lanewise/spark/";

  /**
   * Commands that take minutes, a machine at rest, or a program that a machine of tests may lack.
   *
   * @param file that runs the command; or where nothing does, that says what the command names
   * @param words in it
   */
  record Elsewhere(Path file, String words) {
    static Elsewhere in(String file, String words) {
      return new Elsewhere(Path.of(file), words);
    }
  }

  static final Map<String, Elsewhere> ELSEWHERE =
      Map.ofEntries(
          Map.entry("mvn -B verify", Elsewhere.in(GATE, "mvn -B verify\n")),
          Map.entry("mvn -Pdist package", Elsewhere.in(GATE, "-Pdist -DskipTests")),
          Map.entry("mvn -Prelease verify", Elsewhere.in(RELEASE, "-Prelease -DskipTests")),
          Map.entry(
              "mvn -Prelease -Dgpg.keyname=KEY verify",
              Elsewhere.in(RELEASE, "-Dgpg.keyname=nobody@")),
          Map.entry("tools/release-check", Elsewhere.in(GATE, "tools/release-check\n")),
          Map.entry(
              "tools/goldens src/test/resources/goldens-albert --out $OUT",
              Elsewhere.in(GATE, "tools/goldens src/test/resources/goldens-albert --out ")),
          Map.entry("mvn -DskipTests install", Elsewhere.in(GATE, "mvn -B -q -DskipTests")),
          Map.entry("mvn -B -f bindings verify", Elsewhere.in(GATE, "mvn -B -f bindings verify\n")),
          // These want a machine at rest, and a cluster of Spark.
          Map.entry(
              "mvn -B -f bindings/pom.xml -pl spark test -Dtest=ThroughputReport",
              Elsewhere.in(SPARK + "ThroughputReport.java", "class ThroughputReport")),
          Map.entry(
              "spark-submit --jars lanewise-spark.jar,lanewise.jar --archives e5.zip#e5 --conf"
                  + " spark.plugins=io.lanewise.spark.LanewisePlugin --conf"
                  + " spark.sql.extensions=io.lanewise.spark.LanewiseExtensions job.py",
              Elsewhere.in(SPARK + "Sessions.java", ".config(\"spark.archives\"")),
          // These want a GraalVM.
          Map.entry(
              "export GRAALVM_HOME=/path/to/graalvm-25",
              Elsewhere.in("pom.xml", "System.getenv(\"GRAALVM_HOME\")")),
          Map.entry("mvn -Pnative package", Elsewhere.in("pom.xml", "<id>native</id>")),
          // These want a machine at rest, and Python with the other engines.
          Map.entry(
              "tools/bench/table --python python3", Elsewhere.in("tools/bench/table", "--python")),
          Map.entry("tools/bench/guard", Elsewhere.in("tools/bench/guard", "units' peak")),
          Map.entry("tools/bench/jmh Gemm", Elsewhere.in("tools/bench/jmh", "JMH benchmarks")));

  private Tried() {}

  /** The examples that nothing tries, with their places. */
  static List<String> not(List<Block> blocks) {
    var untried = new ArrayList<String>();
    for (var block : blocks) {
      if (block.kind() == Kind.OTHER) {
        untried.add(block.place() + ": a block that is neither commands, Java nor XML");
      }
    }
    for (var command : Pages.commands(blocks)) {
      if (command.line().isEmpty()) {
        untried.add(command.block().place() + ": no line that begins with $");
      } else if (!isLanewise(command) && !ELSEWHERE.containsKey(command.line())) {
        untried.add(command.block().place() + ": nothing runs " + command.line());
      }
    }
    return untried;
  }

  /** Whether it is run by the tests of the command line. */
  public static boolean isLanewise(Command command) {
    return LANEWISE.matcher(command.line()).matches();
  }
}
