package io.lanewise.tokenizer;

import io.lanewise.json.Json;
import io.lanewise.tokenizer.TokenizerOptions.Flavor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The tests' four vocabularies, each as the fast and as the slow tokenizer. */
final class TestTokenizers {
  private static final Path FOLDER = Path.of("src/test/resources/tokenizers");

  /** A tokenizer and its name. */
  record Named(String name, Tokenizer tokenizer) {
    @Override
    public String toString() {
      return name;
    }

    /** Whether decoding restores any text. */
    boolean keepsEverything() {
      return name.startsWith("roberta");
    }
  }

  private TestTokenizers() {}

  private static final class Loaded {
    private static final List<Named> ALL = load();

    private static List<Named> load() {
      var all = new ArrayList<Named>();
      for (String name : List.of("albert", "bert", "nezha", "roberta")) {
        for (var flavor : List.of(Flavor.FAST, Flavor.SLOW)) {
          var options = TokenizerOptions.DEFAULT.withFlavor(flavor);
          var tokenizer = Tokenizer.load(FOLDER.resolve("vocab").resolve(name), options);
          all.add(new Named(name + " " + flavor, tokenizer));
        }
      }
      return List.copyOf(all);
    }
  }

  /** All eight. */
  static List<Named> all() {
    return Loaded.ALL;
  }

  /** The texts of all cases. */
  static List<String> texts() {
    try {
      var texts = new ArrayList<String>();
      for (String line : Files.readAllLines(FOLDER.resolve("cases/text.jsonl"))) {
        var node = Json.mapper().readTree(line);
        texts.add(node.get("text").textValue());
        if (node.has("text_pair")) {
          texts.add(node.get("text_pair").textValue());
        }
      }
      return texts;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
