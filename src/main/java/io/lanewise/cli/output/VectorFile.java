package io.lanewise.cli.output;

import io.lanewise.InputException;
import io.lanewise.cli.job.InputRecord;
import io.lanewise.task.Embedding;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Vectors as one matrix of 32-bit floats in a file: NumPy's format 1.0, or safetensors. How many
 * rows it has is not known before the end, so room is left for the head, which is written last.
 */
public final class VectorFile implements Printer<Embedding> {
  /** The format of such a file, by its name. */
  public enum Format {
    NPY,
    SAFETENSORS;

    public static Optional<Format> of(Path file) {
      var name = file.toString().toLowerCase(Locale.ROOT);
      return name.endsWith(".npy")
          ? Optional.of(NPY)
          : name.endsWith(".safetensors") ? Optional.of(SAFETENSORS) : Optional.empty();
    }
  }

  /** Both formats want a multiple of 64 and of 8, and the numbers fit many times. */
  private static final int HEAD = 256;

  private final OutputFile file;
  private final Format format;
  private final ByteBuffer row;
  private long rows;

  public VectorFile(Path file, Format format, int dimensions, boolean skipsErrors) {
    if (skipsErrors) {
      throw new InputException(
          "--skip-errors: " + file + " has no place for errors; write JSON Lines");
    }
    this.file = OutputFile.open(file);
    this.format = format;
    row =
        ByteBuffer.allocate(Math.multiplyExact(dimensions, Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    position(HEAD);
  }

  private void position(int place) {
    try {
      file.channel().position(place);
    } catch (IOException e) {
      throw file.lost(e);
    }
  }

  @Override
  public void print(InputRecord input, Embedding embedding) {
    row.clear();
    for (float value : embedding.values()) {
      row.putFloat(value);
    }
    write(row.flip());
    rows++;
  }

  private void write(ByteBuffer bytes) {
    try {
      while (bytes.hasRemaining()) {
        file.channel().write(bytes);
      }
    } catch (IOException e) {
      throw file.lost(e);
    }
  }

  @Override
  public void printError(InputRecord input, String message) {
    throw new IllegalStateException("errors have no place here");
  }

  @Override
  public void flush() {}

  @Override
  public void end() {
    position(0);
    write(ByteBuffer.wrap(head(row.capacity() / Float.BYTES)));
    file.finish();
  }

  /** A matrix of some of the inputs would be taken for one of all: there is none. */
  @Override
  public void stop() {}

  @Override
  public void close() {
    file.close();
  }

  private byte[] head(int dimensions) {
    var head = ByteBuffer.allocate(HEAD).order(ByteOrder.LITTLE_ENDIAN);
    var text =
        switch (format) {
          case NPY -> {
            head.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
            head.put((byte) 1).put((byte) 0).putShort((short) (HEAD - 10));
            yield "{'descr': '<f4', 'fortran_order': False, 'shape': (%d, %d), }"
                .formatted(rows, dimensions);
          }
          case SAFETENSORS -> {
            head.putLong(HEAD - Long.BYTES);
            yield "{\"embeddings\":{\"dtype\":\"F32\",\"shape\":[%d,%d],\"data_offsets\":[0,%d]}}"
                .formatted(rows, dimensions, rows * dimensions * Float.BYTES);
          }
        };
    head.put(text.getBytes(StandardCharsets.US_ASCII));
    while (head.hasRemaining()) {
      head.put((byte) (head.remaining() == 1 && format == Format.NPY ? '\n' : ' '));
    }
    return head.array();
  }
}
