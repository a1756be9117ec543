package io.lanewise.task.sentence;

import io.lanewise.CheckpointException;
import io.lanewise.InputException;
import io.lanewise.TokenizerException;
import io.lanewise.model.FolderSettings;
import io.lanewise.model.Head;
import io.lanewise.model.Model;
import io.lanewise.model.Output;
import io.lanewise.task.TaskOptions;
import io.lanewise.task.text.Passes;
import io.lanewise.task.text.TextModel;
import io.lanewise.tensor.Tensor;
import io.lanewise.tokenizer.EncodeOptions.Truncation;
import io.lanewise.tokenizer.Encoding;
import java.util.List;

/**
 * The Transformer of a folder of sentence-transformers: a tokenizer and a model, and how texts are
 * given to them. Thread-safe.
 *
 * @param lowerCase whether texts are put into lower case first
 */
public record SentenceModel(TextModel texts, boolean lowerCase) implements AutoCloseable {
  /**
   * Loads it.
   *
   * @param folder whose settings may have been read, if the model lies right in it
   * @throws io.lanewise.LanewiseException if the model cannot be loaded
   */
  public static SentenceModel load(
      FolderSettings folder, TransformerSettings settings, Head head, TaskOptions options) {
    boolean own = settings.folder().equals(folder.folder());
    var transformer = own ? folder : FolderSettings.of(settings.folder());
    var tokenizer = TextModel.tokenizer(transformer, options.tokenizer());
    int specials = tokenizer.specials().count(false);
    if (settings.maxLength() > 0 && settings.maxLength() < specials) {
      throw new CheckpointException(
          "%s: max_seq_length %d has no room for the %d special tokens of a text"
              .formatted(settings.folder(), settings.maxLength(), specials));
    }
    var loading = options.model().withHead(head);
    var model = Model.load(transformer, head == Head.MODEL ? loading.withPooler(false) : loading);
    int most = settings.maxLength() > 0 ? settings.maxLength() : tokenizer.maxLength();
    return new SentenceModel(
        Passes.noted(new TextModel(tokenizer, model, options, Math.min(model.longest(), most))),
        settings.lowerCase());
  }

  /** The tokens of a text, cut to what the model takes. */
  public Encoding encode(String text) {
    return encode(text, texts.longest());
  }

  /** The tokens of a pair, cut to what the model takes, the longer text first. */
  public Encoding encodePair(String text, String pair) {
    return texts.encode(given(text), given(pair), texts.cutting(Truncation.LONGEST_FIRST));
  }

  private String given(String text) {
    var stripped = SentenceText.strip(text);
    return lowerCase ? SentenceText.lower(stripped) : stripped;
  }

  /** The same, cut to so many tokens. */
  Encoding encode(String text, int most) {
    var options = texts.cutting(Truncation.LONGEST_FIRST);
    return texts.encode(
        given(text), null, options.withMaxLength(Math.min(options.maxLength(), most)));
  }

  /** The token of this id; the id itself where the tokenizer has none, as in padded tables. */
  String name(int id) {
    try {
      return texts.tokenizer().token(id);
    } catch (TokenizerException _) {
      return String.valueOf(id);
    }
  }

  /** The size of a token's state. */
  public int hidden() {
    return texts.model().hiddenSize();
  }

  /** The last states of the tokens, [batch, tokens, hidden], or [read, hidden] if only some are. */
  public static Tensor states(Output of) {
    return switch (of) {
      case Output.Base output -> output.lastHiddenState();
      case Output other ->
          throw new IllegalStateException("a model without head gave " + other.getClass());
    };
  }

  /** The last states of all tokens of a batch. */
  public TokenStates states(List<Encoding> batch) {
    return TokenStates.unpadded(states(texts.forwardTokens(batch)), batch);
  }

  /**
   * The vector, all of whose numbers are finite.
   *
   * @throws InputException if one is not
   */
  public static float[] finite(float[] vector) {
    for (float number : vector) {
      if (!Float.isFinite(number)) {
        throw new InputException(
            "the model gives " + number + " in an embedding: its weights are not usable");
      }
    }
    return vector;
  }

  @Override
  public void close() {
    texts.close();
  }
}
