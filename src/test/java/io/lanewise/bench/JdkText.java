package io.lanewise.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.zip.ZipFile;

/**
 * Running text that every JDK has, in its {@code lib/src.zip}: megabytes of English in the comments
 * of the {@code java} modules, and Chinese in the messages of its tools. No paragraph comes twice.
 */
final class JdkText {
  private static final Pattern COMMENT = Pattern.compile("/\\*\\*(.*?)\\*/", Pattern.DOTALL);
  private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\\n]++|\\\\.)*+)\"");
  private static final Pattern UNICODE = Pattern.compile("\\\\u([0-9A-Fa-f]{4})");
  private static final int SHORTEST = 40;

  private JdkText() {}

  /** Paragraphs of the API's comments, without markup, in an order that is always the same. */
  static List<String> english() {
    return collect(name -> name.startsWith("java.") && name.endsWith(".java"), JdkText::paragraphs);
  }

  /** Messages of javac, jshell and others. */
  static List<String> chinese() {
    return collect(name -> name.endsWith("_zh_CN.java"), JdkText::messages);
  }

  /** A file's lines. */
  static List<String> of(Path file) throws IOException {
    return Files.readAllLines(file).stream().filter(line -> !line.isBlank()).toList();
  }

  private interface Reading {
    void read(String source, Set<String> found);
  }

  private static List<String> collect(Predicate<String> names, Reading reading) {
    Path file = Path.of(System.getProperty("java.home"), "lib", "src.zip");
    var found = new LinkedHashSet<String>();
    try (var zip = new ZipFile(file.toFile())) {
      for (var entry : zip.stream().filter(e -> names.test(e.getName())).toList()) {
        try (var in = zip.getInputStream(entry)) {
          reading.read(new String(in.readAllBytes(), StandardCharsets.UTF_8), found);
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(
          file + " cannot be read: take a JDK that has its sources, or give a text by --text", e);
    }
    var texts = new ArrayList<>(found);
    java.util.Collections.shuffle(texts, new Random(1));
    return texts;
  }

  private static void paragraphs(String source, Set<String> found) {
    for (var comment : COMMENT.matcher(source).results().toList()) {
      String text = comment.group(1).replaceAll("\n\\s*\\*", "\n");
      for (String paragraph : text.split("<p>|\n\\s*\n|\n\\s*@|<li>", -1)) {
        String plain =
            paragraph
                .replaceAll("<[^>]*>", "")
                .replaceAll("\\{@\\w+\\s+([^{}]*)\\}", "$1")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replaceAll("\\s+", " ")
                .strip();
        if (plain.length() >= SHORTEST) {
          found.add(plain);
        }
      }
    }
  }

  private static void messages(String source, Set<String> found) {
    for (var literal : LITERAL.matcher(source).results().toList()) {
      String text =
          UNICODE
              .matcher(literal.group(1))
              .replaceAll(e -> Character.toString(Integer.parseInt(e.group(1), 16)))
              .translateEscapes();
      if (text.codePoints().anyMatch(Character::isIdeographic)) {
        found.add(text.strip());
      }
    }
  }
}
