package io.lanewise.task;

import io.lanewise.InputException;
import io.lanewise.model.FolderSettings;
import io.lanewise.model.Head;
import io.lanewise.model.Options;
import io.lanewise.task.text.TextModel;
import java.nio.file.Path;
import java.util.List;

/**
 * Says whether one text follows another, as BERT and NEZHA learn it in pre-training: Hugging Face's
 * {@code …ForNextSentencePrediction}, also of the checkpoints of {@code …ForPreTraining}.
 *
 * <pre>{@code
 * try (var nextSentence = NextSentence.load(Path.of("bert-base-uncased"))) {
 *   var answer = nextSentence.predict("It was raining.", "We stayed at home.");
 *   System.out.println(answer.probability());
 * }
 * }</pre>
 *
 * <p>Thread-safe. Closing waits for running calls and frees the model.
 */
public final class NextSentence implements Task<TextPair, NextSentence.Answer> {
  private final SentencePairs pairs;

  private NextSentence(SentencePairs pairs) {
    this.pairs = pairs;
  }

  /**
   * Whether the second text follows the first.
   *
   * @param probability that it does: the softmax's first of two
   */
  public record Answer(float probability) {
    /** Whether it rather follows than not. */
    public boolean follows() {
      return probability >= 0.5f;
    }
  }

  /**
   * Loads a model folder for the question whether texts follow each other.
   *
   * @param folder holds the checkpoint and its tokenizer
   * @param options the model's head among them is not used: it is {@link
   *     Head#NEXT_SENTENCE_PREDICTION}
   * @throws io.lanewise.LanewiseException if the folder cannot be loaded, or its family has not
   *     learned this
   */
  public static NextSentence load(Path folder, TaskOptions options) {
    return load(FolderSettings.of(folder), options);
  }

  /** The same from a folder whose settings may have been read. */
  public static NextSentence load(FolderSettings folder, TaskOptions options) {
    var texts = TextModel.load(folder, Head.NEXT_SENTENCE_PREDICTION, options);
    return new NextSentence(new SentencePairs(texts, texts::logits));
  }

  /** The same with {@link TaskOptions#DEFAULT}. */
  public static NextSentence load(Path folder) {
    return load(folder, TaskOptions.DEFAULT);
  }

  /** The same with the defaults, but for how the model is loaded. */
  public static NextSentence load(Path folder, Options model) {
    return load(folder, TaskOptions.of(model));
  }

  /** Whether the second text follows the first. */
  public Answer predict(String first, String second) {
    return predict(TextPair.of(first, second));
  }

  /**
   * For each pair whether its second text follows the first.
   *
   * @throws InputException if a second text is missing, or a pair has more tokens than the model
   *     takes
   */
  @Override
  public List<Answer> predictAll(List<TextPair> inputs) {
    return pairs.answers(inputs, Answer::new);
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
