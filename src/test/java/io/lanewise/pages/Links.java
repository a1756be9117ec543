package io.lanewise.pages;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What the text of a page points to. */
final class Links {
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("^#+ (.*)$", Pattern.MULTILINE);
  private static final Pattern CODE = Pattern.compile("`([^`\n]+)`");
  private static final Pattern FILE =
      Pattern.compile("(?:tools|src|weights|bindings|\\.ci|\\.github)/[\\w./-]+");
  private static final Pattern TEST = Pattern.compile("([A-Z]\\w+Test)(?:#\\w+)?");

  private Links() {}

  /** The targets of all links. */
  static List<String> of(String text) {
    return LINK.matcher(text).results().map(found -> found.group(1)).toList();
  }

  /** Links of a page with this text that lead to no file, or to no heading in it. */
  static List<String> broken(Path page, String text) throws IOException {
    var broken = new ArrayList<String>();
    for (var target : of(text)) {
      if (!target.contains("://") && !leads(page, text, target)) {
        broken.add(page + ": " + target);
      }
    }
    return broken;
  }

  private static boolean leads(Path page, String text, String target) throws IOException {
    var parts = target.split("#", 2);
    var there = text;
    if (!parts[0].isEmpty()) {
      var file = page.resolveSibling(parts[0]).normalize();
      if (!Files.exists(file)) {
        return false;
      }
      there = parts.length > 1 ? Files.readString(file) : "";
    }
    return parts.length == 1 || anchors(there).contains(parts[1]);
  }

  /** Headings as git hosting names them in addresses. */
  private static Set<String> anchors(String text) {
    return HEADING
        .matcher(text)
        .results()
        .map(found -> found.group(1).toLowerCase(Locale.ROOT))
        .map(heading -> heading.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  /** Files of the project that are named between backticks, without what follows a blank. */
  static List<String> namedFiles(String text) {
    return CODE.matcher(text)
        .results()
        .map(found -> found.group(1).split(" ", 2)[0])
        .filter(word -> FILE.matcher(word).matches())
        .toList();
  }

  /** Tests that are named between backticks. */
  static List<String> namedTests(String text) {
    return CODE.matcher(text)
        .results()
        .map(found -> TEST.matcher(found.group(1)))
        .filter(Matcher::matches)
        .map(found -> found.group(1))
        .toList();
  }
}
