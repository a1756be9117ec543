package io.lanewise.task;

import io.lanewise.InputException;
import io.lanewise.model.FolderSettings;
import io.lanewise.model.Head;
import io.lanewise.model.Options;
import io.lanewise.model.Output;
import io.lanewise.task.span.AnswerSettings;
import io.lanewise.task.span.AnswerSpans;
import io.lanewise.task.span.AnswerWindow;
import io.lanewise.task.span.OffsetTable;
import io.lanewise.task.text.Given;
import io.lanewise.task.text.TextModel;
import io.lanewise.tokenizer.EncodeOptions.OffsetUnit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Finds the answers to questions in a text, as Hugging Face's {@code QuestionAnsweringPipeline}
 * does. A long text is read in windows.
 *
 * <pre>{@code
 * try (var answerer = QuestionAnswerer.load(Path.of("albert-squad"))) {
 *   var best = answerer.predict("Where does Ada live?", "Ada lives in Rome.").getFirst();
 *   System.out.println(best.text() + " " + best.score());
 * }
 * }</pre>
 *
 * <p>The answers are those of transformers 4.57.6, but for these:
 *
 * <ul>
 *   <li>Spans with a score of 0 are no answers. The pipeline fills up with any of them where a text
 *       is shorter than the list that is asked for. If there is no other, the answer is empty.
 *   <li>An answer never ends before it begins, nor begins behind the end of the context. With a
 *       tokenizer that pads on the left the pipeline puts the context first and bars no token, so
 *       that questions are looked through, too; that is followed, but for such places.
 *   <li>A maximal sequence length beyond what the model takes is refused.
 *   <li>With slow tokenizers, an answer ends where its last word ends, and is what the text says
 *       there; the pipeline's end is one too small at the end of the text, and spaces are made one.
 *       The question stands first whatever {@code padding_side} is, no part of a context is left
 *       out, and Longformer's words are counted as RoBERTa's.
 * </ul>
 *
 * <p>Thread-safe. Closing waits for running calls and frees the model.
 */
