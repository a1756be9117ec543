package io.lanewise.task.sentence;

import io.lanewise.checkpoint.Checkpoint;
import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.folder.JsonConfig;
import io.lanewise.task.text.TextModel;
import io.lanewise.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Both sides of a late-interaction model in a folder of sentence-transformers or PyLate: how
 * queries and documents are marked, cut, filled and counted.
 */
record LateSides(SentenceModel model, TransformerSettings transformer, EmbeddingSettings settings) {
  private static final String QUERY = "query";
  private static final String DOCUMENT = "document";

  /** Python's {@code string.punctuation}, which ColBERT skips in documents. */
  static final List<String> PUNCTUATION =
      "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~".chars().mapToObj(Character::toString).toList();

  /** Keys of {@code config_sentence_transformers.json} by which PyLate's folders are known. */
  private static final List<String> OF_PYLATE =
      List.of(
          "query_prefix",
          "document_prefix",
          "query_length",
          "document_length",
          "skiplist_words",
          "do_query_expansion",
          "attend_to_expansion_tokens");

  /** What {@code MultiVectorMask} says: which ids never count in which texts. */
  private record Counting(Set<Integer> skipped, List<String> tasks, Set<Integer> kept) {}

  /** Whether PyLate saved the folder, which has its settings in another place, and no mask. */
  boolean areOfPyLate() {
    var config = settings.config();
    return config.text("model_type", "").equals("ColBERT")
        || OF_PYLATE.stream().anyMatch(config::has);
  }

  private Tokenizer tokenizer() {
    return model.texts().tokenizer();
  }

  /**
   * The model.
   *
   * @param mask the folder of the module that says what counts; empty for PyLate's defaults, or
   *     those of sentence-transformers: what a text itself has
   */
  LateModel with(Optional<Path> mask, List<SentenceModule> modules, boolean mean) {
    var counting = mask.map(this::counting).orElseGet(this::unmasked);
    boolean expansionCounts = mask.isPresent() || areOfPyLate();
    var expansion = expansion();
    expansion.ifPresent(this::checkLength);
    var queries =
        new LateTexts(
            areOfPyLate() ? settings.prompt() : settings.forQueries(),
            marker(QUERY, "[Q] "),
            queryMost(expansion),
            expansion,
            expansionCounts,
            counting.tasks.contains(QUERY) ? counting.skipped : Set.of(),
            Set.of(),
            0);
    var documents =
        new LateTexts(
            areOfPyLate() ? settings.prompt() : settings.forDocuments(),
            marker(DOCUMENT, "[D] "),
            Math.min(length(DOCUMENT, 180).orElse(most()), model.texts().longest()),
            Optional.empty(),
            false,
            counting.tasks.contains(DOCUMENT) ? counting.skipped : Set.of(),
            counting.kept,
            0);
    return new LateModel(model, modules, queries, documents, mean);
  }

  private int most() {
    return LateFolder.most(model, transformer);
  }

  private Counting unmasked() {
    var config = settings.config();
    var words = config.has("skiplist_words") ? config.texts("skiplist_words") : PUNCTUATION;
    return new Counting(
        areOfPyLate() ? ids(tokenizer(), words) : Set.of(), List.of(DOCUMENT), Set.of());
  }

  private Counting counting(Path folder) {
    var config = Checkpoint.config(folder);
    var key = "skiplist_tasks";
    var tasks =
        !config.has(key)
            ? List.of(DOCUMENT)
            : JsonConfig.tree(config).get(key).isTextual()
                ? List.of(config.text(key, ""))
                : config.texts(key);
    var kept = new HashSet<Integer>();
    if (config.has("keep_only_token_ids")) {
      int count = JsonConfig.tree(config).get("keep_only_token_ids").size();
      if (count > 0) {
        kept.addAll(config.positives("keep_only_token_ids", 0, count));
      }
    }
    return new Counting(ids(tokenizer(), config.texts("skiplist_words")), tasks, Set.copyOf(kept));
  }

  /** The ids of words that are one token each; of others there is none to skip. */
  static Set<Integer> ids(Tokenizer tokenizer, Collection<String> words) {
    return words.stream()
        .flatMap(word -> tokenizer.id(word).stream().boxed())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** PyLate puts the id of a prefix behind the first token; others have it in the prompt. */
  private OptionalInt marker(String side, String unlessNamed) {
    if (!areOfPyLate()) {
      return OptionalInt.empty();
    }
    var key = side + "_prefix";
    var prefix = settings.config().text(key, unlessNamed);
    return prefix.isEmpty()
        ? OptionalInt.empty()
        : OptionalInt.of(marker(tokenizer(), settings.config(), key, prefix));
  }

  /** The id of a marker, which must be one token. */
  static int marker(Tokenizer tokenizer, Config config, String key, String marker) {
    return tokenizer
        .id(marker)
        .orElseThrow(
            () -> config.wrong(key, TextModel.excerpt(marker) + " is no token of the vocabulary"));
  }

  /** The length of one side: what the model's settings say, else what PyLate says or takes. */
  private Optional<Integer> length(String side, int ofPyLate) {
    var key = side + "_length";
    if (transformer.config().has(key)) {
      return Optional.of(transformer.config().positive(key, 0));
    }
    return areOfPyLate()
        ? Optional.of(settings.config().positive(key, ofPyLate))
        : Optional.empty();
  }

  private Optional<QueryExpansion> expansion() {
    var own = QueryExpansion.of(transformer.config(), tokenizer());
    var config = settings.config();
    if (own.isPresent() || !areOfPyLate()) {
      return own;
    }
    if (config.has("query_expansion")) {
      return QueryExpansion.of(config, tokenizer());
    }
    boolean attended =
        config.bool("attend_to_expansion_tokens", config.bool("attend_to_mask_tokens", false));
    return config.bool("do_query_expansion", true)
        ? Optional.of(
            QueryExpansion.fixed(config, tokenizer(), attended, length(QUERY, 32).orElseThrow()))
        : Optional.empty();
  }

  private void checkLength(QueryExpansion expansion) {
    var config = transformer.config();
    if (config.has("query_length") && config.positive("query_length", 0) < expansion.length()) {
      throw config.wrong(
          "query_length", "it is less than the " + expansion.length() + " of query_expansion");
    }
    checkFits(config, expansion, model);
  }

  /** Refuses to fill queries beyond what the model takes. */
  static void checkFits(Config config, QueryExpansion expansion, SentenceModel model) {
    if (expansion.length() > model.texts().longest()) {
      throw config.wrong(
          "query_expansion",
          "queries are filled to %d tokens, the model takes at most %d"
              .formatted(expansion.length(), model.texts().longest()));
    }
  }

  private int queryMost(Optional<QueryExpansion> expansion) {
    if (expansion.filter(QueryExpansion::fixed).isPresent()) {
      return expansion.get().length();
    }
    int least = expansion.map(QueryExpansion::length).orElse(0);
    int said = length(QUERY, 32).map(length -> Math.max(length, least)).orElse(most());
    return Math.min(said, model.texts().longest());
  }
}
