package io.lanewise.pages;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** README.md and the pages beside it, and the examples on them. */
public final class Pages {
  /** The page that everybody sees first. */
  public static final Path README = Path.of("README.md");

  private static final Path DOCS = Path.of("src", "docs");

  /** The pages of modules under bindings; each is read by the tests of its module. */
  private static final Set<Path> MODULES = Set.of(DOCS.resolve("spark.md"));

  private Pages() {}

  /** What an example is. */
  public enum Kind {
    /** Lines that are typed, each after {@code $}, with what they print: an indented block. */
    COMMANDS,
    /** A block between fences that is marked as Java. */
    JAVA,
    /** The same for XML: the dependency. */
    XML,
    /** Any code on the page of a module under bindings, whose own tests try it. */
    MODULE,
    /** Anything else between fences, which nothing tries. */
    OTHER
  }

  /**
   * An example.
   *
   * @param line where it begins, from 1
   * @param text without fences and indentation
   */
  public record Block(Path page, int line, Kind kind, String text) {
    /** Where it stands. */
    public String place() {
      return page + ":" + line;
    }
  }

  /**
   * A line that is typed.
   *
   * @param line without the {@code $}
   * @param output what is shown below it; empty for none
   */
  public record Command(Block block, String line, String output) {}

  /** All pages that are written for readers of the whole project. */
  public static List<Path> all() throws IOException {
    var pages = new ArrayList<Path>();
    pages.add(README);
    pages.add(Path.of("CHANGELOG.md"));
    pages.add(Path.of(".github", "CONTRIBUTING.md"));
    try (Stream<Path> files = Files.list(DOCS)) {
      files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
    }
    return pages;
  }

  /** The examples on all pages. */
  public static List<Block> blocks() throws IOException {
    var blocks = new ArrayList<Block>();
    for (var page : all()) {
      blocks.addAll(blocks(page, Files.readString(page)));
    }
    return blocks;
  }

  /** The examples on a page with this text. */
  public static List<Block> blocks(Path page, String text) {
    var blocks = new ArrayList<Block>();
    var lines = text.lines().toList();
    for (int at = 0; at < lines.size(); at++) {
      var line = lines.get(at);
      int first = at;
      var block = new StringBuilder();
      if (line.strip().startsWith("```")) {
        while (++at < lines.size() && !lines.get(at).strip().equals("```")) {
          block.append(lines.get(at)).append('\n');
        }
        var language = line.strip().substring(3);
        blocks.add(new Block(page, first + 1, kind(page, language), block.toString()));
      } else if (line.startsWith("    ")) {
        for (; at < lines.size() && lines.get(at).startsWith("    "); at++) {
          block.append(lines.get(at).substring(4)).append('\n');
        }
        blocks.add(new Block(page, first + 1, Kind.COMMANDS, block.toString()));
        at--;
      }
    }
    return blocks;
  }

  private static Kind kind(Path page, String language) {
    if (MODULES.contains(page)) {
      return Kind.MODULE;
    }
    return switch (language) {
      case "java" -> Kind.JAVA;
      case "xml" -> Kind.XML;
      default -> Kind.OTHER;
    };
  }

  /** What is typed in these examples; an empty line for what stands before the first {@code $}. */
  public static List<Command> commands(List<Block> blocks) {
    var commands = new ArrayList<Command>();
    for (var block : blocks) {
      if (block.kind() == Kind.COMMANDS) {
        commands.addAll(commands(block));
      }
    }
    return commands;
  }

  private static List<Command> commands(Block block) {
    var commands = new ArrayList<Command>();
    for (var line : block.text().lines().toList()) {
      if (line.startsWith("$ ")) {
        commands.add(new Command(block, line.substring(2), ""));
      } else {
        var last =
            commands.isEmpty() ? new Command(block, "", "") : commands.remove(commands.size() - 1);
        commands.add(new Command(block, last.line(), last.output() + line + "\n"));
      }
    }
    return commands;
  }
}