public final class QuestionAnswerer
    implements Task<QuestionAnswerer.Question, List<QuestionAnswerer.Answer>> {
  private final TextModel texts;
  private final AnswerSettings settings;

  private QuestionAnswerer(TextModel texts, AnswerSettings settings) {
    this.texts = texts;
    this.settings = settings;
  }

  /**
   * What is asked.
   *
   * @param text the question
   * @param context the text that holds the answer
   */
  public record Question(String text, String context) {
    public Question {
      Given.text("question", text);
      Given.text("context", context);
    }
  }

  /**
   * An answer.
   *
   * @param score probability of its first token times that of its last, among the tokens of its
   *     window; the sum of several where the same words are found several times
   * @param start where it begins in the context, in UTF-16 units unless {@link #withOffsets} says
   *     otherwise
   * @param end where it ends, exclusive
   * @param text {@code context.substring(start, end)}; empty for none
   */
  public record Answer(float score, int start, int end, String text) {
    private static final Comparator<Answer> BEST_FIRST =
        Comparator.comparingDouble(answer -> -answer.score());

    private Answer plus(float more) {
      return new Answer(score + more, start, end, text);
    }
  }

  /**
   * Loads a model folder for questions.
   *
   * @param folder holds the checkpoint and its tokenizer
   * @param options {@link TaskOptions#maxLength} bounds the windows; the model's head is not used:
   *     it is {@link Head#QUESTION_ANSWERING}
   * @throws io.lanewise.LanewiseException if the folder cannot be loaded
   */
  public static QuestionAnswerer load(Path folder, TaskOptions options) {
    return load(FolderSettings.of(folder), options);
  }

  /** The same from a folder whose settings may have been read. */
  public static QuestionAnswerer load(FolderSettings folder, TaskOptions options) {
    var texts = TextModel.load(folder, Head.QUESTION_ANSWERING, options);
    return new QuestionAnswerer(texts, AnswerSettings.DEFAULT);
  }

  /** The same with {@link TaskOptions#DEFAULT}. */
  public static QuestionAnswerer load(Path folder) {
    return load(folder, TaskOptions.DEFAULT);
  }

  /** The same with the defaults, but for how the model is loaded. */
  public static QuestionAnswerer load(Path folder, Options model) {
    return load(folder, TaskOptions.of(model));
  }

  /**
   * The same with so many answers at most, {@code top_k}; 1 if not said.
   *
   * @throws InputException if it is less than 1
   */
  public QuestionAnswerer withTop(int top) {
    return with(settings.withTop(top));
  }

  /**
   * The same with windows of so many tokens, {@code max_seq_len}: question, context and special
   * tokens together. If not said, what the model takes and 384 at most.
   *
   * @throws InputException if it is less than 1
   */
  public QuestionAnswerer withMaxSequenceLength(int tokens) {
    return with(settings.withSequence(tokens));
  }

  /**
   * The same with windows that share so many tokens of the context, {@code doc_stride}; if not
   * said, half a window and 128 at most. With slow tokenizers, as in the pipeline, the tokens from
   * the beginning of one window to that of the next.
   *
   * @throws InputException if it is negative
   */
  public QuestionAnswerer withDocStride(int tokens) {
    return with(settings.withStride(tokens));
  }

  /**
   * The same with questions cut to so many tokens, {@code max_question_len}; 64 if not said. With
   * fast tokenizers, as in the pipeline, questions are not cut.
   *
   * @throws InputException if it is less than 1
   */
  public QuestionAnswerer withMaxQuestionLength(int tokens) {
    return with(settings.withQuestion(tokens));
  }

  /**
   * The same with answers of so many tokens at most, {@code max_answer_len}; 15 if not said.
   *
   * @throws InputException if it is less than 1
   */
  public QuestionAnswerer withMaxAnswerLength(int tokens) {
    return with(settings.withAnswer(tokens));
  }

  /**
   * The same with an empty answer among the others where the text may hold none, {@code
   * handle_impossible_answer}; without if not said.
   */
  public QuestionAnswerer withImpossibleAnswer(boolean impossible) {
    return with(settings.withImpossible(impossible));
  }

  /**
   * The same with answers widened to whole words or not, {@code align_to_words}; widened if not
   * said. Without, better for languages that put no spaces between words.
   */
  public QuestionAnswerer withWholeWords(boolean words) {
    return with(settings.withWords(words));
  }

  /** The same with places counted in this unit; {@link OffsetUnit#UTF_16} if not said. */
  public QuestionAnswerer withOffsets(OffsetUnit offsets) {
    return with(settings.withOffsets(offsets));
  }

  private QuestionAnswerer with(AnswerSettings newSettings) {
    return new QuestionAnswerer(texts, newSettings);
  }

  /** The answers to one question; see {@link #predictAll(List)}. */
  public List<Answer> predict(String question, String context) {
    return predict(new Question(question, context));
  }

  /** The answers to many questions about one text; see {@link #predictAll(List)}. */
  public List<List<Answer>> predictAll(List<String> questions, String context) {
    return predictAll(Given.each(questions, question -> new Question(question, context)));
  }

  /**
   * For each question its answers, best first; at least one.
   *
   * @throws InputException if a question or a context is empty, or a question leaves no room for
   *     the context in a window
   */
  @Override
  public List<List<Answer>> predictAll(List<Question> questions) {
    Given.inputs(questions);
    int most = texts.taskOptions().maxLength();
    int window = settings.window(most == 0 ? texts.longest() : Math.min(most, texts.longest()));
    var cut = new AnswerWindow.Cut(window, settings.strideOf(window));
    var windows = new ArrayList<AnswerWindow>();
    for (int i = 0; i < questions.size(); i++) {
      var question = questions.get(i);
      if (question.text().isEmpty() || question.context().isEmpty()) {
        throw new InputException(
            "question %d, \"%s\" about \"%s\": both must have a text"
                .formatted(
                    i + 1,
                    TextModel.excerpt(question.text()),
                    TextModel.excerpt(question.context())));
      }
      windows.addAll(AnswerWindow.of(i, question, texts.tokenizer(), settings, cut));
    }
    var found =
        texts.run(windows, each -> each.encoding().length(), batch -> pass(batch, questions));
    var answers = new ArrayList<List<Answer>>();
    int from = 0;
    for (int i = 0; i < questions.size(); i++) {
      int to = from;
      while (to < windows.size() && windows.get(to).input() == i) {
        to++;
      }
      answers.add(
          answers(questions.get(i).context(), windows.subList(from, to), found.subList(from, to)));
      from = to;
    }
    return answers;
  }

  private List<AnswerSpans> pass(List<AnswerWindow> batch, List<Question> questions) {
    var logits = // twice [batch, tokens]
        switch (forward(batch, questions)) {
          case Output.Span output -> output;
          case Output other ->
              throw new IllegalStateException("question answering gave " + other.getClass());
        };
    return IntStream.range(0, batch.size())
        .mapToObj(
            row ->
                AnswerSpans.of(
                    logits.startLogits().row(row),
                    logits.endLogits().row(row),
                    batch.get(row).allowed(),
                    settings.spans(),
                    settings.answer()))
        .toList();
  }

  /**
   * If the model refuses a window, such as Longformer one with a fourth separator, which it was.
   */
  private Output forward(List<AnswerWindow> batch, List<Question> questions) {
    try {
      return texts.forward(batch.stream().map(AnswerWindow::encoding).toList());
    } catch (InputException e) {
      if (batch.size() > 1) {
        batch.forEach(window -> forward(List.of(window), questions));
        throw e;
      }
      var question = questions.get(batch.getFirst().input());
      throw new InputException(
          "the question \"%s\" about \"%s\": %s"
              .formatted(
                  TextModel.excerpt(question.text()),
                  TextModel.excerpt(question.context()),
                  e.getMessage()),
          e);
    }
  }

  private List<Answer> answers(
      String context, List<AnswerWindow> windows, List<AnswerSpans> found) {
    var answers = new ArrayList<Answer>();
    float none = Float.POSITIVE_INFINITY;
    for (int i = 0; i < windows.size(); i++) {
      none = Math.min(none, found.get(i).none());
      for (var span : found.get(i).best()) {
        var place = windows.get(i).characters().of(span.start(), span.end());
        add(answers, context, place.start(), place.end(), span.score());
      }
    }
    if (settings.impossible() || answers.isEmpty()) {
      answers.add(new Answer(settings.impossible() ? none : 0, 0, 0, ""));
    }
    answers.sort(Answer.BEST_FIRST);
    var table = OffsetTable.of(context, settings.offsets());
    return answers.stream()
        .limit(settings.top())
        .map(
            answer ->
                new Answer(
                    answer.score(),
                    table.at(answer.start()),
                    table.at(answer.end()),
                    answer.text()))
        .toList();
  }

  /** The same words are one answer, at the place where they were found first. */
  private void add(List<Answer> answers, String context, int start, int end, float score) {
    int from = Math.min(start, context.length());
    int to = Math.clamp(end, from, context.length());
    String text = context.substring(from, to);
    if (!texts.tokenizer().isSlow()) {
      String lower = text.toLowerCase(Locale.ROOT);
      for (int i = 0; i < answers.size(); i++) {
        if (answers.get(i).text().toLowerCase(Locale.ROOT).equals(lower)) {
          answers.set(i, answers.get(i).plus(score));
          return;
        }
      }
    }
    answers.add(new Answer(score, from, to, text));
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
