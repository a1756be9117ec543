package io.lanewise.task.attention;

import io.lanewise.InputException;
import io.lanewise.model.FolderSettings;
import io.lanewise.model.Head;
import io.lanewise.model.Inputs;
import io.lanewise.model.Keep;
import io.lanewise.model.Options;
import io.lanewise.model.Output;
import io.lanewise.task.Task;
import io.lanewise.task.TaskOptions;
import io.lanewise.task.attention.AttentionMaps.Kind;
import io.lanewise.task.attention.AttentionMaps.Part;
import io.lanewise.task.attention.AttentionMaps.Token;
import io.lanewise.task.text.Given;
import io.lanewise.task.text.TextModel;
import io.lanewise.tensor.Tensor;
import io.lanewise.tokenizer.Encoding;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;

/**
 * Shows which tokens look at which, in every head of every layer.
 *
 * <pre>{@code
 * try (var attention = AttentionTask.load(Path.of("weights/albert-tiny-demo"))) {
 *   var maps = attention.predict("The capital of France is Paris.");
 *   AttentionPage.write(maps, Path.of("attention.html"));
 * }
 * }</pre>
 *
 * <p>Thread-safe. Closing waits for running calls and frees the model.
 */
public final class AttentionTask implements Task<AttentionTask.Question, AttentionMaps> {
  private static final int START = 2; // BartConfig's decoder_start_token_id

  private final TextModel texts;

  private AttentionTask(TextModel texts) {
    this.texts = texts;
  }

