package io.lanewise.task;

import io.lanewise.CheckpointException;
import io.lanewise.InputException;
import io.lanewise.Remedy;
import io.lanewise.model.FolderSettings;
import io.lanewise.model.Head;
import io.lanewise.model.Options;
import io.lanewise.model.Output;
import io.lanewise.task.text.TextModel;
import io.lanewise.tokenizer.Encoding;
import java.nio.file.Path;
import java.util.List;

/**
 * Says whether two pieces of a text stand in their order or are swapped, as ALBERT learns it in
 * pre-training: the {@code sop_logits} of Hugging Face's {@code AlbertForPreTraining}.
 *
 * <pre>{@code
 * try (var sentenceOrder = SentenceOrder.load(Path.of("albert-base-v2"))) {
 *   var answer = sentenceOrder.predict("She opened the door.", "Then she went in.");
 *   System.out.println(answer.probability());
 * }
 * }</pre>
 *
 * <p>Thread-safe. Closing waits for running calls and frees the model.
 */
public final class SentenceOrder implements Task<TextPair, SentenceOrder.Answer> {
  private final SentencePairs pairs;

  private SentenceOrder(SentencePairs pairs) {
    this.pairs = pairs;
  }

  /**
   * Whether two texts stand in their order.
   *
   * @param probability that they do: the softmax's first of two
   */
  public record Answer(float probability) {
    /** Whether they are rather in order than swapped. */
    public boolean inOrder() {
      return probability >= 0.5f;
    }
  }

  /**
   * Loads a model folder for the order of texts.
   *
   * @param folder holds the checkpoint and its tokenizer
   * @param options the model's head among them is not used: it is {@link Head#PRE_TRAINING}
   * @throws io.lanewise.LanewiseException if the folder cannot be loaded, or its family has not
   *     learned this
   */
  public static SentenceOrder load(Path folder, TaskOptions options) {
    return load(FolderSettings.of(folder), options);
  }

  /** The same from a folder whose settings may have been read. */
  public static SentenceOrder load(FolderSettings folder, TaskOptions options) {
    var texts = TextModel.load(folder, Head.PRE_TRAINING, options);
    try {
      // ALBERT alone was asked this; its name for the answer is sop_logits (AlbertForPreTraining).
      if (!texts.model().family().equals("albert")) {
        throw new CheckpointException(
            folder
                + ": "
                + texts.model().family()
                + " gives no sop_logits, as ALBERT does (BERT and NEZHA give"
                + " seq_relationship_logits): ask whether one sentence follows the other",
            Remedy.NEXT_SENTENCE);
      }
      return new SentenceOrder(new SentencePairs(texts, encodings -> logits(texts, encodings)));
    } catch (RuntimeException e) {
      texts.close();
      throw e;
    }
  }

  /** The same with {@link TaskOptions#DEFAULT}. */
  public static SentenceOrder load(Path folder) {
    return load(folder, TaskOptions.DEFAULT);
  }

  /** The same with the defaults, but for how the model is loaded. */
  public static SentenceOrder load(Path folder, Options model) {
    return load(folder, TaskOptions.of(model));
  }

  private static Output.PreTraining preTraining(TextModel texts, List<Encoding> batch) {
    return switch (texts.forward(batch)) {
      case Output.PreTraining output -> output;
      case Output other ->
          throw new IllegalStateException("a model of pre-training gave " + other.getClass());
    };
  }

  /** Whether two texts stand in their order. */
  public Answer predict(String first, String second) {
    return predict(TextPair.of(first, second));
  }

  /**
   * For each pair whether its texts stand in their order.
   *
   * @throws InputException if a second text is missing, or a pair has more tokens than the model
   *     takes
   */
  @Override
  public List<Answer> predictAll(List<TextPair> inputs) {
    return pairs.answers(inputs, Answer::new);
  }

  /** [2] for each encoding. */
  private static List<float[]> logits(TextModel texts, List<Encoding> encodings) {
    return texts.runOverVocabulary(
        encodings, batch -> TextModel.rows(preTraining(texts, batch).sentenceLogits()));
  }

  @Override
  public void warmUp() {
    pairs.texts().warmUp();
  }

  @Override
  public void close() {
    pairs.texts().close();
  }
}
