package io.lanewise.springai;

import io.lanewise.InputException;
import io.lanewise.task.Embedder;
import io.lanewise.tokenizer.EncodeOptions;
import io.lanewise.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.content.Media;
import org.springframework.ai.content.MediaContent;
import org.springframework.ai.tokenizer.TokenCountEstimator;
import org.springframework.util.CollectionUtils;

/**
 * Counts tokens by the model's own tokenizer, without the special ones that stand around a text:
 * for splitters, which add pieces up.
 *
 * <pre>{@code
 * var estimator = LanewiseTokenCountEstimator.of(Path.of("all-MiniLM-L6-v2"));
 * System.out.println(estimator.estimate("A cat sits on the mat."));
 * }</pre>
 *
 * <p>Thread-safe.
 */
public final class LanewiseTokenCountEstimator implements TokenCountEstimator {
  private final Tokenizer tokenizer;
  private final EncodeOptions options;

  /** Counts by this tokenizer. */
  public LanewiseTokenCountEstimator(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
    this.options = EncodeOptions.DEFAULT.withAddSpecialTokens(false);
  }

  /**
   * Counts by the tokenizer of a folder, of sentence-transformers or of a model alone.
   *
   * @throws io.lanewise.LanewiseException if it cannot be loaded
   */
  public static LanewiseTokenCountEstimator of(Path folder) {
    return new LanewiseTokenCountEstimator(Tokenizer.load(Embedder.modelFolder(folder)));
  }

  /** Tokens of a text, however long; 0 for null. */
  @Override
  public int estimate(@Nullable String text) {
    return text == null || text.isEmpty() ? 0 : tokenizer.encode(text, options).length();
  }

  /**
   * Tokens of a text with media.
   *
   * @throws InputException if there are media: a text model has no tokens for them
   */
  @Override
  public int estimate(MediaContent content) {
    var media = content.getMedia();
    if (!CollectionUtils.isEmpty(media)) {
      throw new InputException(
          "media of type %s have no tokens in a text model: count the text alone"
              .formatted(types(media)));
    }
    return estimate(content.getText());
  }

  private static List<String> types(Iterable<? extends Media> media) {
    var types = new ArrayList<String>();
    media.forEach(each -> types.add(each.getMimeType().toString()));
    return types;
  }

  /** Tokens of them all together. */
  @Override
  public int estimate(Iterable<MediaContent> messages) {
    int sum = 0;
    for (var message : messages) {
      sum += estimate(message);
    }
    return sum;
  }
}
