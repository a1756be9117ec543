package io.lanewise.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanewise.json.Json;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** A copy of a model folder for a while, to be changed. */
public final class ChangedFolder implements AutoCloseable {
  private final Path folder;

  public ChangedFolder(Path from) throws IOException {
    folder = Files.createTempDirectory("lanewise-case");
    try (var files = Files.walk(from, FileVisitOption.FOLLOW_LINKS)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        var to = folder.resolve(from.relativize(file).toString());
        Files.createDirectories(to.getParent());
        Files.copy(file, to);
      }
    }
  }

  public Path path() {
    return folder;
  }

  /** Puts settings into a file in the place of those of the same names. */
  public void set(String name, JsonNode settings) throws IOException {
    var file = folder.resolve(name);
    var tree = (ObjectNode) Json.read(file);
    settings.properties().forEach(each -> tree.set(each.getKey(), each.getValue()));
    Files.writeString(file, tree.toString());
  }

  /** Leaves the first modules of {@code modules.json} alone. */
  public void keepModules(int count) throws IOException {
    var file = folder.resolve("modules.json");
    var tree = (ArrayNode) Json.read(file);
    while (tree.size() > count) {
      tree.remove(tree.size() - 1);
    }
    Files.writeString(file, tree.toString());
  }

  @Override
  public void close() throws IOException {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
