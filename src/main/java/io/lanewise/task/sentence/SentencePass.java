package io.lanewise.task.sentence;

import io.lanewise.CheckpointException;
import io.lanewise.model.Keep;
import io.lanewise.tokenizer.Encoding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A batch of texts to their vectors: the model, what is done to each token's vector, the pooling,
 * what comes after it.
 */
public record SentencePass(SentenceModel model, SentenceFolder folder) {
  /**
   * The same, whose modules fit each other.
   *
   * @throws CheckpointException if they do not
   */
  public SentencePass checked() {
    int _ = folder.size(model.hidden());
    return this;
  }

  /**
   * The vectors of a batch.
   *
   * @param prompt tokens of the prompt at the beginning of each that do not count; 0 for none
   */
  public List<float[]> run(List<Encoding> batch, int prompt) {
    boolean oneToken =
        folder.pooling().onlyToken(1, 0) >= 0
            && folder.layers().isEmpty()
            && folder.tokenModules().isEmpty();
    return oneToken ? finished(read(batch, prompt)) : run(batch, states(batch), prompt);
  }

  /**
   * The same of states that have been computed.
   *
   * @param states of {@link #states}
   */
  public List<float[]> run(List<Encoding> batch, TokenStates states, int prompt) {
    return finished(pooled(batch, states, prompt));
  }

  private List<float[]> finished(List<float[]> pooled) {
    return pooled.stream().map(each -> SentenceModule.apply(folder.modules(), each)).toList();
  }

  private List<float[]> pooled(List<Encoding> batch, TokenStates states, int prompt) {
    var vectors = new float[batch.size()][];
    model
        .texts()
        .model()
        .run(
            vectors.length,
            row -> {
              int tokens = batch.get(row).length();
              var changed = applyToEach(folder.tokenModules(), states.of(row), tokens);
              int width = tokens == 0 ? 0 : changed.length / tokens;
              vectors[row] = folder.pooling().apply(changed, tokens, width, prompt);
            });
    return Arrays.asList(vectors);
  }

  /** The tokens' states, of the last layer or of several. */
  public TokenStates states(List<Encoding> batch) {
    return folder
        .layers()
        .map(
            mean -> {
              var output = model.texts().forward(batch, Keep.HIDDEN_STATES);
              int there = output.hiddenStates().size() - 1;
              if (there != mean.layers()) {
                throw new CheckpointException(
                    "%s: num_hidden_layers is %d, the model has %d layers"
                        .formatted(mean.where(), mean.layers(), there));
              }
              return TokenStates.padded(mean.of(output.hiddenStates()), batch);
            })
        .orElseGet(() -> model.states(batch));
  }

  /**
   * What modules make of the vector of each token.
   *
   * @param states [tokens * width]
   * @return [tokens * another width]
   */
  static float[] applyToEach(List<SentenceModule> modules, float[] states, int tokens) {
    if (modules.isEmpty() || tokens == 0) {
      return states;
    }
    int width = states.length / tokens;
    int newWidth = SentenceModule.size(modules, width);
    var changed = new float[tokens * newWidth];
    for (int token = 0; token < tokens; token++) {
      var vector = Arrays.copyOfRange(states, token * width, (token + 1) * width);
      System.arraycopy(
          SentenceModule.apply(modules, vector), 0, changed, token * newWidth, newWidth);
    }
    return changed;
  }

  /** The same where the pooling reads one token of each text: nobody computes the others. */
  private List<float[]> read(List<Encoding> batch, int prompt) {
    var positions =
        batch.stream()
            .map(each -> new int[] {folder.pooling().onlyToken(each.length(), prompt)})
            .toArray(int[][]::new);
    var states = SentenceModel.states(model.texts().forward(batch, positions)); // [batch, hidden]
    var vectors = new ArrayList<float[]>(batch.size());
    for (int row = 0; row < batch.size(); row++) {
      int ofPrompt = prompt < batch.get(row).length() ? 0 : 1;
      vectors.add(folder.pooling().apply(states.row(row), 1, model.hidden(), ofPrompt));
    }
    return vectors;
  }
}
