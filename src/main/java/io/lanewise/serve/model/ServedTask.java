package io.lanewise.serve.model;

import io.lanewise.CheckpointException;
import io.lanewise.model.FolderSettings;
import io.lanewise.model.Head;
import io.lanewise.task.Embedder;
import io.lanewise.task.FillMask;
import io.lanewise.task.QuestionAnswerer;
import io.lanewise.task.Reranker;
import io.lanewise.task.Summarizer;
import io.lanewise.task.Task;
import io.lanewise.task.TaskOptions;
import io.lanewise.task.TextClassifier;
import io.lanewise.task.TokenClassifier;
import io.lanewise.task.ZeroShot;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a model of a server is for. */
public enum ServedTask {
  /** Vectors of texts. */
  EMBEDDING("embedding"),
  /** Labels of texts. */
  CLASSIFIER("classifier"),
  /** How well texts answer a query. */
  RERANKER("reranker"),
  /** Labels of tokens. */
  TOKEN_CLASSIFIER("token-classifier"),
  /** Answers in a text. */
  QUESTION_ANSWERING("question-answering"),
  /** Masked words. */
  FILL_MASK("fill-mask"),
  /** Labels that the model was not trained for. */
  ZERO_SHOT("zero-shot"),
  /** Summaries. */
  SUMMARIZER("summarizer");

  private static final String ENTAILMENT = "entail";

  private final String title;

  ServedTask(String title) {
    this.title = title;
  }

  /** Its name in JSON and on the command line. */
  public String title() {
    return title;
  }

  /** All names. */
  public static List<String> titles() {
    return Arrays.stream(values()).map(ServedTask::title).toList();
  }

  /** The task of this name. */
  public static Optional<ServedTask> named(String title) {
    return Arrays.stream(values()).filter(task -> task.title.equals(title)).findFirst();
  }

  /** Loads a folder for it. */
  Task<?, ?> load(FolderSettings folder, TaskOptions options) {
    return switch (this) {
      case EMBEDDING -> Embedder.load(folder, options);
      case CLASSIFIER -> TextClassifier.load(folder, options);
      case RERANKER -> Reranker.load(folder, options);
      case TOKEN_CLASSIFIER -> TokenClassifier.load(folder, options);
      case QUESTION_ANSWERING -> QuestionAnswerer.load(folder, options);
      case FILL_MASK -> FillMask.load(folder, options);
      case ZERO_SHOT -> ZeroShot.load(folder, options, null);
      case SUMMARIZER -> Summarizer.load(folder, options);
    };
  }

  /**
   * What a folder is for: embeddings if sentence-transformers made it, otherwise what its head was
   * trained for. A classifier with one label is a reranker, one with a label that begins with
   * "entail" gives labels unseen.
   *
   * @throws CheckpointException if its head has no route
   */
  static ServedTask of(FolderSettings folder) {
    if (Files.exists(folder.folder().resolve("modules.json"))) {
      return EMBEDDING;
    }
    var head = folder.head().orElse(Head.MODEL);
    return switch (head) {
      case MODEL -> EMBEDDING;
      case MASKED_LM, PRE_TRAINING -> FILL_MASK;
      case SEQUENCE_CLASSIFICATION -> classifier(folder);
      case TOKEN_CLASSIFICATION -> TOKEN_CLASSIFIER;
      case QUESTION_ANSWERING -> QUESTION_ANSWERING;
      case CONDITIONAL_GENERATION -> SUMMARIZER;
      case MULTIPLE_CHOICE, NEXT_SENTENCE_PREDICTION, CAUSAL_LM ->
          throw new CheckpointException(
              "%s: no route asks a model %s: say with --task what it shall be, one of %s"
                  .formatted(folder, head.suffix(), String.join(", ", titles())));
    };
  }

  private static ServedTask classifier(FolderSettings folder) {
    var labels = folder.config().labels(2);
    if (labels.size() == 1) {
      return RERANKER;
    }
    boolean entails =
        labels.stream().anyMatch(each -> each.toLowerCase(Locale.ROOT).startsWith(ENTAILMENT));
    return entails ? ZERO_SHOT : CLASSIFIER;
  }
}
