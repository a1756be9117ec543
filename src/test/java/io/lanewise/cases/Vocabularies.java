package io.lanewise.cases;

import io.lanewise.tokenizer.Tokenizer;
import io.lanewise.tokenizer.TokenizerOptions;
import io.lanewise.tokenizer.TokenizerOptions.Flavor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The tokenizers that the files of cases name, made from the folder of vocabularies. */
final class Vocabularies {
  private final Path root;
  private final Path scratch;
  private final Map<String, Tokenizer> loaded = new HashMap<>();
  private int folders;

  /**
   * @param scratch an empty folder to put other arrangements of the files into
   */
  Vocabularies(Path root, Path scratch) {
    this.root = root;
    this.scratch = scratch;
  }

  /** A file of the vocabularies. */
  Path file(String name) {
    return root.resolve(name);
  }

  Path scratchFolder() {
    try {
      return Files.createDirectory(scratch.resolve("f" + folders++));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The tokenizer of a name such as {@code albert-fast.v437.cased} or {@code bert-slow}. */
  Tokenizer get(String name) {
    return loaded.computeIfAbsent(name, this::load);
  }

  private Tokenizer load(String name) {
    var words = List.of(name.split("[-.]", -1));
    String family = words.get(0);
    var flavor = Flavor.valueOf(words.get(1).toUpperCase(java.util.Locale.ROOT));
    var options = TokenizerOptions.DEFAULT.withFlavor(flavor);
    var variant = words.subList(2, words.size());
    Path folder =
        switch (family) {
          case "bart", "longformer" -> root.resolve("roberta");
          default -> root.resolve(family);
        };
    if (variant.contains("v437") && variant.size() == 1) {
      folder = albertVariant("v437");
    } else if (variant.contains("v437")) {
      // Up to 4.39 user-defined symbols were pieces like others.
      folder = only(folder, "spiece.model", "spiece.model");
      options = options.withSymbolsAsPieces(true);
    } else if (variant.contains("v457")) {
      folder = albertVariant("v457");
    } else if (family.equals("bert")
        && (variant.contains("cased") || variant.contains("cased_strip"))) {
      folder = only(folder, "vocab_cased.txt", "vocab.txt");
    }
    return Tokenizer.load(folder, flags(variant, options));
  }

  /** The tokenizer that transformers 4.37 makes of a spiece.model alone. */
  Tokenizer albertFromSentencePiece() {
    return loaded.computeIfAbsent(
        "spiece.model alone",
        _ ->
            Tokenizer.load(
                only(root.resolve("albert"), "spiece.model", "spiece.model"),
                TokenizerOptions.DEFAULT.withFlavor(Flavor.FAST).withSymbolsAsPieces(true)));
  }

  /** The tokenizer that AutoTokenizer makes of a spiece.model alone, in transformers 4.57.6. */
  Tokenizer albertAsConverted() {
    return loaded.computeIfAbsent(
        "spiece.model as converted",
        _ ->
            Tokenizer.load(
                only(root.resolve("albert"), "spiece.model", "spiece.model"),
                TokenizerOptions.DEFAULT.withFlavor(Flavor.FAST)));
  }

  private static TokenizerOptions flags(List<String> variant, TokenizerOptions plain) {
    var options = plain;
    for (String word : variant) {
      options =
          switch (word) {
            case "cased" -> options.withFlag("do_lower_case", false);
            case "accents" -> options.withFlag("keep_accents", true);
            case "cased_accents" ->
                options.withFlag("do_lower_case", false).withFlag("keep_accents", true);
            case "nospace" -> options.withFlag("remove_space", false);
            case "all_off" ->
                options
                    .withFlag("do_lower_case", false)
                    .withFlag("keep_accents", true)
                    .withFlag("remove_space", false);
            case "prefix" -> options.withFlag("add_prefix_space", true);
            case "notrim" -> options.withFlag("trim_offsets", false);
            case "prefix_notrim" ->
                options.withFlag("add_prefix_space", true).withFlag("trim_offsets", false);
            case "lower_keepaccents" -> options.withFlag("strip_accents", false);
            case "cased_strip" ->
                options.withFlag("do_lower_case", false).withFlag("strip_accents", true);
            case "nochinese" -> options.withFlag("tokenize_chinese_chars", false);
            case "nobasic" -> options.withFlag("do_basic_tokenize", false);
            case "v437", "v457" -> options;
            default -> throw new IllegalArgumentException("no variant " + word + " is known");
          };
    }
    return options;
  }

  private Path albertVariant(String version) {
    return only(
        root.resolve("albert"), "variants/tokenizer." + version + ".json.gz", "tokenizer.json");
  }

  /** A folder with one file of another one, and what tells of special tokens. */
  private Path only(Path folder, String file, String as) {
    var target = scratchFolder();
    try (var in = Texts.open(folder.resolve(file))) {
      Files.copy(in, target.resolve(as));
      for (String name : List.of("tokenizer_config.json", "special_tokens_map.json")) {
        if (Files.exists(folder.resolve(name))) {
          Files.copy(folder.resolve(name), target.resolve(name));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return target;
  }

  /** A tokenizer from the text of a tokenizer.json. */
  Tokenizer fromJson(String json) {
    var folder = scratchFolder();
    try {
      Files.writeString(folder.resolve("tokenizer.json"), json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Tokenizer.load(folder);
  }
}
