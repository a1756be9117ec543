package io.lanewise.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;

/** The beginning of a value as JSON, for messages. */
public final class JsonExcerpt {
  private final StringBuilder text = new StringBuilder();
  private final int most;

  private JsonExcerpt(int most) {
    this.most = most;
  }

  /**
   * The value as JSON: all of it if it has at most {@code most} characters, otherwise at least this
   * many. Time and memory do not depend on the size of the value.
   */
  public static String of(JsonNode value, int most) {
    var shown = new JsonExcerpt(most);
    shown.add(value);
    return shown.text.toString();
  }

  private boolean isFull() {
    return text.length() > most;
  }

  private void add(JsonNode value) {
    switch (value) {
      case ArrayNode list -> {
        text.append('[');
        var separator = "";
        for (int i = 0; i < list.size() && !isFull(); i++) {
          text.append(separator);
          add(list.get(i));
          separator = ",";
        }
        text.append(']');
      }
      case ObjectNode object -> {
        text.append('{');
        var separator = "";
        var members = object.properties().iterator();
        while (members.hasNext() && !isFull()) {
          var member = members.next();
          text.append(separator);
          addText(member.getKey());
          text.append(':');
          add(member.getValue());
          separator = ",";
        }
        text.append('}');
      }
      case TextNode string -> addText(string.textValue());
      default -> text.append(value);
    }
  }

  private void addText(String string) {
    int end = Math.min(string.length(), most + 1);
    text.append(TextNode.valueOf(string.substring(0, end)));
  }
}
