package io.lanewise.checkpoint.format;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Locale;
import java.util.Optional;

/** Guesses the kind of a file that is not in the format of its name. */
final class FileKind {
  /** Number of bytes at the beginning of a file that are examined. */
  static final int BEGINNING = 64;

  private FileKind() {}

  /** The kind of file with this beginning, and what to do about it. */
  static Optional<String> of(byte[] beginning) {
    var text = new String(beginning, ISO_8859_1);
    var lower = text.stripLeading().toLowerCase(Locale.ROOT);
    if (text.startsWith("version https://git-lfs")) {
      return Optional.of("is a Git LFS pointer, not the file itself: run \"git lfs pull\"");
    }
    if (lower.startsWith("<!doctype") || lower.startsWith("<html") || lower.startsWith("<?xml")) {
      return Optional.of("is a web page, not weights: the download went wrong, fetch it again");
    }
    if (text.startsWith("PK\u0003\u0004")) {
      return Optional.of("is a zip archive, as torch.save writes: rename it to pytorch_model.bin");
    }
    if (beginning.length > 1 && beginning[0] == (byte) 0x80 && beginning[1] >= 2) {
      return beginning[1] <= 5
          ? Optional.of("is a Python pickle: rename it to pytorch_model.bin")
          : Optional.empty();
    }
    if (text.startsWith("\u0089HDF\r\n")) {
      return Optional.of("is an HDF5 file, as TensorFlow writes: rename it to tf_model.h5");
    }
    if (text.startsWith("\u001f\u008b")) {
      return Optional.of("is compressed with gzip: unpack it");
    }
    return Optional.empty();
  }

  /** The same for an opened file; empty if the kind is unknown. */
  static Optional<String> of(WeightFile file) {
    return file.size() == 0
        ? Optional.of("is empty: the download went wrong, fetch it again")
        : of(file.read(0, (int) Math.min(BEGINNING, file.size())));
  }
}
