package io.lanewise.model;

import io.lanewise.checkpoint.Checkpoint.Loading;
import io.lanewise.kernel.Backend;
import io.lanewise.kernel.Precision;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * How to load a model; start from {@link #DEFAULT} and change what differs.
 *
 * @param head the head to load; null for the one that the checkpoint's {@code architectures} names
 * @param loading mapped or copied weights
 * @param backend which kernels
 * @param precision in which the weights of matrix products are held, and computed where the machine
 *     and the library allow; made from those of the file at load
 * @param threads threads for one forward pass, the caller's included; 0 for one a processor
 * @param allowNewHead initialise the head's missing tensors instead of refusing the checkpoint
 * @param pooler whether a model without head ({@link Head#MODEL}) gets the pooler that its file
 *     holds; Hugging Face's {@code add_pooling_layer}. A file without one gives a model without
 *     one, unless {@code allowNewHead} asks to make it
 * @param seed for what is initialised
 * @param settings settings that replace those of {@code config.json}, by their keys
 * @param edits what becomes of the weights on their way in
 * @param listener hears of the kernels once they are chosen, before the weights are looked at; null
 *     for nobody
 */
public record Options(
    Head head,
    Loading loading,
    Backend.Choice backend,
    Precision precision,
    int threads,
    boolean allowNewHead,
    boolean pooler,
    long seed,
    Map<String, Object> settings,
    Edits edits,
    Consumer<? super Backend> listener) {
  public static final Options DEFAULT =
      new Options(
          null,
          Loading.MAP,
          Backend.Choice.AUTO,
          Precision.FLOAT32,
          0,
          false,
          true,
          0,
          Map.of(),
          Edits.NONE,
          null);

  public Options {
    if (threads < 0) {
      throw new IllegalArgumentException("threads " + threads);
    }
    settings = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(settings));
  }

  public Options withHead(Head newHead) {
    return new Options(
        newHead,
        loading,
        backend,
        precision,
        threads,
        allowNewHead,
        pooler,
        seed,
        settings,
        edits,
        listener);
  }

  public Options withLoading(Loading newLoading) {
    return new Options(
        head,
        newLoading,
        backend,
        precision,
        threads,
        allowNewHead,
        pooler,
        seed,
        settings,
        edits,
        listener);
  }

  public Options withBackend(Backend.Choice newBackend) {
    return new Options(
        head,
        loading,
        newBackend,
        precision,
        threads,
        allowNewHead,
        pooler,
        seed,
        settings,
        edits,
        listener);
  }

  public Options withPrecision(Precision newPrecision) {
    return new Options(
        head,
        loading,
        backend,
        newPrecision,
        threads,
        allowNewHead,
        pooler,
        seed,
        settings,
        edits,
        listener);
  }

  public Options withThreads(int newThreads) {
    return new Options(
        head,
        loading,
        backend,
        precision,
        newThreads,
        allowNewHead,
        pooler,
        seed,
        settings,
        edits,
        listener);
  }

  public Options withAllowNewHead(boolean newAllowNewHead) {
    return new Options(
        head,
        loading,
        backend,
        precision,
        threads,
        newAllowNewHead,
        pooler,
        seed,
        settings,
        edits,
        listener);
  }

  public Options withPooler(boolean newPooler) {
    return new Options(
        head,
        loading,
        backend,
        precision,
        threads,
        allowNewHead,
        newPooler,
        seed,
        settings,
        edits,
        listener);
  }

  public Options withSeed(long newSeed) {
    return new Options(
        head,
        loading,
        backend,
        precision,
        threads,
        allowNewHead,
        pooler,
        newSeed,
        settings,
        edits,
        listener);
  }

  /**
   * One setting in the place of that of {@code config.json}, such as {@code num_labels} or {@code
   * problem_type}; null takes it away, so that the class default holds.
   */
  public Options withSetting(String key, Object value) {
    var newSettings = new LinkedHashMap<>(settings);
    newSettings.put(key, value);
    return new Options(
        head,
        loading,
        backend,
        precision,
        threads,
        allowNewHead,
        pooler,
        seed,
        newSettings,
        edits,
        listener);
  }

  /** Weights rounded, tables resized, heads pruned while they are loaded. */
  public Options withEdits(Edits newEdits) {
    return new Options(
        head,
        loading,
        backend,
        precision,
        threads,
        allowNewHead,
        pooler,
        seed,
        settings,
        newEdits,
        listener);
  }

  /** Somebody who wants to know which kernels the model will run on, and why. */
  public Options withListener(Consumer<? super Backend> newListener) {
    return new Options(
        head,
        loading,
        backend,
        precision,
        threads,
        allowNewHead,
        pooler,
        seed,
        settings,
        edits,
        newListener);
  }
}
