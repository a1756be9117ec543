package io.lanewise.task;

import io.lanewise.InputException;
import io.lanewise.model.FolderSettings;
import io.lanewise.model.Head;
import io.lanewise.model.Options;
import io.lanewise.task.text.Given;
import io.lanewise.task.text.TextModel;
import io.lanewise.tokenizer.Encoding;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Chooses among several ways in which a text may go on, or answers to a question: Hugging Face's
 * {@code …ForMultipleChoice}, with each choice encoded behind the prompt as its documentation
 * shows.
 *
 * <pre>{@code
 * try (var multipleChoice = MultipleChoice.load(Path.of("roberta-swag"))) {
 *   var choices = List.of("played.", "ate it.");
 *   var best = multipleChoice.predict("He sat down at the piano and", choices).getFirst();
 *   System.out.println(best.label() + " " + best.score());
 * }
 * }</pre>
 *
 * <p>Thread-safe. Closing waits for running calls and frees the model.
 */
public final class MultipleChoice implements Task<MultipleChoice.Question, List<LabelScore>> {
  private final TextModel texts;

  private MultipleChoice(TextModel texts) {
    this.texts = texts;
  }

  /**
   * A text and what may come behind it.
   *
   * @param choices at least one
   */
  public record Question(String prompt, List<String> choices) {
    public Question {
      Given.text("prompt", prompt);
      choices = Given.texts("choice", choices);
      if (choices.isEmpty()) {
        throw new InputException(
            "the prompt \"%s\" has no choices: give at least one"
                .formatted(TextModel.excerpt(prompt)));
      }
    }
  }

  /**
   * Loads a model folder for multiple choice.
   *
   * @param folder holds the checkpoint and its tokenizer
   * @param options the model's head among them is not used: it is {@link Head#MULTIPLE_CHOICE}
   * @throws io.lanewise.LanewiseException if the folder cannot be loaded
   */
  public static MultipleChoice load(Path folder, TaskOptions options) {
    return load(FolderSettings.of(folder), options);
  }

  /** The same from a folder whose settings may have been read. */
  public static MultipleChoice load(FolderSettings folder, TaskOptions options) {
    return new MultipleChoice(TextModel.load(folder, Head.MULTIPLE_CHOICE, options));
  }

  /** The same with {@link TaskOptions#DEFAULT}. */
  public static MultipleChoice load(Path folder) {
    return load(folder, TaskOptions.DEFAULT);
  }

  /** The same with the defaults, but for how the model is loaded. */
  public static MultipleChoice load(Path folder, Options model) {
    return load(folder, TaskOptions.of(model));
  }

  /** The choices of one question, the best first. */
  public List<LabelScore> predict(String prompt, List<String> choices) {
    return predict(new Question(prompt, choices));
  }

  /**
   * For each question its choices, the best first; the scores are the softmax over them, the ids
   * their places in the question.
   *
   * @throws InputException if a prompt with a choice has more tokens than the model takes
   */
  @Override
  public List<List<LabelScore>> predictAll(List<Question> inputs) {
    Given.inputs(inputs);
    var encodings = new ArrayList<Encoding>();
    for (var question : inputs) {
      for (var choice : question.choices()) {
        encodings.add(texts.encode(question.prompt(), choice));
      }
    }
    // A choice's logit does not depend on the others, so each goes through the model for itself.
    var logits = texts.logits(encodings).iterator();
    return inputs.stream()
        .map(
            question -> {
              var scores = new float[question.choices().size()];
              for (int i = 0; i < scores.length; i++) {
                scores[i] = logits.next()[0];
              }
              return LabelScore.ranked(question.choices(), ScoreFunction.SOFTMAX.apply(scores));
            })
        .toList();
  }

  @Override
  public void warmUp() {
    texts.warmUp();
  }

  @Override
  public void close() {
    texts.close();
  }
}
