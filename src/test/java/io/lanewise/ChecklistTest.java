package io.lanewise;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The table of promises names tests and cases that are there. */
class ChecklistTest {
  private static final Path TABLE = Path.of("src/test/CHECKLIST.md");
  private static final Path SOURCES = Path.of("src/test/java");
  private static final Path RESOURCES = Path.of("src/test/resources");
  private static final Pattern TEST = Pattern.compile("`(\\w+Test)#(\\w+)`");
  private static final Pattern CASE = Pattern.compile("`([a-z][a-z0-9-]*_\\w+)`");
  private static final int FEWEST = 60;

  @Test
  void everyTestAndEveryCaseIsThere() throws IOException {
    var texts = tests();
    var cases = cases();
    var gone = new ArrayList<String>();
    int found = 0;
    for (var line : Files.readAllLines(TABLE)) {
      int cell = line.lastIndexOf(" | ");
      if (!line.startsWith("|") || cell < 0) {
        continue;
      }
      var shown = line.substring(cell);
      var test = TEST.matcher(shown);
      int before = found;
      while (test.find()) {
        found++;
        if (!texts.getOrDefault(test.group(1), "").contains(" " + test.group(2) + "(")) {
          gone.add(test.group());
        }
      }
      var name = CASE.matcher(shown);
      while (name.find()) {
        found++;
        if (!cases.contains(name.group(1))) {
          gone.add(name.group());
        }
      }
      assertThat(found > before || shown.contains("shown by") || shown.contains("---"))
          .as("nothing shows: %s", line)
          .isTrue();
    }
    assertThat(gone).isEmpty();
    assertThat(found).isGreaterThan(FEWEST);
  }

  /** The texts of all test classes by their names; classes of one name together. */
  private static Map<String, String> tests() throws IOException {
    var texts = new TreeMap<String, String>();
    try (var files = Files.walk(SOURCES)) {
      for (var file : files.filter(path -> path.toString().endsWith("Test.java")).toList()) {
        var name = file.getFileName().toString().replace(".java", "");
        texts.merge(name, Files.readString(file), String::concat);
      }
    }
    return texts;
  }

  private static Set<String> cases() throws IOException {
    var names = new TreeSet<String>();
    try (var folders = Files.walk(RESOURCES, 2)) {
      folders.filter(Files::isDirectory).forEach(path -> names.add(path.getFileName().toString()));
    }
    return names;
  }
}
