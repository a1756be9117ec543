package io.lanewise.model;

import io.lanewise.checkpoint.Checkpoint.Loading;
import io.lanewise.kernel.Backend;
import io.lanewise.kernel.Precision;
import io.lanewise.memory.MemoryBudget;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * How to load a model; start from {@link #DEFAULT} and change what differs.
 *
 * @param head the head to load; null for the one that the checkpoint's {@code architectures} names
 * @param loading mapped or copied weights
 * @param kernels what it runs on
 * @param allowNewHead initialise the head's missing tensors instead of refusing the checkpoint
 * @param pooler whether a model without head ({@link Head#MODEL}) gets the pooler that its file
 *     holds; Hugging Face's {@code add_pooling_layer}. A file without one gives a model without
 *     one, unless {@code allowNewHead} asks to make it
 * @param seed for what is initialised
 * @param settings settings that replace those of {@code config.json}, by their keys
 * @param edits what becomes of the weights on their way in
 */
public record Options(
    Head head,
    Loading loading,
    Kernels kernels,
    boolean allowNewHead,
    boolean pooler,
    long seed,
    Map<String, Object> settings,
    Edits edits) {
  public static final Options DEFAULT =
      new Options(null, Loading.MAP, Kernels.DEFAULT, false, true, 0, Map.of(), Edits.NONE);

  public Options {
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
  }

  /** {@link Kernels#backend}. */
  public Backend.Choice backend() {
    return kernels.backend();
  }

  /** {@link Kernels#precision}. */
  public Precision precision() {
    return kernels.precision();
  }

  /** {@link Kernels#threads}. */
  public int threads() {
    return kernels.threads();
  }

  public Options withHead(Head newHead) {
    return new Options(newHead, loading, kernels, allowNewHead, pooler, seed, settings, edits);
  }

  public Options withLoading(Loading newLoading) {
    return new Options(head, newLoading, kernels, allowNewHead, pooler, seed, settings, edits);
  }

  public Options withBackend(Backend.Choice newBackend) {
    return with(
        new Kernels(newBackend, precision(), threads(), kernels.listener(), kernels.memory()));
  }

  public Options withPrecision(Precision newPrecision) {
    return with(
        new Kernels(backend(), newPrecision, threads(), kernels.listener(), kernels.memory()));
  }

  public Options withThreads(int newThreads) {
    return with(
        new Kernels(backend(), precision(), newThreads, kernels.listener(), kernels.memory()));
  }

  /** Somebody who wants to know which kernels the model will run on, and why. */
  public Options withListener(Consumer<? super Backend> newListener) {
    return with(new Kernels(backend(), precision(), threads(), newListener, kernels.memory()));
  }

  /** A budget for the memory of calls; the same for several models makes them share it. */
  public Options withMemory(MemoryBudget newMemory) {
    return with(new Kernels(backend(), precision(), threads(), kernels.listener(), newMemory));
  }

  private Options with(Kernels newKernels) {
    return new Options(head, loading, newKernels, allowNewHead, pooler, seed, settings, edits);
  }

  public Options withAllowNewHead(boolean newAllowNewHead) {
    return new Options(head, loading, kernels, newAllowNewHead, pooler, seed, settings, edits);
  }

  public Options withPooler(boolean newPooler) {
    return new Options(head, loading, kernels, allowNewHead, newPooler, seed, settings, edits);
  }

  public Options withSeed(long newSeed) {
    return new Options(head, loading, kernels, allowNewHead, pooler, newSeed, settings, edits);
  }

  /**
   * One setting in the place of that of {@code config.json}, such as {@code num_labels} or {@code
   * problem_type}; null takes it away, so that the class default holds.
   */
  public Options withSetting(String key, Object value) {
    var newSettings = new LinkedHashMap<>(settings);
    newSettings.put(key, value);
    return new Options(head, loading, kernels, allowNewHead, pooler, seed, newSettings, edits);
  }

  /** Weights rounded, tables resized, heads pruned while they are loaded. */
  public Options withEdits(Edits newEdits) {
    return new Options(head, loading, kernels, allowNewHead, pooler, seed, settings, newEdits);
  }
}
