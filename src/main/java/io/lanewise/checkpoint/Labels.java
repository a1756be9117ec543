package io.lanewise.checkpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanewise.checkpoint.format.FileExcerpt;
import java.util.ArrayList;
import java.util.List;

/** The names of a classification head's outputs, as Hugging Face's settings hold them. */
final class Labels {
  private static final String NAMES = "id2label";

  /** Names that are made where the file gives only their number. */
  private static final int MOST = 1 << 20;

  private Labels() {}

  /** {@link Config#labels(int)}. */
  static List<String> of(Config config, int absent) {
    if (!config.has(NAMES)) {
      return generic(count(config, absent));
    }
    var found = config.get(NAMES);
    if (!(found instanceof ObjectNode named) || named.isEmpty()) {
      throw config.wrong(NAMES, found, "an object from ids to labels");
    }
    var labels = new ArrayList<>(generic(named.size()));
    for (var entry : named.properties()) {
      labels.set(id(config, entry.getKey(), labels.size()), entry.getValue().asText());
    }
    return List.copyOf(labels);
  }

  private static int id(Config config, String key, int count) {
    try {
      int id = Integer.parseInt(key);
      if (id >= 0 && id < count) {
        return id;
      }
    } catch (NumberFormatException e) {
      // Told below, as an id out of range is.
    }
    throw config.wrong(
        NAMES,
        "the id "
            + FileExcerpt.quoted(key)
            + " is not among 0 to "
            + (count - 1)
            + ", as its size asks");
  }

  /** How many there are, without making them. */
  static int count(Config config, int absent) {
    return config.has(NAMES)
        ? of(config, absent).size()
        : config.positive("num_labels", absent, MOST);
  }

  private static List<String> generic(int count) {
    var labels = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      labels.add("LABEL_" + i);
    }
    return labels;
  }
}