  /**
   * What to look at.
   *
   * @param text of the encoder, or of the only stack of layers
   * @param pair second text beside it
   * @param target text of the decoder of an encoder-decoder; empty for the first text itself. The
   *     decoder is given it as in training: the start token first, and all tokens but the last
   * @param globals positions of the global tokens of windowed attention; empty for those that the
   *     head chooses
   */
  public record Question(
      String text,
      Optional<String> pair,
      Optional<String> target,
      Optional<SequencedSet<Integer>> globals) {
    public Question {
      Given.text("text", text);
    }

    /** One text, and nothing else said. */
    public static Question of(String text) {
      return new Question(text, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** The same beside this second text. */
    public Question withPair(String newPair) {
      return new Question(text, Optional.of(Given.text("second text", newPair)), target, globals);
    }

    /** The same with this text for the decoder. */
    public Question withTarget(String newTarget) {
      return new Question(text, pair, Optional.of(Given.text("target text", newTarget)), globals);
    }

    /** The same with these global tokens; an empty set for none at all. */
    public Question withGlobals(SequencedSet<Integer> newGlobals) {
      return new Question(text, pair, target, Optional.of(newGlobals));
    }
  }

  /** A question as the model takes it. */
  private record Prepared(
      Question question,
      List<Token> tokens,
      Optional<List<Token>> target,
      Inputs inputs,
      int[][] globals) {}

  /**
   * Loads a model folder.
   *
   * @param folder holds the checkpoint and its tokenizer
   * @param options where they name no head, it is the checkpoint's own if that may decide what is
   *     looked at, and none if it is only a large table of words
   * @throws io.lanewise.LanewiseException if the folder cannot be loaded
   */
  public static AttentionTask load(Path folder, TaskOptions options) {
    return load(FolderSettings.of(folder), options);
  }

  /** The same from a folder whose settings may have been read. */
  public static AttentionTask load(FolderSettings folder, TaskOptions options) {
    var head = options.model().head().orElseGet(() -> head(folder));
    return new AttentionTask(TextModel.load(folder, head, options));
  }

  /** The same with {@link TaskOptions#DEFAULT}. */
  public static AttentionTask load(Path folder) {
    return load(folder, TaskOptions.DEFAULT);
  }

  /** The same with the defaults, but for how the model is loaded. */
  public static AttentionTask load(Path folder, Options model) {
    return load(folder, TaskOptions.of(model));
  }

  /**
   * Windowed attention has global tokens by its head, and a decoder that stands alone is a head of
   * its own; the scores of words would only cost memory.
   */
  private static Head head(FolderSettings folder) {
    var own = folder.head().orElse(Head.MODEL);
    return switch (own) {
      case SEQUENCE_CLASSIFICATION, MULTIPLE_CHOICE, QUESTION_ANSWERING, CAUSAL_LM -> own;
      case MODEL,
          PRE_TRAINING,
          MASKED_LM,
          TOKEN_CLASSIFICATION,
          NEXT_SENTENCE_PREDICTION,
          CONDITIONAL_GENERATION ->
          Head.MODEL;
    };
  }

  /** The attention in one text. */
  public AttentionMaps predict(String text) {
    return predict(Question.of(text));
  }

  /**
   * The attention in each text. It takes a collection because a list of texts and a list of
   * questions are the same to the JVM; {@code predictAll(List.of("a", "b"))} comes here.
   *
   * @throws InputException as {@link #predictAll(List)}
   */
  public List<AttentionMaps> predictAll(Collection<String> texts) {
    List<Question> questions = Given.each(texts, Question::of);
    return predictAll(questions);
  }

  /** The attention in a pair of texts. */
  public AttentionMaps predict(String text, String pair) {
    return predict(Question.of(text).withPair(pair));
  }

  /**
   * The attention in each text. Maps are large, so each text goes through the model alone.
   *
   * @throws InputException if a text has more tokens than the model takes, or says something that
   *     the model has no use for
   */
  @Override
  public List<AttentionMaps> predictAll(List<Question> questions) {
    Given.inputs(questions);
    var prepared = questions.stream().map(this::prepare).toList();
    return prepared.stream().map(this::look).toList();
  }

  private Prepared prepare(Question question) {
    var encoding = texts.encode(question.text(), question.pair().orElse(null));
    var inputs = texts.inputs(List.of(encoding)); // [1, tokens]
    if (question.globals().isPresent()) {
      var mask = mask(question.globals().get(), encoding.length());
      inputs = inputs.with("global_attention_mask", mask);
    }
    if (texts.model().head() == Head.MULTIPLE_CHOICE) {
      inputs = asOneChoice(inputs); // [1, 1, tokens]
    }
    var target = target(question, encoding);
    if (target.isPresent()) {
      int[] ids = target.get().stream().mapToInt(Token::id).toArray();
      inputs = inputs.with("decoder_input_ids", new int[][] {ids});
    }
    var globals = texts.model().globalTokens(inputs);
    return new Prepared(question, tokens(question, encoding), target, inputs, globals);
  }

  private static int[][] mask(SequencedSet<Integer> globals, int length) {
    var mask = new int[1][length];
    for (int position : globals) {
      if (position < 0 || position >= length) {
        throw new InputException(
            "global token "
                + position
                + ": the text has "
                + length
                + " tokens, the first of which is 0");
      }
      mask[0][position] = 1;
    }
    return mask;
  }

  private static Inputs asOneChoice(Inputs inputs) {
    var reshaped = inputs;
    for (var input : inputs.tensors().entrySet()) {
      var tensor = input.getValue();
      reshaped = reshaped.with(input.getKey(), tensor.reshape(1, 1, tensor.shape().dim(1)));
    }
    return reshaped;
  }

  /** The decoder's tokens; empty if the model is no encoder-decoder. */
  private Optional<List<Token>> target(Question question, Encoding source) {
    if (!texts.model().family().equals("bart") || isDecoder()) {
      if (question.target().isPresent()) {
        throw new InputException(
            "a target text: this model has no decoder beside an encoder, leave it out");
      }
      return Optional.empty();
    }
    var encoding = question.target().map(texts::encode).orElse(source);
    var text = question.target().map(Question::of).orElse(question);
    int start = texts.model().config().integer("decoder_start_token_id", START);
    var piece = texts.tokenizer().token(start);
    var tokens = new ArrayList<Token>();
    tokens.add(new Token(start, piece, piece));
    tokens.addAll(tokens(text, encoding));
    return Optional.of(List.copyOf(tokens.subList(0, Math.max(1, encoding.length()))));
  }

  private static List<Token> tokens(Question question, Encoding encoding) {
    var tokens = new ArrayList<Token>(encoding.length());
    for (int i = 0; i < encoding.length(); i++) {
      var piece = encoding.token(i);
      var of = encoding.sequenceIds()[i] == 1 ? question.pair().orElse("") : question.text();
      var text =
          encoding
              .tokenToChars(i)
              .map(span -> of.substring(span.start(), span.end()))
              .filter(chars -> !chars.isEmpty())
              .orElse(piece);
      tokens.add(new Token(encoding.ids()[i], piece, text));
    }
    return List.copyOf(tokens);
  }

  private AttentionMaps look(Prepared prepared) {
    var output = texts.model().forward(prepared.inputs(), Keep.ATTENTIONS);
    return new AttentionMaps(texts.model().family(), prepared.question(), parts(prepared, output));
  }

  private List<Part> parts(Prepared prepared, Output output) {
    var states = output.states();
    var tokens = prepared.tokens();
    if (states.encoder().isPresent()) {
      var encoder = states.encoder().get();
      var target = prepared.target().orElse(List.of());
      return List.of(
          new Part(Kind.ENCODER, tokens, tokens, dense(encoder.attentions())),
          new Part(Kind.DECODER, target, target, dense(states.attentions())),
          new Part(Kind.CROSS, target, tokens, dense(states.crossAttentions())));
    }
    var layers =
        prepared.globals().length == 0
            ? dense(states.attentions())
            : windowed(states.attentions(), states.globalAttentions(), prepared.globals()[0]);
    return List.of(new Part(isDecoder() ? Kind.DECODER : Kind.ENCODER, tokens, tokens, layers));
  }

  /** Whether the model is a decoder without an encoder. */
  private boolean isDecoder() {
    var model = texts.model();
    return model.family().equals("bart")
        ? model.head() == Head.CAUSAL_LM
        : model.config().bool("is_decoder", false);
  }

  private static List<AttentionLayer> dense(List<Tensor> attentions) {
    return attentions.stream()
        .<AttentionLayer>map(each -> AttentionLayer.Dense.of(each, 0))
        .toList();
  }

  private static List<AttentionLayer> windowed(
      List<Tensor> attentions, List<Tensor> globalAttentions, int[] globals) {
    var layers = new ArrayList<AttentionLayer>(attentions.size());
    for (int i = 0; i < attentions.size(); i++) {
      var global = globalAttentions.isEmpty() ? null : globalAttentions.get(i);
      layers.add(AttentionLayer.Windowed.of(attentions.get(i), global, 0, globals));
    }
    return List.copyOf(layers);
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
