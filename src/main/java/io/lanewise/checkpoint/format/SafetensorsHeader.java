package io.lanewise.checkpoint.format;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.lanewise.CheckpointException;
import io.lanewise.file.HeapRoom;
import io.lanewise.json.Json;
import io.lanewise.tensor.DType;
import io.lanewise.tensor.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The header of a safetensors file; enforces every rule of the format.
 *
 * <p>A file is eight bytes with the length of the header (little-endian), the header (a JSON object
 * from names to type, shape and place), and the elements of all tensors, end to end. The rules are
 * those of the {@code safetensors} reference: a header of at most 100,000,000 bytes that begins
 * with a brace, no name twice, and tensors that cover the rest of the file without hole or overlap.
 *
 * @param tensors in the order of the header
 * @param metadata the texts under {@code __metadata__}
 */
public record SafetensorsHeader(List<StoredTensor> tensors, Map<String, String> metadata) {
  /** The longest header that a file may have. */
  static final long LONGEST = 100_000_000;

  /** Bytes before the header. */
  static final int LENGTH_FIELD = Long.BYTES;

  static final String METADATA = "__metadata__";
  private static final int MOST_DIMENSIONS = 64;

  /** Heap memory of a tensor here and in the maps that contain it, without its name, in bytes. */
  private static final int TENSOR = 600;

  /** One tensor in the header; offsets count from the end of the header. */
  private record Entry(String name, String dtype, long[] dims, long begin, long end) {}

