package io.lanewise.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanewise.InputException;
import io.lanewise.checkpoint.Config;
import io.lanewise.model.Head;
import io.lanewise.model.Options;
import io.lanewise.tokenizer.EncodeOptions.Truncation;
import io.lanewise.tokenizer.Encoding;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Gives texts labels that the model was not trained for, as Hugging Face's {@code
 * ZeroShotClassificationPipeline} does: a model of natural language inference says for each label
 * whether the text entails a sentence with it, such as "This example is sports."
 *
 * <pre>{@code
 * try (var zeroShot = ZeroShot.load(Path.of("bart-large-mnli"), Options.DEFAULT)) {
 *   var best = zeroShot.predict("The match ended in a draw.", List.of("sports", "politics")).getFirst();
 *   System.out.println(best.label() + " " + best.score());
 * }
 * }</pre>
 *
 * <p>A text that is too long with the hypothesis is cut, the hypothesis never. Thread-safe. Closing
 * waits for running calls and frees the model.
 */
public final class ZeroShot implements Task<ZeroShot.Question, List<LabelScore>> {
  private static final System.Logger LOG = System.getLogger("io.lanewise.task");

  private final TextModel texts;
  private final int entailment;
  private final HypothesisTemplate template;
  private final boolean multiLabel;

  private ZeroShot(
      TextModel texts, int entailment, HypothesisTemplate template, boolean multiLabel) {
    this.texts = texts;
    this.entailment = entailment;
    this.template = template;
    this.multiLabel = multiLabel;
  }

  /**
   * A text and the labels that it may have.
   *
   * @param labels at least one
   */
  public record Question(String text, List<String> labels) {
    private static final int MOST_LABELS = 10_000;

    public Question {
      labels = List.copyOf(labels);
      if (labels.isEmpty()) {
        throw new InputException(
            "the text \"%s\" has no labels to choose from: give at least one"
                .formatted(TextModel.excerpt(text)));
      }
      if (labels.size() > MOST_LABELS) {
        throw new InputException(
            "the text \"%s\" has %d labels to choose from, each of which is read with it: give at most %d"
                .formatted(TextModel.excerpt(text), labels.size(), MOST_LABELS));
      }
    }
  }

  /**
   * Loads a folder with a model of natural language inference.
   *
   * @param folder holds the checkpoint and its tokenizer
   * @param options the head among them is not used: it is {@link Head#SEQUENCE_CLASSIFICATION}
   * @throws io.lanewise.LanewiseException if the folder cannot be loaded, or its {@code label2id}
   *     is not usable
   */
  public static ZeroShot load(Path folder, Options options) {
    return load(folder, options, Limits.DEFAULT);
  }

  /** The same within other limits. */
  public static ZeroShot load(Path folder, Options options, Limits limits) {
    var texts = TextModel.load(folder, Head.SEQUENCE_CLASSIFICATION, options, limits);
    try {
      var labels = texts.model().labels();
      int entailment = entailment(texts.model().config(), labels);
      if (!isEntailment(labels.get(entailment))) {
        LOG.log(
            Level.WARNING,
            "%s: no label begins with \"entail\", so %s is taken for it: the model may not be one of natural language inference"
                .formatted(folder, TextModel.excerpt(labels.get(entailment))));
      }
      return new ZeroShot(texts, entailment, new HypothesisTemplate("This example is {}."), false);
    } catch (RuntimeException e) {
      texts.close();
      throw e;
    }
  }

  /**
   * The first label of {@code label2id}, in the order of the file, that begins with "entail"; the
   * last output where there is none, as the pipeline has it.
   */
  private static int entailment(Config config, List<String> labels) {
    if (config.tree().get("label2id") instanceof ObjectNode ids) {
      for (var entry : ids.properties()) {
        if (isEntailment(entry.getKey())) {
          var id = entry.getValue();
          if (!id.isInt() || id.intValue() < 0 || id.intValue() >= labels.size()) {
            throw config.wrong(
                "label2id",
                "the label %s has the id %s, the model has %d outputs"
                    .formatted(TextModel.excerpt(entry.getKey()), id, labels.size()));
          }
          return id.intValue();
        }
      }
      return labels.size() - 1;
    }
    for (int id = 0; id < labels.size(); id++) {
      if (isEntailment(labels.get(id))) {
        return id;
      }
    }
    return labels.size() - 1;
  }

  private static boolean isEntailment(String label) {
    return label.toLowerCase(Locale.ROOT).startsWith("entail");
  }

  /**
   * The same with another hypothesis; "This example is {}." if not said.
   *
   * @param newTemplate {@code {}} is where the label stands, <code>{{</code> is a brace
   * @throws InputException if it has no place for the label
   */
  public ZeroShot withTemplate(String newTemplate) {
    return new ZeroShot(texts, entailment, new HypothesisTemplate(newTemplate), multiLabel);
  }

  /**
   * The same with labels that do not exclude each other: each has a probability of its own,
   * entailment against contradiction. If not said, they share a probability of 1. A single label
   * always has its own.
   */
  public ZeroShot withMultiLabel(boolean newMultiLabel) {
    return new ZeroShot(texts, entailment, template, newMultiLabel);
  }

  /**
   * The label whose logit counts: the first of {@code label2id} that begins with "entail", the last
   * one if none does.
   */
  public String entailment() {
    return texts.model().labels().get(entailment);
  }

  /** The labels of one text, the best first. */
  public List<LabelScore> predict(String text, List<String> labels) {
    return predict(new Question(text, labels));
  }

  /**
   * For each text its labels, the best first.
   *
   * @throws InputException if a hypothesis leaves no room for its text
   */
  @Override
  public List<List<LabelScore>> predictAll(List<Question> inputs) {
    var options = texts.cutting(Truncation.ONLY_FIRST);
    var encodings = new ArrayList<Encoding>();
    for (var question : inputs) {
      for (var label : question.labels()) {
        encodings.add(texts.encode(question.text(), template.with(label), options));
      }
    }
    var logits = texts.logits(encodings).iterator();
    return inputs.stream()
        .map(
            question -> {
              var own = question.labels().stream().map(_ -> logits.next()).toList();
              return LabelScore.ranked(question.labels(), scores(own));
            })
        .toList();
  }

  /** The pipeline's formula: its contradiction is the first output, or the last one. */
  private float[] scores(List<float[]> logits) {
    var scores = new float[logits.size()];
    if (!multiLabel && logits.size() > 1) {
      for (int i = 0; i < scores.length; i++) {
        scores[i] = logits.get(i)[entailment];
      }
      return ScoreFunction.SOFTMAX.apply(scores);
    }
    for (int i = 0; i < scores.length; i++) {
      var each = logits.get(i);
      int contradiction = entailment == 0 ? each.length - 1 : 0;
      var both = new float[] {each[contradiction], each[entailment]};
      scores[i] = ScoreFunction.SOFTMAX.apply(both)[1];
    }
    return scores;
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
