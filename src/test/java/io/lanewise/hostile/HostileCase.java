package io.lanewise.hostile;

import io.lanewise.InputException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Something hostile, and what has to come of it.
 *
 * @param wanted a part of the message; null if it is harmless and must be read
 */
record HostileCase(String name, String wanted, Step make, Step use) {
  /** Something that is done with a folder of its own. */
  @FunctionalInterface
  interface Step {
    void run(Path folder) throws Exception;
  }

  /** Refused, with this in the message. */
  static HostileCase refused(String name, String wanted, Step make, Step use) {
    return new HostileCase(name, wanted, make, use);
  }

  /** Read, in good time. */
  static HostileCase harmless(String name, Step make, Step use) {
    return new HostileCase(name, null, make, use);
  }

  /** A text file. */
  static Step text(String file, String content) {
    return folder -> Files.writeString(folder.resolve(file), content);
  }

  /** What a file is made of, piece by piece: it need not fit the heap. */
  @FunctionalInterface
  interface Content {
    void write(Sink out) throws IOException;
  }

  /** Where content goes. */
  record Sink(OutputStream out) {
    Sink text(String text) throws IOException {
      out.write(text.getBytes(StandardCharsets.UTF_8));
      return this;
    }

    Sink bytes(int... bytes) throws IOException {
      for (int b : bytes) {
        out.write(b);
      }
      return this;
    }

    /** An integer, its lowest byte first. */
    Sink little(long value, int bytes) throws IOException {
      for (int i = 0; i < bytes; i++) {
        out.write((int) (value >>> (8 * i)));
      }
      return this;
    }

    /** The same text again and again. */
    Sink repeat(String text, int times) throws IOException {
      var bytes = text.getBytes(StandardCharsets.UTF_8);
      for (int i = 0; i < times; i++) {
        out.write(bytes);
      }
      return this;
    }
  }

  static Path write(Path file, Content content) throws IOException {
    Files.createDirectories(file.getParent());
    try (var out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
      content.write(new Sink(out));
    }
    return file;
  }

  /** What a command said, as the exception that it stands for. */
  static void mustSucceed(io.lanewise.cli.InProcess.Ended ended) {
    if (ended.code() != 0) {
      throw new InputException(ended.err().strip());
    }
  }
}
