package io.lanewise.checkpoint.weights;

import io.lanewise.CheckpointException;
import io.lanewise.Remedy;
import io.lanewise.checkpoint.format.FileExcerpt;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/** The error for a missing tensor, with the most similar names in the file. */
final class MissingTensor {
  private static final int SHOWN = 8;

  private MissingTensor() {}

  /**
   * The error.
   *
   * @param names the names of the checkpoint
   * @param where the file that was searched
   */
  static CheckpointException error(
      String name, String shape, NavigableSet<String> names, String where) {
    var hint = hint(name, names);
    var statement =
        "missing tensor %s %s in %s: %s".formatted(FileExcerpt.of(name), shape, where, hint.text);
    return hint.newHead
        ? new CheckpointException(statement, Remedy.ALLOW_NEW_HEAD)
        : new CheckpointException(statement);
  }

  /**
   * What the file contains instead.
   *
   * @param newHead whether the tensor may belong to a head that the file lacks
   */
  private record Hint(String text, boolean newHead) {}

  /** Follows the name down to the first part that the file lacks. */
  private static Hint hint(String name, NavigableSet<String> names) {
    int from = 0;
    for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', from)) {
      if (!anyUnder(name.substring(0, dot + 1), names)) {
        break;
      }
      from = dot + 1;
    }
    var parent = name.substring(0, Math.max(0, from - 1));
    int end = name.indexOf('.', from);
    var child = end < 0 ? name.substring(from) : name.substring(from, end);
    var siblings = children(parent, names);
    if (isNumber(child) && siblings.stream().allMatch(MissingTensor::isNumber)) {
      return new Hint(numbered(parent, siblings), false);
    }
    if (parent.indexOf('.') < 0) {
      return new Hint(
          "the checkpoint holds no tensor under "
              + (parent.isEmpty() ? "" : FileExcerpt.of(parent) + ".")
              + FileExcerpt.of(child)
              + ", only "
              + listed(siblings)
              + "; a head that it does not have can be initialised",
          true);
    }
    return new Hint(
        "under " + FileExcerpt.of(parent) + " it holds only " + listed(siblings), false);
  }

  private static String numbered(String parent, List<String> siblings) {
    long largest = siblings.stream().mapToLong(Long::parseLong).max().orElseThrow();
    boolean whole = largest + 1 == siblings.size();
    return "under "
        + FileExcerpt.of(parent)
        + " it holds "
        + (whole ? siblings.size() + ", 0 to " + largest : listed(siblings))
        + "; does config.json fit?";
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty()
        && text.length() < 10
        && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static boolean anyUnder(String prefix, NavigableSet<String> names) {
    var first = names.ceiling(prefix);
    return first != null && first.startsWith(prefix);
  }

  /** The next parts of the names under {@code parent}. */
  private static List<String> children(String parent, NavigableSet<String> names) {
    var prefix = parent.isEmpty() ? "" : parent + ".";
    var children = new TreeSet<String>();
    for (var name : names.tailSet(prefix)) {
      if (!name.startsWith(prefix)) {
        break;
      }
      int end = name.indexOf('.', prefix.length());
      children.add(name.substring(prefix.length(), end < 0 ? name.length() : end));
    }
    return List.copyOf(children);
  }

  private static String listed(List<String> names) {
    if (names.isEmpty()) {
      return "nothing";
    }
    var shown = names.stream().limit(SHOWN).map(FileExcerpt::of).toList();
    var more = names.size() > SHOWN ? " and " + (names.size() - SHOWN) + " more" : "";
    return String.join(", ", shown) + more;
  }
}