  /**
   * Reads the header and checks it against the file.
   *
   * @throws CheckpointException naming file, tensor and value if any rule is broken
   */
  public static SafetensorsHeader read(WeightFile file) {
    long length = length(file);
    var entries = new ArrayList<Entry>();
    var metadata = new LinkedHashMap<String, String>();
    var room = HeapRoom.of(file.path().toString());
    try (var parser = Json.factory().createParser(file.text(LENGTH_FIELD, LENGTH_FIELD + length))) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw wrong(file, "its header is no JSON object");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        var name = parser.currentName();
        parser.nextToken();
        if (name.equals(METADATA)) {
          metadata(file, parser, metadata, room);
        } else {
          room.take(TENSOR);
          room.takeText(name);
          entries.add(entry(file, parser, name));
        }
      }
      if (parser.nextToken() != null) {
        throw wrong(file, "something follows the JSON object in its header");
      }
    } catch (JsonProcessingException e) {
      throw new CheckpointException(
          file.path() + ": its header is not valid JSON: " + FileExcerpt.of(e.getOriginalMessage()),
          e);
    } catch (IOException e) {
      throw new CheckpointException(
          file.path() + ": its header is not valid UTF-8: " + e.getMessage(), e);
    }
    return new SafetensorsHeader(
        placed(file, entries, LENGTH_FIELD + length), Map.copyOf(metadata));
  }

  private static long length(WeightFile file) {
    if (file.size() < LENGTH_FIELD) {
      throw wrong(file, FileKind.of(file).orElse("it has " + file.size() + " bytes: too few"));
    }
    long length =
        ByteBuffer.wrap(file.read(0, LENGTH_FIELD)).order(ByteOrder.LITTLE_ENDIAN).getLong();
    long room = file.size() - LENGTH_FIELD;
    if (length < 2 || length > LONGEST || length > room) {
      throw wrong(
          file,
          FileKind.of(file)
              .orElse(
                  "its header would have "
                      + Long.toUnsignedString(length)
                      + " bytes, of "
                      + (Long.compareUnsigned(length, LONGEST) > 0
                          ? LONGEST + " that are allowed"
                          : length < 2 ? "2 at least" : room + " that the file has")));
    }
    int first = file.read(LENGTH_FIELD, 1)[0];
    if (first != '{') {
      throw wrong(file, "its header begins with byte " + (first & 0xff) + ", not with {");
    }
    return length;
  }

  private static void metadata(
      WeightFile file, JsonParser parser, Map<String, String> metadata, HeapRoom room)
      throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw wrong(file, METADATA + " in its header is no JSON object");
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      var key = parser.currentName();
      if (parser.nextToken() != JsonToken.VALUE_STRING) {
        throw wrong(
            file, METADATA + " in its header holds no text under " + FileExcerpt.quoted(key));
      }
      var text = parser.getText();
      room.take(3 * HeapRoom.ENTRY); // here, in the copy, and in the parser's check for duplicates
      room.takeText(key);
      room.takeText(text);
      metadata.put(key, text);
    }
  }

  private static Entry entry(WeightFile file, JsonParser parser, String name) throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw wrong(file, name, "is described by no JSON object");
    }
    String dtype = null;
    long[] dims = null;
    long[] offsets = null;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      var key = parser.currentName();
      parser.nextToken();
      switch (key) {
        case "dtype" -> {
          if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw wrong(file, name, "has a dtype that is no text");
          }
          dtype = parser.getText();
        }
        case "shape" -> dims = numbers(file, parser, name, key, MOST_DIMENSIONS);
        case "data_offsets" -> offsets = numbers(file, parser, name, key, 2);
        default -> parser.skipChildren();
      }
    }
    if (dtype == null || dims == null || offsets == null) {
      var missing = dtype == null ? "dtype" : dims == null ? "shape" : "data_offsets";
      throw wrong(file, name, "has no " + missing);
    }
    if (offsets.length != 2) {
      throw wrong(file, name, "has " + offsets.length + " data_offsets, not 2");
    }
    return new Entry(name, dtype, dims, offsets[0], offsets[1]);
  }

  private static long[] numbers(
      WeightFile file, JsonParser parser, String name, String key, int most) throws IOException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw wrong(file, name, "has a " + key + " that is no list");
    }
    var numbers = new long[Math.min(most, 8)];
    int count = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
        throw wrong(file, name, "has " + FileExcerpt.quoted(parser.getText()) + " in its " + key);
      }
      if (count == most) {
        throw wrong(file, name, "has more than " + most + " numbers in its " + key);
      }
      if (count == numbers.length) {
        numbers = Arrays.copyOf(numbers, most);
      }
      numbers[count] = parser.getLongValue();
      if (numbers[count] < 0) {
        throw wrong(file, name, "has " + numbers[count] + " in its " + key);
      }
      count++;
    }
    return Arrays.copyOf(numbers, count);
  }

  /** Checks types, sizes and offsets. */
  private static List<StoredTensor> placed(WeightFile file, List<Entry> entries, long start) {
    long room = file.size() - start;
    var inOrder = new ArrayList<>(entries);
    inOrder.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    long end = 0;
    String before = null;
    for (var entry : inOrder) {
      if (entry.begin != end) {
        var found = entry.begin < end ? "overlaps " : "leaves a hole after ";
        throw wrong(
            file,
            entry.name,
            found
                + (before == null ? "the header" : FileExcerpt.of(before))
                + ": it begins at "
                + entry.begin
                + ", not at "
                + end);
      }
      if (entry.end < entry.begin || entry.end > room) {
        throw wrong(
            file,
            entry.name,
            "has data_offsets ["
                + entry.begin
                + ", "
                + entry.end
                + "] in a file with "
                + room
                + " bytes of data"
                + (entry.end > room ? ": the file has been cut, fetch it again" : ""));
      }
      end = entry.end;
      before = entry.name;
    }
    if (end != room) {
      throw wrong(
          file,
          "its tensors end at "
              + end
              + ", the data has "
              + room
              + " bytes: "
              + (room - end)
              + " too many");
    }
    return entries.stream().map(entry -> stored(file, entry, start)).toList();
  }

  private static StoredTensor stored(WeightFile file, Entry entry, long start) {
    var dtype =
        DType.named(entry.dtype)
            .orElseThrow(
                () ->
                    wrong(
                        file,
                        entry.name,
                        "has the unknown dtype "
                            + FileExcerpt.quoted(entry.dtype)
                            + ", known are "
                            + Arrays.toString(DType.values())));
    try {
      var shape = Shape.of(entry.dims);
      long bits = Math.multiplyExact(shape.count(), dtype.bits());
      if (bits % 8 != 0 || bits / 8 != entry.end - entry.begin) {
        throw wrong(
            file,
            entry.name,
            "is "
                + dtype
                + shape
                + ", "
                + bits
                + " bits, but takes "
                + (entry.end - entry.begin)
                + " bytes");
      }
      return StoredTensor.run(file, entry.name, dtype, shape, start + entry.begin);
    } catch (ArithmeticException e) {
      throw wrong(file, entry.name, "has the impossible shape " + Arrays.toString(entry.dims));
    }
  }

  private static CheckpointException wrong(WeightFile file, String what) {
    var text = file.path() + (what.startsWith("is ") ? " " : ": ") + what;
    return new CheckpointException(text);
  }

  private static CheckpointException wrong(WeightFile file, String tensor, String what) {
    return new CheckpointException(file.path() + ": tensor " + FileExcerpt.of(tensor) + " " + what);
  }
}
