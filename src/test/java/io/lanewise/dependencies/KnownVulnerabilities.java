package io.lanewise.dependencies;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Holds a bill of materials in CycloneDX's JSON to a list of versions with known vulnerabilities.
 * It is started from its source by {@code tools/check-dependencies} and by the build, so it uses
 * Jackson and nothing else.
 */
public final class KnownVulnerabilities {
  /**
   * A line of the list.
   *
   * @param component group and artifact, with a colon between them
   * @param from the first version that has it
   * @param fixed the first one that has it no more; {@code -} if there is none
   */
  record Vulnerability(String component, String from, String fixed, String id, String source) {
    boolean isIn(String name, String version) {
      return component.equals(name)
          && compare(version, from) >= 0
          && (fixed.equals("-") || compare(version, fixed) < 0);
    }
  }

  private KnownVulnerabilities() {}

  /** {@code KnownVulnerabilities LIST BILL_OF_MATERIALS}: ends with 1 if there are any. */
  public static void main(String[] arguments) throws IOException {
    var list = read(Files.readAllLines(Path.of(arguments[0])));
    var bill = new JsonMapper().readTree(Path.of(arguments[1]).toFile());
    var found = check(list, bill);
    found.forEach(System.err::println);
    if (!found.isEmpty()) {
      System.exit(1);
    }
    System.out.println(
        "%d components, none of them with one of %d known vulnerabilities"
            .formatted(bill.path("components").size(), list.size()));
  }

  static List<Vulnerability> read(List<String> lines) {
    var list = new ArrayList<Vulnerability>();
    for (var line : lines) {
      if (!line.isBlank() && !line.startsWith("#")) {
        var columns = line.split("\t", -1);
        if (columns.length != 5) {
          throw new IllegalArgumentException("not five columns: " + line);
        }
        list.add(
            new Vulnerability(columns[0], columns[1], columns[2], columns[3], columns[4].strip()));
      }
    }
    return list;
  }

  /**
   * One line for each vulnerability of each component.
   *
   * @throws IllegalArgumentException if the bill lists no components: then it is no bill
   */
  static List<String> check(List<Vulnerability> list, JsonNode bill) {
    var components = bill.path("components");
    if (components.isEmpty()) {
      throw new IllegalArgumentException("the bill of materials lists no components");
    }
    var found = new ArrayList<String>();
    for (var component : components) {
      var name = component.path("group").asText() + ":" + component.path("name").asText();
      var version = component.path("version").asText();
      for (var vulnerability : list) {
        if (vulnerability.isIn(name, version)) {
          found.add(
              "%s %s has %s (%s): %s"
                  .formatted(
                      name,
                      version,
                      vulnerability.id,
                      vulnerability.source,
                      vulnerability.fixed.equals("-")
                          ? "there is no version without it, leave it out"
                          : "take " + vulnerability.fixed + " or later"));
        }
      }
    }
    return found;
  }

  /**
   * As Maven orders versions, as far as these go: numbers by size, words such as rc before them.
   */
  static int compare(String a, String b) {
    var left = a.split("[.-]", -1);
    var right = b.split("[.-]", -1);
    for (int i = 0; i < Math.max(left.length, right.length); i++) {
      long difference = value(left, i) - value(right, i);
      if (difference != 0) {
        return Long.signum(difference);
      }
    }
    return 0;
  }

  private static long value(String[] parts, int i) {
    if (i >= parts.length) {
      return 0;
    }
    return parts[i].matches("\\d{1,18}") ? Long.parseLong(parts[i]) : -1;
  }
}
