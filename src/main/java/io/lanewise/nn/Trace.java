package io.lanewise.nn;

import io.lanewise.memory.Matrix;
import io.lanewise.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Hidden states and attention probabilities that one stack of layers keeps besides its result,
 * copied to the heap while the layers run. Belongs to one forward pass.
 */
public final class Trace {
  private final boolean keepsHiddenStates;
  private final boolean keepsAttentions;
  private final List<Tensor> hiddenStates = new ArrayList<>();
  private final List<Tensor> attentions = new ArrayList<>();
  private final List<Tensor> crossAttentions = new ArrayList<>();
  private final List<Tensor> globalAttentions = new ArrayList<>();

  /** An empty trace that keeps states, probabilities or both. */
  public Trace(boolean hiddenStates, boolean attentions) {
    keepsHiddenStates = hiddenStates;
    keepsAttentions = attentions;
  }

  /** Whether it keeps neither. */
  public boolean keepsNothing() {
    return !keepsHiddenStates && !keepsAttentions;
  }

  /** Whether attention has to write its probabilities. */
  public boolean keepsAttentions() {
    return keepsAttentions;
  }

  /** Keeps the states between two layers if it keeps states, x [batch * tokens, hidden]. */
  public void hiddenState(Matrix x, int batch) {
    if (keepsHiddenStates) {
      hiddenStates.add(x.toTensor(batch, x.rows() / batch, x.columns()));
    }
  }

  /** Keeps the probabilities of one layer, [batch * heads * queries, keys]. */
  public void attention(Matrix probabilities, int batch, int heads) {
    int queries = probabilities.rows() / batch / heads;
    attentions.add(probabilities.toTensor(batch, heads, queries, probabilities.columns()));
  }

  /**
   * Keeps the probabilities of one layer's cross attention, [sources * heads * group * queries,
   * keys], where {@code group} sequences attend to the same source.
   */
  public void crossAttention(Matrix probabilities, int sources, int group, int heads) {
    int keys = probabilities.columns();
    int queries = probabilities.rows() / sources / group / heads;
    var kept = new float[Math.multiplyExact(probabilities.rows(), keys)];
    int block = queries * keys;
    for (int source = 0; source < sources; source++) {
      for (int head = 0; head < heads; head++) {
        for (int i = 0; i < group; i++) {
          int from = ((source * heads + head) * group + i) * queries;
          var part = probabilities.rows(from, queries).toArray();
          int to = ((source * group + i) * heads + head) * block;
          System.arraycopy(part, 0, kept, to, block);
        }
      }
    }
    crossAttentions.add(Tensor.of(kept, (long) sources * group, heads, queries, keys));
  }

  /** Keeps the probabilities of the global tokens of one layer of windowed attention. */
  public void globalAttention(Tensor probabilities) {
    globalAttentions.add(probabilities);
  }

  /** [batch, tokens, hidden] each: before the first layer and after every layer. */
  public List<Tensor> hiddenStates() {
    return Collections.unmodifiableList(hiddenStates);
  }

  /** [batch, heads, queries, keys] each. */
  public List<Tensor> attentions() {
    return Collections.unmodifiableList(attentions);
  }

  /** [batch, heads, queries, source tokens] each; empty without cross attention. */
  public List<Tensor> crossAttentions() {
    return Collections.unmodifiableList(crossAttentions);
  }

  /** [batch, heads, tokens, global tokens] each; empty without global tokens. */
  public List<Tensor> globalAttentions() {
    return Collections.unmodifiableList(globalAttentions);
  }
}
