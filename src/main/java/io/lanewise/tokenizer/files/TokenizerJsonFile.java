package io.lanewise.tokenizer.files;

import io.lanewise.TokenizerException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;

/** Which file of a folder is its tokenizer.json. */
final class TokenizerJsonFile {
  private static final String NAME = "tokenizer.json";
  private static final Pattern VERSIONED = Pattern.compile("tokenizer\\.(\\d+(?:\\.\\d+)*)\\.json");

  /** The version of transformers that this follows. */
  private static final String FOLLOWED = "4.57.6";

  private TokenizerJsonFile() {}

  /**
   * The file, null if there is none.
   *
   * @param config tokenizer_config.json
   */
  static Path of(Path folder, JsonPart config) {
    Path file = folder.resolve(name(config));
    return Files.exists(file) ? file : null;
  }

  /**
   * Whether a tokenizer is read from it: not if {@code tokenizer_file} is null, though its added
   * tokens count even so.
   *
   * @throws TokenizerException if that key names another file
   */
  static boolean counts(Path file, JsonPart config) {
    var said = config.find("tokenizer_file");
    if (file == null || said.node().isMissingNode()) {
      return file != null;
    }
    if (said.isNull()) {
      return false;
    }
    if (!said.text().equals(file.toString())
        && !said.text().equals(file.getFileName().toString())) {
      throw new TokenizerException(
          said.where()
              + " is "
              + said.text()
              + ", and only this folder's "
              + file.getFileName()
              + " is read: take the key out");
    }
    return true;
  }

  /**
   * {@code fast_tokenizer_files}: of the files for a version of transformers, the newest that is
   * not newer than the one followed here.
   */
  private static String name(JsonPart config) {
    var files = config.find("fast_tokenizer_files");
    String chosen = NAME;
    String best = "";
    if (!files.isNull()) {
      for (var item : files.items()) {
        var match = VERSIONED.matcher(item.text());
        if (match.matches()
            && compare(match.group(1), FOLLOWED) <= 0
            && (best.isEmpty() || compare(match.group(1), best) > 0)) {
          best = match.group(1);
          chosen = item.text();
        }
      }
    }
    return chosen;
  }

  private static int compare(String one, String other) {
    return Arrays.compare(numbers(one), numbers(other));
  }

  private static int[] numbers(String version) {
    return Arrays.stream(version.split("\\."))
        .mapToInt(part -> part.length() > 8 ? Integer.MAX_VALUE : Integer.parseInt(part))
        .toArray();
  }
}
