package io.lanewise.task;

import io.lanewise.InputException;
import io.lanewise.TokenizerException;
import io.lanewise.model.FolderSettings;
import io.lanewise.model.Head;
import io.lanewise.model.Options;
import io.lanewise.model.Output;
import io.lanewise.task.span.Ranking;
import io.lanewise.task.text.Given;
import io.lanewise.task.text.TextModel;
import io.lanewise.tensor.Tensor;
import io.lanewise.tokenizer.Encoding;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Fills the masked tokens of a text, as Hugging Face's {@code FillMaskPipeline} does.
 *
 * <pre>{@code
 * try (var fillMask = FillMask.load(Path.of("weights/albert-tiny-demo"))) {
 *   var best = fillMask.predict("The capital of [MASK] is Paris.").best();
 *   System.out.println(best.token() + " " + best.score());
 * }
 * }</pre>
 *
 * <p>Thread-safe. Closing waits for running calls and frees the model.
 */
public final class FillMask implements Task<String, FillMask.Answer> {
  private final TextModel texts;
  private final String mask;
  private final int maskId;
  private final int padId;
  private final int top;
  private final int[] targets;

  private FillMask(TextModel texts, String mask, int maskId, int padId, int top, int[] targets) {
    this.texts = texts;
    this.mask = mask;
    this.maskId = maskId;
    this.padId = padId;
    this.top = top;
    this.targets = targets;
  }

  /**
   * What fills the masks of one text.
   *
   * @param masks at least one, from left to right
   */
  public record Answer(List<Mask> masks) {
    public Answer {
      masks = List.copyOf(masks);
    }

    /** The best candidate for the first mask: of a text with one mask, the answer. */
    public Candidate best() {
      return masks.getFirst().best();
    }
  }

  /**
   * What fills one mask.
   *
   * @param candidates at least one, the best first
   */
  public record Mask(List<Candidate> candidates) {
    public Mask {
      candidates = List.copyOf(candidates);
    }

    /** The candidate with the highest score. */
    public Candidate best() {
      return candidates.getFirst();
    }
  }

  /**
   * One candidate for a mask.
   *
   * @param score probability over the whole vocabulary
   * @param id token id
   * @param token the token decoded, as Hugging Face's {@code token_str}
   * @param text the whole text with the candidate in place, as Hugging Face's {@code sequence}:
   *     without special tokens where the text has one mask, with them (the other masks among them)
   *     where it has several
   */
  public record Candidate(float score, int id, String token, String text) {}

  /**
   * Loads a model folder for masked words.
   *
   * @param folder holds the checkpoint and its tokenizer
   * @param options the model's head among them is not used: it is {@link Head#MASKED_LM}, of a
   *     model with encoder and decoder {@link Head#CONDITIONAL_GENERATION}
   * @throws io.lanewise.LanewiseException if the folder cannot be loaded, or its tokenizer has no
   *     mask token
   */
  public static FillMask load(Path folder, TaskOptions options) {
    return load(FolderSettings.of(folder), options);
  }

  /** The same from a folder whose settings may have been read. */
  public static FillMask load(FolderSettings folder, TaskOptions options) {
    var tokenizer = TextModel.tokenizer(folder, options.tokenizer());
    var specials = tokenizer.specialTokens();
    var mask = specials.get("mask_token");
    if (mask == null) {
      throw new TokenizerException(
          folder + ": the tokenizer has no mask token, so this model cannot fill masks");
    }
    int maskId =
        tokenizer
            .id(mask)
            .orElseThrow(
                () ->
                    new TokenizerException(
                        folder + ": the mask token " + mask + " is not in the vocabulary"));
    var pad = specials.get("pad_token");
    int padId = pad == null ? -1 : tokenizer.id(pad).orElse(-1);
    // BART's masked words are found by its decoder, which writes the whole text.
    boolean both = folder.config().bool("is_encoder_decoder", false);
    var head = both ? Head.CONDITIONAL_GENERATION : Head.MASKED_LM;
    var texts = TextModel.of(tokenizer, folder, head, options);
    return new FillMask(texts, mask, maskId, padId, 5, null);
  }

  /** The same with {@link TaskOptions#DEFAULT}. */
  public static FillMask load(Path folder) {
    return load(folder, TaskOptions.DEFAULT);
  }

  /** The same with the defaults, but for how the model is loaded. */
  public static FillMask load(Path folder, Options model) {
    return load(folder, TaskOptions.of(model));
  }

