package io.lanewise.springai;

import io.lanewise.InputException;
import io.lanewise.task.Embedder;
import io.lanewise.task.PoolingMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The embedder that does what options say; all of them share one model. */
final class EmbedderView {
  private static final List<String> QUERY = List.of("query");
  private static final List<String> DOCUMENT = List.of("document", "passage", "corpus");

  private EmbedderView() {}

  /**
   * @throws InputException if the folder has no prompt of the name, or fewer dimensions
   * @throws io.lanewise.LanewiseException if what comes after the pooling wants another size
   */
  static Embedder of(Embedder embedder, LanewiseEmbeddingOptions options) {
    var view = withPrompt(embedder, options);
    if (options.pooling() != null) {
      view = view.withPooling(options.pooling().toArray(PoolingMode[]::new));
    }
    var dimensions = options.dimensions();
    if (dimensions != null) {
      if (dimensions > view.size()) {
        throw new InputException(
            "dimensions %d: the model's vectors have %d numbers; ask for no more"
                .formatted(dimensions, view.size()));
      }
      view = view.withDimensions(dimensions);
    }
    boolean cut = dimensions != null;
    if (options.normalised() != null || cut) {
      view = view.withNormalisation(options.normalised() == null || options.normalised());
    }
    return view;
  }

  private static Embedder withPrompt(Embedder embedder, LanewiseEmbeddingOptions options) {
    return switch (options.inputType()) {
      case null -> withPrompt(embedder, options, null, List.of());
      case QUERY -> withPrompt(embedder, options, options.queryPrompt(), QUERY);
      case DOCUMENT -> withPrompt(embedder, options, options.documentPrompt(), DOCUMENT);
    };
  }

  /**
   * @param own the prompt of this kind of texts, if it was said
   * @param names of the folder's prompts for this kind
   */
  private static Embedder withPrompt(
      Embedder embedder,
      LanewiseEmbeddingOptions options,
      @Nullable String own,
      List<String> names) {
    if (own != null) {
      return embedder.withPrompt(own);
    }
    if (options.prompt() != null) {
      return embedder.withPrompt(options.prompt());
    }
    if (options.promptName() != null) {
      return embedder.withPromptNamed(options.promptName());
    }
    return names.stream()
        .filter(embedder.prompts()::containsKey)
        .findFirst()
        .map(embedder::withPromptNamed)
        .orElse(embedder);
  }
}
