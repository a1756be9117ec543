package io.lanewise.tokenizer.files;

import io.lanewise.TokenizerException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;

/** Finds the tokenizer.json of a folder, which may have another name. */
final class TokenizerJsonFile {
  private static final String NAME = "tokenizer.json";
  private static final Pattern VERSIONED = Pattern.compile("tokenizer\\.(\\d+(?:\\.\\d+)*)\\.json");

  /** The version of transformers whose rules are used. */
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
   * Whether the tokenizer is read from it. It is not if {@code tokenizer_file} is null; its added
   * tokens count nevertheless.
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
   * {@code fast_tokenizer_files}: the file for the newest version of transformers that is not newer
   * than {@link #FOLLOWED} ({@code get_fast_tokenizer_file} in Hugging Face's
   * tokenization_utils_base.py).
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