  /**
   * The same with so many candidates for each mask; 5 if not said.
   *
   * @param newTop at least 1; no more than the vocabulary come
   * @throws InputException if it is less than 1
   */
  public FillMask withTop(int newTop) {
    if (newTop < 1) {
      throw new InputException("top " + newTop + ": at least 1 candidate must be asked for");
    }
    return new FillMask(texts, mask, maskId, padId, newTop, targets);
  }

  /**
   * The same with only these candidates; their scores stay shares of the whole vocabulary. A target
   * that is no token of the vocabulary stands for its first token, which the answers show.
   *
   * @param newTargets at least one; that of two which are the same token counts once
   * @throws InputException if there is none, or one of them has no tokens
   */
  public FillMask withTargets(List<String> newTargets) {
    if (newTargets.isEmpty()) {
      throw new InputException("no targets: give at least one word");
    }
    int[] ids = newTargets.stream().mapToInt(this::target).distinct().toArray();
    return new FillMask(texts, mask, maskId, padId, top, ids);
  }

  private int target(String target) {
    var tokenizer = texts.tokenizer();
    return tokenizer
        .id(target)
        .orElseGet(
            () -> {
              var options = tokenizer.options().withAddSpecialTokens(false);
              int[] ids = tokenizer.encode(target, options).ids();
              if (ids.length == 0) {
                throw new InputException(
                    "the target \"%s\" has no tokens: give a word"
                        .formatted(TextModel.excerpt(target)));
              }
              return ids[0];
            });
  }

  /** What stands in a text where a word is to be found, such as {@code [MASK]}. */
  public String mask() {
    return mask;
  }

  /**
   * For each text what fills its masks.
   *
   * @throws InputException if a text has no mask, or more tokens than the model takes
   */
  @Override
  public List<Answer> predictAll(List<String> inputs) {
    Given.inputs(inputs);
    var encodings = inputs.stream().map(this::encode).toList();
    return texts.runOverVocabulary(encodings, this::pass);
  }

  private Encoding encode(String text) {
    var encoding = texts.encode(text);
    if (Arrays.stream(encoding.ids()).noneMatch(id -> id == maskId)) {
      throw new InputException(
          "no %s in the text \"%s\": put it where a word is missing"
              .formatted(mask, TextModel.excerpt(text)));
    }
    return encoding;
  }

  private List<Answer> pass(List<Encoding> batch) {
    var masks = batch.stream().map(this::masks).toArray(int[][]::new);
    var logits = // [masks of all texts, V]
        switch (texts.forward(batch, masks)) {
          case Output.Logits output -> output.logits();
          case Output other ->
              throw new IllegalStateException("a masked language model gave " + other.getClass());
        };
    var answers = new ArrayList<Answer>(batch.size());
    int first = 0;
    for (int row = 0; row < masks.length; row++) {
      answers.add(answer(batch.get(row), masks[row], logits, first));
      first += masks[row].length;
    }
    return answers;
  }

  /** The positions of the masks. */
  private int[] masks(Encoding encoding) {
    return IntStream.range(0, encoding.length()).filter(i -> encoding.ids()[i] == maskId).toArray();
  }

  /**
   * What fills the masks of a text.
   *
   * @param logits [masks of all texts, V]
   * @param first the row of the first mask
   */
  private Answer answer(Encoding encoding, int[] masks, Tensor logits, int first) {
    // Skipping the special tokens would lose the other masks.
    boolean skipSpecials = masks.length == 1;
    var filled = new ArrayList<Mask>(masks.length);
    for (int i = 0; i < masks.length; i++) {
      int position = masks[i];
      var words = logits.row(first + i); // [V]
      var best =
          targets == null
              ? Ranking.softmax(words, top)
              : Ranking.softmax(words, top, inside(words.length));
      var candidates = new ArrayList<Candidate>(best.size());
      for (var entry : best) {
        int[] ids = encoding.ids().clone();
        ids[position] = entry.index();
        candidates.add(
            new Candidate(
                entry.score(),
                entry.index(),
                texts.tokenizer().decode(new int[] {entry.index()}, false),
                texts.tokenizer().decode(withoutPadding(ids), skipSpecials)));
      }
      filled.add(new Mask(candidates));
    }
    return new Answer(filled);
  }

  /** The targets, of which added tokens may lie beyond the model's vocabulary. */
  private int[] inside(int vocabulary) {
    for (int target : targets) {
      if (target >= vocabulary) {
        throw new InputException(
            "the target \"%s\" has the id %d, the model knows %d words: take another"
                .formatted(texts.tokenizer().token(target), target, vocabulary));
      }
    }
    return targets;
  }

  private int[] withoutPadding(int[] ids) {
    return Arrays.stream(ids).filter(id -> id != padId).toArray();
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
