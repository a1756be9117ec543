package io.lanewise.task;

import io.lanewise.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Golden checkpoints as tasks want them: with a tokenizer, whose word {@code w7} has the id 7. */
public final class GoldenWords {
  private static final Path GOLDENS = Path.of("src", "test", "resources", "goldens");
  private static final int WORDS = 99;

  private GoldenWords() {}

  public static Path golden(String name) {
    return GOLDENS.resolve(name);
  }

  /** A copy of a case's checkpoint in this folder, with the tokenizer. */
  public static Path copy(String name, Path into) throws IOException {
    try (var files = Files.list(golden(name))) {
      for (var file : files.toList()) {
        var copied = file.getFileName().toString();
        if (copied.matches("config.json|model.*|pytorch_model.*")) {
          Files.copy(file, into.resolve(copied));
        }
      }
    }
    var tree = Json.mapper().createObjectNode();
    tree.putArray("added_tokens");
    tree.putObject("pre_tokenizer").put("type", "WhitespaceSplit");
    var model = tree.putObject("model").put("type", "WordLevel").put("unk_token", "w3");
    var vocabulary = model.putObject("vocab");
    for (int id = 0; id < WORDS; id++) {
      vocabulary.put("w" + id, id);
    }
    Files.writeString(into.resolve("tokenizer.json"), tree.toString());
    Files.writeString(
        into.resolve("tokenizer_config.json"),
        "{\"tokenizer_class\": \"PreTrainedTokenizerFast\"}"); // others want a normalizer
    return into;
  }

  /** The text that has these ids. */
  public static String text(long... ids) {
    return Arrays.stream(ids).mapToObj(id -> "w" + id).collect(Collectors.joining(" "));
  }
}
