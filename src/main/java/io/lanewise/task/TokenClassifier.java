package io.lanewise.task;

import io.lanewise.InputException;
import io.lanewise.Remedy;
import io.lanewise.TokenizerException;
import io.lanewise.model.FolderSettings;
import io.lanewise.model.Head;
import io.lanewise.model.Options;
import io.lanewise.model.Output;
import io.lanewise.task.span.OffsetTable;
import io.lanewise.task.span.Ranking;
import io.lanewise.task.span.Sentence;
import io.lanewise.task.span.WordTags;
import io.lanewise.task.text.Given;
import io.lanewise.task.text.TextModel;
import io.lanewise.tensor.Tensor;
import io.lanewise.tokenizer.EncodeOptions.OffsetUnit;
import io.lanewise.tokenizer.Encoding;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Labels the tokens of a text, or the entities that they make, as Hugging Face's {@code
 * TokenClassificationPipeline} does: names, places, parts of speech.
 *
 * <pre>{@code
 * try (var tagger = TokenClassifier.load(Path.of("bert-base-NER"))) {
 *   var entities = tagger.withAggregation(TokenClassifier.Aggregation.SIMPLE);
 *   for (var entity : entities.predict("Ada met Ann in Rome.")) {
 *     System.out.println(entity.label() + " " + entity.word());
 *   }
 * }
 * }</pre>
 *
 * <p>The answers are those of transformers 4.57.6, but for these:
 *
 * <ul>
 *   <li>A text that is longer than the model takes is refused, unless {@link TaskOptions#maxLength}
 *       says that it be cut, or {@link #withStride} that it be read in windows; the pipeline cuts
 *       it in silence.
 *   <li>Windows are padded on the right, whatever the tokenizer's {@code padding_side} is.
 *   <li>Slow tokenizers have places in the text, too.
 *   <li>An entity of no characters is not given twice where windows are put together.
 * </ul>
 *
 * <p>Thread-safe. Closing waits for running calls and frees the model.
 */
public final class TokenClassifier implements Task<String, List<TokenClassifier.Entity>> {
  private final TextModel texts;
  private final Settings settings;

  private TokenClassifier(TextModel texts, Settings settings) {
    this.texts = texts;
    this.settings = settings;
  }

  /** How tokens are put together: {@code aggregation_strategy}. */
  public enum Aggregation {
    /** Not at all: an answer for each token, with the label as the model has it. */
    NONE,
    /**
     * Neighbours of one label are one entity; a label {@code B-…} begins another, and {@code B-}
     * and {@code I-} are taken off. A word may be cut into several entities.
     */
    SIMPLE,
    /** As {@link #SIMPLE}, of whole words, each with the label of its first token. */
    FIRST,
    /** As {@link #SIMPLE}, of whole words, each with the label that is best on average. */
    AVERAGE,
    /** As {@link #SIMPLE}, of whole words, each with the label of its surest token. */
    MAX
  }

  /**
   * A token, or an entity.
   *
   * @param label {@code entity}, or {@code entity_group}
   * @param score the label's probability; of an entity of several the mean
   * @param word the tokens decoded; of a token alone as the vocabulary has it, such as {@code
   *     ##ing}
   * @param start where it begins in the text, in UTF-16 units unless {@link #withOffsets} says
   *     otherwise: {@code text.substring(start, end)} is what the text says for it
   * @param end where it ends, exclusive
   * @param index the token's place among all tokens, special ones counted; {@link #NO_INDEX} for an
   *     entity
   */
  public record Entity(String label, float score, String word, int start, int end, int index) {
    /** What {@link #index} is if tokens were put together. */
    public static final int NO_INDEX = -1;
  }

  private record Settings(
      Aggregation aggregation,
      Set<String> ignored,
      int stride,
      String delimiter,
      OffsetUnit offsets) {
    static final int NO_WINDOWS = -1;
    static final Settings DEFAULT =
        new Settings(Aggregation.NONE, Set.of("O"), NO_WINDOWS, " ", OffsetUnit.UTF_16);
  }

  /**
   * Loads a model folder for labels of tokens.
   *
   * @param folder holds the checkpoint and its tokenizer
   * @param options the model's head among them is not used: it is {@link Head#TOKEN_CLASSIFICATION}
   * @throws io.lanewise.LanewiseException if the folder cannot be loaded
   */
  public static TokenClassifier load(Path folder, TaskOptions options) {
    return load(FolderSettings.of(folder), options);
  }

  /** The same from a folder whose settings may have been read. */
  public static TokenClassifier load(FolderSettings folder, TaskOptions options) {
    var texts = TextModel.load(folder, Head.TOKEN_CLASSIFICATION, options);
    return new TokenClassifier(texts, Settings.DEFAULT);
  }

  /** The same with {@link TaskOptions#DEFAULT}. */
  public static TokenClassifier load(Path folder) {
    return load(folder, TaskOptions.DEFAULT);
  }

  /** The same with the defaults, but for how the model is loaded. */
  public static TokenClassifier load(Path folder, Options model) {
    return load(folder, TaskOptions.of(model));
  }

  /**
   * The same with tokens put together in this way; {@link Aggregation#NONE} if not said.
   *
   * @throws InputException if words are to be told and the tokenizer is slow
   */
  public TokenClassifier withAggregation(Aggregation aggregation) {
    boolean simple = aggregation == Aggregation.NONE || aggregation == Aggregation.SIMPLE;
    if (!simple && texts.tokenizer().isSlow()) {
      throw new InputException(
          "aggregation " + aggregation + " needs a fast tokenizer: take it, or NONE or SIMPLE");
    }
    return with(
        new Settings(
            aggregation, settings.ignored, settings.stride, settings.delimiter, settings.offsets));
  }

  /**
   * The same without the entities of these labels, {@code B-} and {@code I-} taken off where tokens
   * are put together; {@code O} if not said.
   */
  public TokenClassifier withIgnoredLabels(Set<String> labels) {
    return with(
        new Settings(
            settings.aggregation,
            Set.copyOf(labels),
            settings.stride,
            settings.delimiter,
            settings.offsets));
  }

  /**
   * The same for texts of any length, which are read in windows as long as {@link
   * TaskOptions#maxLength} or the model allows. Of entities that overlap, the longest is kept, then
   * the surest.
   *
   * @param stride tokens that neighbouring windows share; an aggregation must be set, too
   * @throws InputException if it is negative, or a window has no room for more; or the tokenizer is
   *     slow
   */
  public TokenClassifier withStride(int stride) {
    int room = window() - texts.tokenizer().specials().count(false);
    if (stride < 0 || stride >= room) {
      throw new InputException(
          "stride %d: it must be from 0 to %d, for windows of %d tokens with their special tokens"
              .formatted(stride, room - 1, window()));
    }
    if (texts.tokenizer().isSlow()) {
      throw new InputException("stride " + stride + ": windows need a fast tokenizer");
    }
    return with(
        new Settings(
            settings.aggregation, settings.ignored, stride, settings.delimiter, settings.offsets));
  }

  /** The same with this between the words of {@link #predictWords}; a space if not said. */
  public TokenClassifier withDelimiter(String delimiter) {
    return with(
        new Settings(
            settings.aggregation, settings.ignored, settings.stride, delimiter, settings.offsets));
  }

  /** The same with places counted in this unit; {@link OffsetUnit#UTF_16} if not said. */
  public TokenClassifier withOffsets(OffsetUnit offsets) {
    return with(
        new Settings(
            settings.aggregation, settings.ignored, settings.stride, settings.delimiter, offsets));
  }

  private TokenClassifier with(Settings newSettings) {
    return new TokenClassifier(texts, newSettings);
  }

  /** The labels that the model gives. */
  public List<String> labels() {
    return texts.model().labels();
  }

  /**
   * For each text its tokens or entities, from left to right, but for the ignored ones.
   *
   * @throws InputException if a text has more tokens than the model takes and no stride is set, or
   *     a stride is set and no aggregation
   */
  @Override
  public List<List<Entity>> predictAll(List<String> inputs) {
    Given.inputs(inputs);
    return answers(inputs.stream().map(Sentence::of).toList(), inputs.stream().map(this::windows));
  }

  /**
   * A text that has been split into words elsewhere ({@code is_split_into_words}); places are those
   * in the words with the delimiter between them.
   *
   * @throws InputException as {@link #predictAll}
   * @throws TokenizerException if the tokenizer is slow
   */
  public List<Entity> predictWords(List<String> words) {
    return predictAllWords(Collections.singletonList(words)).getFirst();
  }

  /** Many texts as {@link #predictWords} takes them. */
  public List<List<Entity>> predictAllWords(List<List<String>> inputs) {
    Given.inputs(inputs).forEach(words -> Given.texts("word", words));
    if (texts.tokenizer().isSlow()) {
      throw new TokenizerException("texts split into words need a fast tokenizer");
    }
    return answers(
        inputs.stream().map(words -> Sentence.of(words, settings.delimiter)).toList(),
        inputs.stream().map(this::windowsOfWords));
  }

  private List<Encoding> windows(String text) {
    if (settings.stride == Settings.NO_WINDOWS) {
      return List.of(texts.encode(text));
    }
    var options = texts.options().withMaxLength(window()).withStride(settings.stride);
    return texts.tokenizer().encodeWindows(text, null, options);
  }

  private List<Encoding> windowsOfWords(List<String> words) {
    if (settings.stride == Settings.NO_WINDOWS) {
      var encoding = texts.tokenizer().encodeWords(words, null, texts.options());
      return List.of(texts.fitting(encoding, String.join(settings.delimiter, words)));
    }
    var options = texts.options().withMaxLength(window()).withStride(settings.stride);
    return texts.tokenizer().encodeWordWindows(words, null, options);
  }

  /** Tokens of a window, specials counted. */
  private int window() {
    int most = texts.taskOptions().maxLength();
    return most == 0 ? texts.longest() : Math.min(most, texts.longest());
  }

  private record Window(int text, Sentence sentence, Encoding encoding) {}

  private List<List<Entity>> answers(List<Sentence> sentences, Stream<List<Encoding>> encodings) {
    if (settings.stride != Settings.NO_WINDOWS && settings.aggregation == Aggregation.NONE) {
      throw new InputException(
          "stride "
              + settings.stride
              + ": windows are put together by entities: set an aggregation",
          Remedy.AGGREGATION);
    }
    var encoded = encodings.toList();
    var windows = new ArrayList<Window>();
    for (int i = 0; i < encoded.size(); i++) {
      for (var encoding : encoded.get(i)) {
        windows.add(new Window(i, sentences.get(i), encoding));
      }
    }
    var found = texts.run(windows, window -> window.encoding().length(), this::pass);
    var answers = new ArrayList<List<Entity>>();
    sentences.forEach(_ -> answers.add(new ArrayList<>()));
    for (int i = 0; i < windows.size(); i++) {
      answers.get(windows.get(i).text()).addAll(found.get(i));
    }
    return IntStream.range(0, answers.size())
        .mapToObj(i -> finished(sentences.get(i), answers.get(i), encoded.get(i).size()))
        .toList();
  }

  private List<Entity> finished(Sentence sentence, List<Entity> entities, int windows) {
    var merged = windows > 1 ? WordTags.withoutOverlaps(sentence.text(), entities) : entities;
    var table = OffsetTable.of(sentence.text(), settings.offsets);
    return merged.stream()
        .map(
            e ->
                new Entity(
                    e.label(),
                    e.score(),
                    e.word(),
                    table.at(e.start()),
                    table.at(e.end()),
                    e.index()))
        .toList();
  }

  private List<List<Entity>> pass(List<Window> batch) {
    var logits = // [batch, tokens, labels]
        switch (texts.forward(batch.stream().map(Window::encoding).toList())) {
          case Output.Logits output -> output.logits();
          case Output other ->
              throw new IllegalStateException("a token classifier gave " + other.getClass());
        };
    var tags = new WordTags(texts.tokenizer(), labels(), settings.aggregation);
    return IntStream.range(0, batch.size())
        .mapToObj(row -> entities(tags, batch.get(row), logits, row))
        .toList();
  }

  private List<Entity> entities(WordTags tags, Window window, Tensor logits, int row) {
    var scores = new float[window.encoding().length()][];
    for (int token = 0; token < scores.length; token++) {
      scores[token] = Ranking.softmax(logits.row(row, token));
    }
    return tags.entities(window.sentence(), window.encoding(), scores).stream()
        .filter(entity -> !settings.ignored.contains(entity.label()))
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
