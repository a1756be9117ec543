package io.lanewise.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lanewise.json.Json;
import io.lanewise.tokenizer.TokenizerOptions.Flavor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The four vocabularies of the shared folder, each as the fast and as the slow tokenizer. */
final class SharedTokenizers {
  private static final Path FOLDER = Path.of("../shared/tokenizers");

  /** A tokenizer and what to call it. */
  record Named(String name, Tokenizer tokenizer) {
    @Override
    public String toString() {
      return name;
    }

    /** Whether any text comes back from its ids. */
    boolean keepsEverything() {
      return name.startsWith("roberta");
    }
  }

  private SharedTokenizers() {}

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

  private static void require() {
    boolean there = Files.isDirectory(FOLDER);
    assertThat(there || !"true".equals(System.getenv("CI"))).as(FOLDER + " is there").isTrue();
    assumeTrue(there, () -> FOLDER + " is not there");
  }

  /** All eight; the test is left out where there is no shared folder. */
  static List<Named> all() {
    require();
    return Loaded.ALL;
  }

  /** The texts of all cases. */
  static List<String> texts() {
    require();
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
