package io.lanewise.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How to load a model; start from {@link #DEFAULT} and change what differs. Immutable: each {@code
 * with} gives a new one.
 *
 * <pre>{@code
 * var options =
 *     Options.DEFAULT
 *         .withHead(Head.MASKED_LM)
 *         .withPrecision(Precision.BFLOAT16)
 *         .withThreads(4)
 *         .withMemory(MemoryBudget.of(1L << 30));
 * }</pre>
 */
public final class Options {
  /** What the folder asks for, on all processors, with mapped weights. */
  public static final Options DEFAULT =
      new Options(null, Loading.MAP, KernelRequest.DEFAULT, false, true, 0, Map.of(), Edits.NONE);

  private final @Nullable Head head;
  private final Loading loading;
  private final KernelRequest kernels;
  private final boolean allowNewHead;
  private final boolean pooler;
  private final long seed;
  private final Map<String, Object> settings;
  private final Edits edits;

  private Options(
      @Nullable Head head,
      Loading loading,
      KernelRequest kernels,
      boolean allowNewHead,
      boolean pooler,
      long seed,
      Map<String, Object> settings,
      Edits edits) {
    this.head = head;
    this.loading = loading;
    this.kernels = kernels;
    this.allowNewHead = allowNewHead;
    this.pooler = pooler;
    this.seed = seed;
    this.settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    this.edits = edits;
  }

  /** The head to load; empty for the one that the checkpoint's {@code architectures} names. */
  public Optional<Head> head() {
    return Optional.ofNullable(head);
  }

  /** Mapped or copied weights. */
  public Loading loading() {
    return loading;
  }

  /** Which kernels. */
  public KernelChoice backend() {
    return kernels.choice();
  }

  /** In which precision the weights of matrix products are held. */
  public Precision precision() {
    return kernels.precision();
  }

  /** Threads for one forward pass, the caller's included; 0 for one a processor. */
  public int threads() {
    return kernels.threads();
  }

  /** What chooses the kernels. */
  KernelRequest kernels() {
    return kernels;
  }

  /** Whether the head's missing tensors are made, instead of the checkpoint being refused. */
  public boolean allowNewHead() {
    return allowNewHead;
  }

  /** Whether a model without head gets the pooler that its file holds. */
  public boolean pooler() {
    return pooler;
  }

  /** For what is initialised. */
  public long seed() {
    return seed;
  }

  /** Settings that replace those of {@code config.json}, by their keys. */
  public Map<String, Object> settings() {
    return settings;
  }

  /** What becomes of the weights on their way in. */
  public Edits edits() {
    return edits;
  }

  /**
   * The head to load.
   *
   * @param newHead null for the one that the checkpoint's {@code architectures} names
   */
  public Options withHead(@Nullable Head newHead) {
    return new Options(newHead, loading, kernels, allowNewHead, pooler, seed, settings, edits);
  }

  /** Mapped or copied weights. */
  public Options withLoading(Loading newLoading) {
    return new Options(head, newLoading, kernels, allowNewHead, pooler, seed, settings, edits);
  }

  /** Which kernels. */
  public Options withBackend(KernelChoice newBackend) {
    return with(
        new KernelRequest(
            newBackend, precision(), threads(), kernels.listener(), kernels.memory()));
  }

  /**
   * The precision in which the weights of matrix products are held, and computed where the machine
   * and the library allow; they are made from those of the file at load.
   */
  public Options withPrecision(Precision newPrecision) {
    return with(
        new KernelRequest(
            backend(), newPrecision, threads(), kernels.listener(), kernels.memory()));
  }

  /**
   * Threads for one forward pass.
   *
   * @param newThreads the caller's included; 0 for one a processor
   */
  public Options withThreads(int newThreads) {
    return with(
        new KernelRequest(
            backend(), precision(), newThreads, kernels.listener(), kernels.memory()));
  }

  /**
   * Told which kernels the model will run on, and why, once they are chosen and before the weights
   * are looked at.
   */
  public Options withListener(Consumer<? super Kernels> newListener) {
    return with(
        new KernelRequest(backend(), precision(), threads(), newListener, kernels.memory()));
  }

  /** A budget for the memory of calls; the same for several models makes them share it. */
  public Options withMemory(MemoryBudget newMemory) {
    return with(
        new KernelRequest(backend(), precision(), threads(), kernels.listener(), newMemory));
  }

  private Options with(KernelRequest newKernels) {
    return new Options(head, loading, newKernels, allowNewHead, pooler, seed, settings, edits);
  }

  /** Whether to initialise the head's missing tensors instead of refusing the checkpoint. */
  public Options withAllowNewHead(boolean newAllowNewHead) {
    return new Options(head, loading, kernels, newAllowNewHead, pooler, seed, settings, edits);
  }

  /**
   * Whether a model without head ({@link Head#MODEL}) gets the pooler that its file holds; Hugging
   * Face's {@code add_pooling_layer}. A file without one gives a model without one, unless {@link
   * #withAllowNewHead} asks to make it.
   */
  public Options withPooler(boolean newPooler) {
    return new Options(head, loading, kernels, allowNewHead, newPooler, seed, settings, edits);
  }

  /** The seed of what is initialised. */
  public Options withSeed(long newSeed) {
    return new Options(head, loading, kernels, allowNewHead, pooler, newSeed, settings, edits);
  }

  /**
   * One setting in the place of that of {@code config.json}, such as {@code num_labels} or {@code
   * problem_type}; null takes it away, so that the class default holds.
   */
  public Options withSetting(String key, @Nullable Object value) {
    var newSettings = new LinkedHashMap<>(settings);
    newSettings.put(key, value);
    return new Options(head, loading, kernels, allowNewHead, pooler, seed, newSettings, edits);
  }

  /** Weights rounded, tables resized, heads pruned while they are loaded. */
  public Options withEdits(Edits newEdits) {
    return new Options(head, loading, kernels, allowNewHead, pooler, seed, settings, newEdits);
  }
}
