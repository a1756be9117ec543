package io.lanewise;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A clone with nothing beside it is enough: no file of the project names a file outside of it. */
class BareCloneTest {
  private static final List<String> ROOTS =
      List.of(
          "src",
          "tools",
          "bindings",
          ".ci",
          ".github",
          ".mvn",
          "README.md",
          "CHANGELOG.md",
          "pom.xml");

  /** Folders that builds and programs make. */
  private static final List<String> MADE = List.of("target", "__pycache__", "node_modules");

  private static final Pattern ABOVE = Pattern.compile("(?:\\.\\./)+");

  /**
   * A path of Java that begins above the folder in which a program runs, which is the project's.
   */
  private static final Pattern JAVA_PATH =
      Pattern.compile(
          "(?:Path\\.of|Paths\\.get|new File|@Param|Resource)\\(\\{?\"(\\.\\.[^\"]*)\"");

  /** Links within the cache of the Hub lead from a snapshot to a blob; tests make such caches. */
  private static final Pattern BLOB = Pattern.compile("(?:\\.\\./)+blobs(?:/.*)?");

  /** Folders of one machine; {@code ~root/x} is expanded to {@code /root/x} on any. */
  private static final Pattern HOME =
      Pattern.compile("(?<![\\w.$}~-])/(?:(?:home|Users)/|root/(?!x\\b))\\w");

  @Test
  void nothingBesideTheProjectIsNamed() throws IOException {
    String shared = ".." + "/shared";
    assertThat(texts()).hasSizeGreaterThan(300);
    assertThat(found((_, text) -> text.contains(shared) ? shared : null)).isEmpty();
  }

  @Test
  void relativePathsStayWithinTheProject() throws IOException {
    assertThat(found(BareCloneTest::leaving)).isEmpty();
  }

  @Test
  void noFolderOfOneMachineIsNamed() throws IOException {
    assertThat(
            found(
                (_, text) -> {
                  var matcher = HOME.matcher(text);
                  return matcher.find() ? matcher.group() : null;
                }))
        .isEmpty();
  }

  /** What a test checks is the same for everybody. */
  @Test
  void noTestAsksWhoRunsIt() throws IOException {
    var variable = Pattern.compile("getenv\\(\"(?:CI|GITHUB_\\w+|BUILD_\\w+|JENKINS_\\w+)\"\\)");
    assertThat(
            found(
                (file, text) ->
                    file.startsWith("src/test") && variable.matcher(text).find() ? "CI" : null))
        .isEmpty();
  }

  @Test
  void whatLeavesIsFound() {
    var test = Path.of("src/test/java/io/lanewise/XTest.java");
    assertThat(leaving(test, "Path.of(\"../other/x\")")).isEqualTo("../other/x");
    assertThat(leaving(test, "Path.of(\"..\", \"x\")")).isEqualTo("../x");
    assertThat(leaving(test, "Path.of(\"../../blobs/x\")")).isNull();
    var script = Path.of("tools/bench/x");
    assertThat(leaving(script, "cat ../../pom.xml")).isNull();
    assertThat(leaving(script, "cat ../../../x")).isEqualTo("../../../");
  }

  /** The first path in a file's text that leaves the project, or null. */
  private static String leaving(Path file, String text) {
    if (file.toString().endsWith(".java")) {
      var matcher = JAVA_PATH.matcher(text.replace("\", \"", "/"));
      while (matcher.find()) {
        if (!BLOB.matcher(matcher.group(1)).matches()) {
          return matcher.group(1);
        }
      }
      return null;
    }
    var matcher = ABOVE.matcher(text);
    while (matcher.find()) {
      if (matcher.group().length() / 3 >= file.getNameCount()) {
        return matcher.group();
      }
    }
    return null;
  }

  private interface Rule {
    /** What of the text breaks it, or null. */
    String broken(Path file, String text);
  }

  private static Map<String, String> found(Rule rule) throws IOException {
    var found = new TreeMap<String, String>();
    texts()
        .forEach(
            (file, text) -> {
              String what = rule.broken(file, text);
              if (what != null) {
                found.put(file.toString(), what);
              }
            });
    return found;
  }

  /** The files that are text, by their path from the project's folder. */
  private static Map<Path, String> texts() throws IOException {
    var texts = new TreeMap<Path, String>();
    for (String root : ROOTS) {
      for (var file : files(Path.of(root))) {
        byte[] bytes = Files.readAllBytes(file);
        try {
          var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
          texts.put(file, text.toString());
        } catch (CharacterCodingException _) {
          // weights and compressed files
        }
      }
    }
    return texts;
  }

  private static List<Path> files(Path root) throws IOException {
    var files = new ArrayList<Path>();
    try (Stream<Path> all = Files.walk(root)) {
      all.filter(Files::isRegularFile)
          .filter(file -> MADE.stream().noneMatch(name -> has(file, name)))
          .forEach(files::add);
    }
    return files;
  }

  private static boolean has(Path file, String folder) {
    for (var part : file) {
      if (part.toString().equals(folder)) {
        return true;
      }
    }
    return false;
  }
}
