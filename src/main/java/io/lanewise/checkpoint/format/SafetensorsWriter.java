package io.lanewise.checkpoint.format;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonGenerator;
import io.lanewise.CheckpointException;
import io.lanewise.json.Json;
import io.lanewise.memory.Region;
import io.lanewise.tensor.DType;
import io.lanewise.tensor.Shape;
import io.lanewise.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes safetensors files. The header has the given order; the elements start with the widest
 * types, so that the offset of every tensor is a multiple of its width, as in the reference
 * implementation.
 */
public final class SafetensorsWriter {
  private static final int ALIGNMENT = 8;
  private static final int BUFFER = 1 << 16;
  private static final long RUN = 1L << 24;

  private SafetensorsWriter() {}

  /** Writes the elements of one tensor, little-endian, row after row. */
  @FunctionalInterface
  interface Body {
    void writeTo(FileChannel channel) throws IOException;
  }

  /** One tensor to write. */
  public record Item(String name, DType dtype, Shape shape, Body body) {
    /** A tensor on the heap. */
    public static Item of(String name, Tensor tensor) {
      return new Item(name, tensor.dtype(), tensor.shape(), channel -> write(tensor, channel));
    }

    /** A tensor of a checkpoint, read or computed when it is written. */
    public static Item of(String name, StoredTensor tensor) {
      return new Item(name, tensor.dtype(), tensor.shape(), channel -> write(tensor, channel));
    }

    private static void write(StoredTensor tensor, FileChannel channel) throws IOException {
      try (var scratch = Region.scratch()) {
        var bytes = tensor.bytes().mapped().orElseGet(() -> tensor.rawIn(scratch));
        for (long at = 0; at < bytes.byteSize(); at += RUN) {
          var run = bytes.asSlice(at, Math.min(RUN, bytes.byteSize() - at));
          fully(channel, run.asByteBuffer());
        }
        tensor.bytes().checkUnchanged();
      }
    }

    public long bytes() {
      return Math.multiplyExact(shape.count(), dtype.bytes());
    }

    private static void write(Tensor tensor, FileChannel channel) throws IOException {
      var buffer = ByteBuffer.allocateDirect(BUFFER).order(LITTLE_ENDIAN);
      boolean floats = tensor.dtype() == DType.F32;
      int count = floats ? tensor.floats().length : tensor.longs().length;
      int step = BUFFER / tensor.dtype().bytes();
      for (int at = 0; at < count; at += step) {
        int n = Math.min(step, count - at);
        buffer.clear();
        if (floats) {
          buffer.asFloatBuffer().put(tensor.floats(), at, n);
        } else {
          buffer.asLongBuffer().put(tensor.longs(), at, n);
        }
        buffer.limit(n * tensor.dtype().bytes());
        fully(channel, buffer);
      }
    }
  }

  /** Replaces the file by one with these tensors, or leaves it unchanged. */
  public static void write(Path file, List<Item> items) {
    var inData = new ArrayList<>(items);
    inData.sort(Comparator.comparingInt((Item item) -> item.dtype().bits()).reversed());
    var places = new IdentityHashMap<Item, Long>();
    long end = 0;
    for (var item : inData) {
      places.put(item, end);
      end = Math.addExact(end, item.bytes());
    }
    var header = header(file, items, places);
    Replacement.of(
        file,
        channel -> {
          fully(channel, header);
          for (var item : inData) {
            long begin = channel.position();
            item.body.writeTo(channel);
            if (channel.position() - begin != item.bytes()) {
              throw new IllegalStateException(
                  item.name + ": " + (channel.position() - begin) + " bytes of " + item.bytes());
            }
          }
        });
  }

  private static ByteBuffer header(Path file, List<Item> items, Map<Item, Long> places) {
    var bytes = new ByteArrayOutputStream();
    try (var json = Json.factory().createGenerator(bytes)) {
      json.writeStartObject();
      json.writeObjectFieldStart(SafetensorsHeader.METADATA);
      json.writeStringField("format", "pt");
      json.writeEndObject();
      for (var item : items) {
        describe(json, item, places.get(item));
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new CheckpointException(file + " cannot be written: " + e.getMessage(), e);
    }
    while (bytes.size() % ALIGNMENT != 0) {
      bytes.write(' ');
    }
    if (bytes.size() > SafetensorsHeader.LONGEST) {
      throw new CheckpointException(
          file
              + " cannot be written: the names of its tensors need a header of "
              + bytes.size()
              + " bytes, "
              + SafetensorsHeader.LONGEST
              + " are allowed");
    }
    return ByteBuffer.allocate(SafetensorsHeader.LENGTH_FIELD + bytes.size())
        .order(LITTLE_ENDIAN)
        .putLong(bytes.size())
        .put(bytes.toByteArray())
        .flip();
  }

  private static void describe(JsonGenerator json, Item item, long place) throws IOException {
    if (item.name.equals(SafetensorsHeader.METADATA)) {
      throw new IllegalArgumentException("a tensor cannot be called " + item.name);
    }
    if (!UTF_8.newEncoder().canEncode(item.name)) {
      throw new IllegalArgumentException(
          "the name " + FileExcerpt.quoted(item.name) + " is no Unicode");
    }
    json.writeObjectFieldStart(item.name);
    json.writeStringField("dtype", item.dtype.name());
    json.writeArrayFieldStart("shape");
    for (long dim : item.shape.dims()) {
      json.writeNumber(dim);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("data_offsets");
    json.writeNumber(place);
    json.writeNumber(place + item.bytes());
    json.writeEndArray();
    json.writeEndObject();
  }

  public static void fully(FileChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }
}
