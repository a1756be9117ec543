package io.lanewise.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanewise.InputException;
import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.folder.JsonConfig;
import io.lanewise.model.FolderSettings;
import io.lanewise.model.Head;
import io.lanewise.model.Options;
import io.lanewise.task.sentence.SentenceText;
import io.lanewise.task.text.Given;
import io.lanewise.task.text.HypothesisTemplate;
import io.lanewise.task.text.TextModel;
import io.lanewise.tokenizer.EncodeOptions.Truncation;
import io.lanewise.tokenizer.Encoding;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Gives texts labels that the model was not trained for, as Hugging Face's {@code
 * ZeroShotClassificationPipeline} does: a model of natural language inference says for each label
 * whether the text entails a sentence with it, such as "This example is sports."
 *
 * <pre>{@code
 * try (var zeroShot = ZeroShot.load(Path.of("bart-large-mnli"))) {
 *   var labels = List.of("sports", "politics");
 *   var best = zeroShot.predict("The match ended in a draw.", labels).getFirst();
 *   System.out.println(best.label() + " " + best.score());
 * }
 * }</pre>
 *
 * <p>A text that is too long with the hypothesis is cut, the hypothesis never. Thread-safe. Closing
 * waits for running calls and frees the model.
 */
public final class ZeroShot implements Task<ZeroShot.Question, List<LabelScore>> {
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
      Given.text("text", text);
      labels = Given.texts("label", labels);
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

    /**
     * The same with labels in one text.
     *
     * @param labels as {@link ZeroShot#labels} takes them
     */
    public Question(String text, String labels) {
      this(text, ZeroShot.labels(labels));
    }
  }

  /**
   * Labels in one text, separated by commas. As in Hugging Face's pipeline, spaces around a label
   * do not count, and nothing between two commas is no label; labels of a list are taken as they
   * are.
   */
  public static List<String> labels(String text) {
    return Arrays.stream(Given.text("text of the labels", text).split(","))
        .map(SentenceText::strip)
        .filter(label -> !label.isEmpty())
        .toList();
  }

  /**
   * Loads a folder with a model of natural language inference.
   *
   * @param folder holds the checkpoint and its tokenizer
   * @param options the model's head among them is not used: it is {@link
   *     Head#SEQUENCE_CLASSIFICATION}
   * @throws io.lanewise.LanewiseException if the folder cannot be loaded, or none of its labels
   *     begins with "entail"
   */
  public static ZeroShot load(Path folder, TaskOptions options) {
    return load(folder, options, null);
  }

  /** The same with {@link TaskOptions#DEFAULT}. */
  public static ZeroShot load(Path folder) {
    return load(folder, TaskOptions.DEFAULT);
  }

  /** The same with the defaults, but for how the model is loaded. */
  public static ZeroShot load(Path folder, Options model) {
    return load(folder, TaskOptions.of(model));
  }

  /**
   * The same for a model whose labels are called otherwise.
   *
   * @param entailment the label that says that a text entails the hypothesis; null for the one that
   *     begins with "entail". Hugging Face's pipeline takes the last label where there is none and
   *     warns; its answers mean nothing then, so that here somebody has to say it
   * @throws io.lanewise.LanewiseException if the folder cannot be loaded, or the model has no such
   *     label
   */
  public static ZeroShot load(Path folder, TaskOptions options, @Nullable String entailment) {
    return load(FolderSettings.of(folder), options, entailment);
  }

  /** The same from a folder whose settings may have been read. */
  public static ZeroShot load(
      FolderSettings folder, TaskOptions options, @Nullable String entailment) {
    var texts = TextModel.load(folder, Head.SEQUENCE_CLASSIFICATION, options);
    try {
      var config = texts.model().config();
      var labels = texts.model().labels();
      int output = entailment(config, labels, entailment);
      if (output < 0) {
        throw config.wrong(
            "id2label",
            "%s, the labels are %s: take a model of natural language inference, or say which label means entailment (ZeroShot.load, --entailment)"
                .formatted(
                    entailment == null
                        ? "no label begins with \"entail\""
                        : "no label is called \"" + TextModel.excerpt(entailment) + "\"",
                    TextModel.excerpt(String.join(", ", labels))));
      }
      return new ZeroShot(texts, output, new HypothesisTemplate("This example is {}."), false);
    } catch (RuntimeException e) {
      texts.close();
      throw e;
    }
  }

  /**
   * The output of the label that was said, or of the first label of {@code label2id}, in the order
   * of the file, that begins with "entail"; -1 for none. As in Hugging Face, {@code label2id}
   * counts beside {@code id2label} only.
   *
   * @param said null for none
   */
  private static int entailment(Config config, List<String> labels, @Nullable String said) {
    if (said != null && labels.contains(said)) {
      return labels.indexOf(said);
    }
    if (config.has("id2label")
        && JsonConfig.tree(config).get("label2id") instanceof ObjectNode ids) {
      for (var entry : ids.properties()) {
        if (said == null ? isEntailment(entry.getKey()) : said.equals(entry.getKey())) {
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
      return -1;
    }
    for (int id = 0; said == null && id < labels.size(); id++) {
      if (isEntailment(labels.get(id))) {
        return id;
      }
    }
    return -1;
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
   * The label whose logit counts: the first of {@code label2id} that begins with "entail", or the
   * one that was said.
   */
  public String entailment() {
    return texts.model().labels().get(entailment);
  }

  /** The labels of one text, the best first. */
  public List<LabelScore> predict(String text, List<String> labels) {
    return predict(new Question(text, labels));
  }

  /**
   * The same labels for many texts: for each text its labels, the best first.
   *
   * @throws InputException as {@link #predictAll(List)}
   */
  public List<List<LabelScore>> predictAll(List<String> texts, List<String> labels) {
    return predictAll(Given.each(texts, text -> new Question(text, labels)));
  }

  /**
   * For each text its labels, the best first.
   *
   * @throws InputException if a hypothesis leaves no room for its text
   */
  @Override
  public List<List<LabelScore>> predictAll(List<Question> inputs) {
    Given.inputs(inputs);
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
