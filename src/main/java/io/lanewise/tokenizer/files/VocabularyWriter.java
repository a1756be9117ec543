package io.lanewise.tokenizer.files;

import io.lanewise.TokenizerException;
import io.lanewise.file.NewContent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Writes a tokenizer's vocabulary files: {@code save_vocabulary} of Hugging Face's tokenizer
 * classes.
 */
public interface VocabularyWriter {
  /**
   * Writes the files.
   *
   * @param folder an existing folder
   * @param prefix of the file names, followed by a hyphen; empty for none
   * @return the files written
   */
  List<Path> write(Path folder, String prefix);

  /** For a tokenizer that was loaded without its vocabulary files. */
  VocabularyWriter NONE =
      (_, _) -> {
        throw new TokenizerException(
            "this tokenizer came from tokenizer.json alone: there is no vocabulary file to save;"
                + " copy tokenizer.json instead");
      };

  /** Writes a file completely or not at all. */
  private static void write(Path target, byte[] bytes) throws IOException {
    try (var content = NewContent.of(target)) {
      try (var out = content.stream()) {
        out.write(bytes);
      }
      content.finish();
    }
  }

  /** A copy of a file, byte for byte. */
  record Copy(Path file) implements VocabularyWriter {
    @Override
    public List<Path> write(Path folder, String prefix) {
      String name = file.getFileName().toString();
      Path target = folder.resolve(prefix.isEmpty() ? name : prefix + "-" + name);
      try {
        VocabularyWriter.write(target, Files.readAllBytes(file));
      } catch (IOException e) {
        throw new TokenizerException("cannot copy " + file + " to " + target + ": " + e, e);
      }
      return List.of(target);
    }
  }

  /** Files made from a model, by name. */
  record Generated(Map<String, Supplier<byte[]>> files) implements VocabularyWriter {
    public Generated {
      files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
    }

    @Override
    public List<Path> write(Path folder, String prefix) {
      var written = new ArrayList<Path>();
      files.forEach(
          (name, content) -> {
            Path target = folder.resolve(prefix.isEmpty() ? name : prefix + "-" + name);
            try {
              VocabularyWriter.write(target, content.get());
            } catch (IOException e) {
              throw new TokenizerException("cannot write " + target + ": " + e, e);
            }
            written.add(target);
          });
      return List.copyOf(written);
    }
  }
}
