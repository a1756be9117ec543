package io.lanewise.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.lanewise.file.HeapRoom;
import java.io.IOException;
import java.util.Optional;

/**
 * Reads a document into the same tree as Jackson's mapper: whole numbers are int, long or big,
 * others double. A process that only reads a few settings does not have to initialise the mapper,
 * with its dates, locales and types.
 */
final class TreeReader {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final JsonParser parser;
  private final HeapRoom room;

  /**
   * @param room limits the memory of the tree
   */
  TreeReader(JsonParser parser, HeapRoom room) {
    this.parser = parser;
    this.room = room;
  }

  /**
   * The document; empty if there is none, or if something follows it.
   *
   * @throws IOException if it is malformed
   */
  Optional<JsonNode> document() throws IOException {
    var first = parser.nextToken();
    if (first == null) {
      return Optional.empty();
    }
    var node = node(first);
    return parser.nextToken() == null ? Optional.of(node) : Optional.empty();
  }

  /** The value that begins with this token. The parser limits the depth. */
  private JsonNode node(JsonToken token) throws IOException {
    room.take(HeapRoom.OBJECT);
    return switch (token) {
      case START_OBJECT -> {
        var object = NODES.objectNode();
        room.take(HeapRoom.CONTAINER);
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          var name = parser.currentName();
          room.take(HeapRoom.ENTRY);
          room.takeText(name);
          object.set(name, node(parser.nextToken()));
        }
        yield object;
      }
      case START_ARRAY -> {
        var array = NODES.arrayNode();
        room.take(HeapRoom.CONTAINER);
        for (var next = parser.nextToken();
            next != JsonToken.END_ARRAY;
            next = parser.nextToken()) {
          array.add(node(next));
        }
        yield array;
      }
      case VALUE_STRING -> {
        var text = parser.getText();
        room.takeText(text);
        yield NODES.textNode(text);
      }
      case VALUE_NUMBER_INT ->
          switch (parser.getNumberType()) {
            case INT -> NODES.numberNode(parser.getIntValue());
            case LONG -> NODES.numberNode(parser.getLongValue());
            default -> NODES.numberNode(parser.getBigIntegerValue());
          };
      case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDoubleValue());
      case VALUE_TRUE -> NODES.booleanNode(true);
      case VALUE_FALSE -> NODES.booleanNode(false);
      case VALUE_NULL -> NODES.nullNode();
      default -> throw new IllegalStateException("no value begins with " + token);
    };
  }
}
