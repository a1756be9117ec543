package io.lanewise.cli.output;

import io.lanewise.InputException;
import io.lanewise.file.NewContent;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The file that {@code --out} names: there when it is whole, and nothing where it is not. */
public final class OutputFile implements AutoCloseable {
  private final String name;
  private final NewContent content;
  private final TextOutput results;

  private OutputFile(String name, NewContent content) {
    this.name = name;
    this.content = content;
    this.results = new TextOutput(name, content.stream());
  }

  /**
   * Begins it. A process that is interrupted takes away what is not finished.
   *
   * @throws InputException if it cannot be written
   */
  public static OutputFile open(Path file) {
    var name = "--out " + file;
    try {
      var content = NewContent.orInPlace(file);
      content.unfinished().ifPresent(fresh -> fresh.toFile().deleteOnExit());
      return new OutputFile(name, content);
    } catch (NoSuchFileException e) {
      throw new InputException(name + ": its folder does not exist", e);
    } catch (IOException e) {
      throw new InputException(name + ": " + ErrorReporter.reason(e), e);
    }
  }

  /** What is written to it, as text. */
  public TextOutput results() {
    return results;
  }

  /** The same for bytes, in any order. */
  FileChannel channel() {
    return content.channel();
  }

  /** What to throw when it cannot be written. */
  TextOutput.Lost lost(IOException cause) {
    return new TextOutput.Lost(name, cause);
  }

  /** Puts it in its place. */
  public void finish() {
    try {
      results.flush();
      content.finish();
    } catch (IOException e) {
      throw lost(e);
    }
  }

  /** The same, unless nothing was written. */
  public void finishIfWritten() {
    try {
      results.flush();
      if (content.channel().size() > 0) {
        content.finish();
      }
    } catch (IOException e) {
      throw lost(e);
    }
  }

  @Override
  public void close() {
    content.close();
  }
}
