package io.lanewise.task;

import io.lanewise.InputException;
import io.lanewise.TokenizerException;
import io.lanewise.model.Head;
import io.lanewise.model.Inputs;
import io.lanewise.model.Model;
import io.lanewise.model.Options;
import io.lanewise.model.Output;
import io.lanewise.tensor.Tensor;
import io.lanewise.tokenizer.Encoding;
import io.lanewise.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Fills the masked tokens of a text, as Hugging Face's {@code FillMaskPipeline} does.
 *
 * <pre>{@code
 * try (var fillMask = FillMask.load(Path.of("weights/albert-tiny-demo"), Options.DEFAULT)) {
 *   var best = fillMask.predict("The capital of [MASK] is Paris.", 5).getFirst().getFirst();
 *   System.out.println(best.token() + " " + best.score());
 * }
 * }</pre>
 *
 * <p>Thread-safe. Closing waits for running calls and frees the model.
 */
public final class FillMask implements AutoCloseable {
  /** Logits of one forward pass over several texts take at most so many floats of the heap. */
  private static final int LOGITS_OF_A_PASS = 16 << 20;

  private final Tokenizer tokenizer;
  private final Model model;
  private final String mask;
  private final int maskId;
  private final int padId;

  private FillMask(Tokenizer tokenizer, Model model, String mask, int maskId, int padId) {
    this.tokenizer = tokenizer;
    this.model = model;
    this.mask = mask;
    this.maskId = maskId;
    this.padId = padId;
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
   * @param options the head among them is not used: it is {@link Head#MASKED_LM}
   * @throws io.lanewise.LanewiseException if the folder cannot be loaded, or its tokenizer has no
   *     mask token
   */
  public static FillMask load(Path folder, Options options) {
    var tokenizer = Tokenizer.load(folder);
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
    var model = Model.load(folder, options.withHead(Head.MASKED_LM));
    return new FillMask(tokenizer, model, mask, maskId, padId);
  }

  /** What stands in a text where a word is to be found, such as {@code [MASK]}. */
  public String mask() {
    return mask;
  }

  /**
   * For each mask in the text, from left to right, its best candidates, best first.
   *
   * @param top how many candidates, at least 1; no more than the vocabulary come
   * @throws InputException if the text has no mask, or more tokens than the model takes
   */
  public List<List<Candidate>> predict(String text, int top) {
    return predictAll(List.of(text), top).getFirst();
  }

  /**
   * The same for many texts, in their order. Texts of equal length go through the model together.
   *
   * @throws InputException as {@link #predict}, before any text is computed
   */
  public List<List<List<Candidate>>> predictAll(List<String> texts, int top) {
    if (top < 1) {
      throw new InputException("top " + top + ": at least 1 candidate must be asked for");
    }
    var encodings = texts.stream().map(this::encode).toList();
    var results = new ArrayList<List<List<Candidate>>>(encodings.size());
    for (int i = 0; i < encodings.size(); i++) {
      results.add(List.of());
    }
    // The longest first, so that a text too long for the model is refused at once.
    var order =
        IntStream.range(0, encodings.size())
            .boxed()
            .sorted(Comparator.comparingInt((Integer i) -> encodings.get(i).length()).reversed())
            .toList();
    int from = 0;
    while (from < order.size()) {
      int tokens = encodings.get(order.get(from)).length();
      long most = Math.max(1, LOGITS_OF_A_PASS / ((long) tokens * tokenizer.size()));
      int to = from;
      while (to < order.size()
          && to - from < most
          && encodings.get(order.get(to)).length() == tokens) {
        to++;
      }
      var batch = order.subList(from, to);
      var logits = logits(batch.stream().map(encodings::get).toList()); // [batch, tokens, V]
      for (int row = 0; row < batch.size(); row++) {
        int text = batch.get(row);
        results.set(text, candidates(encodings.get(text), logits, row, top));
      }
      from = to;
    }
    return results;
  }

  private Encoding encode(String text) {
    var encoding = tokenizer.encode(text);
    if (Arrays.stream(encoding.ids()).noneMatch(id -> id == maskId)) {
      throw new InputException(
          "no " + mask + " in the text \"" + excerpt(text) + "\": put it where a word is missing");
    }
    int longest = Math.min(model.longest(), tokenizer.maxLength());
    if (encoding.length() > longest) {
      throw new InputException(
          "the text \"%s\" has %d tokens, the model takes at most %d: shorten it"
              .formatted(excerpt(text), encoding.length(), longest));
    }
    return encoding;
  }

  private Tensor logits(List<Encoding> batch) {
    var ids = batch.stream().map(Encoding::ids).toArray(int[][]::new);
    var types = batch.stream().map(Encoding::typeIds).toArray(int[][]::new);
    var inputs = Inputs.ids(ids);
    if (Arrays.stream(types).flatMapToInt(Arrays::stream).anyMatch(type -> type != 0)) {
      inputs = inputs.with("token_type_ids", types);
    }
    return switch (model.forward(inputs)) {
      case Output.Logits output -> output.logits();
      case Output other ->
          throw new IllegalStateException("a masked language model gave " + other.getClass());
    };
  }

  private List<List<Candidate>> candidates(Encoding encoding, Tensor logits, int row, int top) {
    var masks = new ArrayList<Integer>();
    for (int i = 0; i < encoding.length(); i++) {
      if (encoding.ids()[i] == maskId) {
        masks.add(i);
      }
    }
    // Skipping the special tokens would lose the other masks.
    boolean skipSpecials = masks.size() == 1;
    var result = new ArrayList<List<Candidate>>(masks.size());
    for (int position : masks) {
      var best = Ranking.softmax(logits.row(row, position), top);
      var candidates = new ArrayList<Candidate>(best.size());
      for (var entry : best) {
        var filled = encoding.ids().clone();
        filled[position] = entry.index();
        candidates.add(
            new Candidate(
                entry.score(),
                entry.index(),
                tokenizer.decode(new int[] {entry.index()}, false),
                tokenizer.decode(withoutPadding(filled), skipSpecials)));
      }
      result.add(List.copyOf(candidates));
    }
    return List.copyOf(result);
  }

  private int[] withoutPadding(int[] ids) {
    return Arrays.stream(ids).filter(id -> id != padId).toArray();
  }

  private static String excerpt(String text) {
    int most = 60;
    if (text.length() <= most) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
    return text.substring(0, end) + "…";
  }

  @Override
  public void close() {
    model.close();
  }
}
