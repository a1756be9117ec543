package io.lanewise.checkpoint;

import io.lanewise.checkpoint.format.ModelFolder;
import io.lanewise.checkpoint.format.WeightFormat;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which files of a model on the Hub run here.
 *
 * @param all files of the model, by their paths with slashes
 */
record WantedFiles(Set<String> all) {
  static final String MODULES = "modules.json";
  static final String ROUTER = "router_config.json";

  private static final Set<String> SETTINGS =
      Set.of(
          ModelFolder.CONFIG,
          "generation_config.json",
          MODULES,
          "config_sentence_transformers.json",
          ROUTER,
          "idf.json",
          "artifact.metadata",
          "sparse_linear.pt",
          "colbert_linear.pt",
          "tokenizer.json",
          "tokenizer_config.json",
          "special_tokens_map.json",
          "added_tokens.json",
          "vocab.json",
          "vocab.txt",
          "merges.txt",
          "spiece.model",
          "sentencepiece.bpe.model",
          "sentencepiece.model",
          "spm.model",
          "tokenizer.model");

  private static final Pattern SENTENCE_SETTINGS = Pattern.compile("sentence_[a-z]+_config\\.json");

  /** As transformers prefers them, which reads a pickle before the files of other frameworks. */
  private static final List<WeightFormat> FORMATS =
      List.of(
          WeightFormat.SAFETENSORS,
          WeightFormat.PYTORCH,
          WeightFormat.TENSORFLOW,
          WeightFormat.FLAX);

  WantedFiles {
    all = Set.copyOf(all);
  }

  /** Settings and tokenizer files right in a folder. */
  List<String> settings(String folder) {
    return all.stream()
        .filter(
            file -> {
              var name = file.startsWith(folder) ? file.substring(folder.length()) : "/";
              return SETTINGS.contains(name) || SENTENCE_SETTINGS.matcher(name).matches();
            })
        .sorted()
        .toList();
  }

  /**
   * The weights right in a folder: one file, or the index that lists several; empty for none. Those
   * that can be read here come first.
   */
  Optional<String> weights(String folder) {
    return FORMATS.stream()
        .sorted(Comparator.comparing(format -> format.missingLibrary().isPresent()))
        .flatMap(format -> Stream.of(format.single(), format.index()))
        .map(name -> folder + name)
        .filter(all::contains)
        .findFirst();
  }

  /** What there is that ends like weights, for an error that says why none of it is taken. */
  List<String> otherWeights() {
    return all.stream().filter(ModelFolder::endsLikeWeights).sorted().limit(6).toList();
  }

  /** The files that patterns name. */
  List<String> matching(List<String> patterns) {
    return all.stream().filter(file -> matches(patterns, file)).sorted().toList();
  }

  /** Whether one of the patterns names a file, as Python's {@code fnmatch} has it. */
  static boolean matches(List<String> patterns, String file) {
    return patterns.stream()
        .map(WantedFiles::expression)
        .anyMatch(expression -> expression.matcher(file).matches());
  }

  private static Pattern expression(String pattern) {
    var whole = pattern.endsWith("/") ? pattern + "*" : pattern;
    var expression = new StringBuilder();
    for (int i = 0; i < whole.length(); i++) {
      char c = whole.charAt(i);
      int close = c == '[' ? whole.indexOf(']', i + 2) : -1;
      if (c == '*') {
        expression.append(".*");
      } else if (c == '?') {
        expression.append('.');
      } else if (close > 0) {
        var inside = whole.substring(i + 1, close);
        boolean others = inside.startsWith("!");
        expression
            .append(others ? "[^" : "[")
            .append(inside.substring(others ? 1 : 0).replaceAll("[\\\\\\[\\]^&]", "\\\\$0"))
            .append(']');
        i = close;
      } else {
        expression.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return Pattern.compile(expression.toString(), Pattern.DOTALL);
  }
}
