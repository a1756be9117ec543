package io.lanewise.model;

import io.lanewise.CheckpointException;
import io.lanewise.InputException;
import io.lanewise.checkpoint.Checkpoint;
import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.weights.Weights;
import io.lanewise.family.Family;
import io.lanewise.family.stack.DecoderShape;
import io.lanewise.nn.Dropout;
import io.lanewise.nn.Pass;
import io.lanewise.nn.Trace;
import io.lanewise.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A loaded checkpoint: family, head, weights, kernels.
 *
 * <pre>{@code
 * try (var model = Model.load(Path.of("albert-base-v2"))) {
 *   var output = model.forward(Inputs.ids(new long[][] {{2, 14, 23, 3}}), Keep.HIDDEN_STATES);
 * }
 * }</pre>
 *
 * <p>Thread-safe, on platform threads and on virtual ones: as many calls as there are processors
 * run at once, each with scratch memory of its own, and others wait in the order in which they
 * came. What a call returns lies on the heap and outlives the model.
 */
public final class Model implements AutoCloseable {
  private final LoadedModel loaded;
  private final Family family;
  private final Report report;
  private final MemoryBudget memory;
  private final Calls calls;

  /**
   * What became of the tensors of a checkpoint, by their names in its files.
   *
   * @param missing asked for and not in the file
   * @param unexpected in the file and not asked for; buffers that Hugging Face computes itself do
   *     not count
   * @param tied one tensor under two names, as {@code "name = other name"}
   * @param initialised made from the seed instead of read
   */
  public record Report(
      List<String> missing, List<String> unexpected, List<String> tied, List<String> initialised) {
    private static Report of(Weights.Report report) {
      return new Report(report.missing(), report.unexpected(), report.tied(), report.initialised());
    }
  }

  private Model(LoadedModel loaded, Options options) {
    this.loaded = loaded;
    this.memory = options.kernels().memoryOrDefault();
    this.calls = new Calls(Runtime.getRuntime().availableProcessors(), memory.internal());
    this.family = loaded.family();
    this.report = Report.of(loaded.weights().report());
  }

  /**
   * Loads a model folder as it was downloaded or saved.
   *
   * @throws CheckpointException if the folder or a file in it is missing, broken, or does not fit
   *     its {@code config.json}
   * @throws io.lanewise.BackendException if the demanded kernels cannot work here
   */
  public static Model load(Path folder, Options options) {
    return load(FolderSettings.of(folder), options);
  }

  /** The same with {@link Options#DEFAULT}. */
  public static Model load(Path folder) {
    return load(folder, Options.DEFAULT);
  }

  /** The same from a folder whose settings may have been read. */
  public static Model load(FolderSettings folder, Options options) {
    return new Model(LoadedModel.of(folder, options), options);
  }

  /**
   * The same with the weights of this file, whatever others there are.
   *
   * @param weights a file in the folder, or the index of several
   */
  public static Model load(Path folder, String weights, Options options) {
    return new Model(LoadedModel.of(FolderSettings.of(folder), weights, options), options);
  }

  /**
   * Makes a model of this shape with weights that the caller holds, as the Flax classes run with
   * {@code params}. They are copied.
   *
   * @param weights by the names that Hugging Face saves them under, such as those that {@code
   *     Safetensors.read} gives
   * @throws CheckpointException if a weight is missing or has another shape, or the settings cannot
   *     be
   */
  public static Model of(Config config, Map<String, Tensor> weights, Options options) {
    return new Model(LoadedModel.of(config, weights, options), options);
  }

  /**
   * Makes a model of this shape with random weights, as {@code AlbertModel(config)} does: truncated
   * normal with {@link Config#initializerRange}. The same seed gives the same weights.
   *
   * @throws CheckpointException if the settings cannot be
   */
  public static Model random(Config config, Options options) {
    return new Model(LoadedModel.random(config, options), options);
  }

  /**
   * The same from a {@code config.json}, or from a folder that holds one; its weights are not
   * looked at.
   */
  public static Model random(Path config, Options options) {
    boolean folder = Files.isDirectory(config);
    return random(folder ? Checkpoint.config(config) : Config.read(config), options);
  }

  /** The values of {@code model_type} that {@link #load} understands. */
  public static List<String> families() {
    return Family.NAMES;
  }

  /**
   * What a config says that its model is, a value of {@code model_type}; nothing is loaded.
   *
   * @throws CheckpointException if it names a family or a head that does not run here
   */
  public static String family(Config config) {
    var architecture = Architecture.of(config, null);
    architecture.type(config).head(architecture.head());
    return architecture.family();
  }

  /**
   * Runs the model once.
   *
   * @param inputs by Hugging Face's names; what is left out has Hugging Face's default
   * @param keep what to keep besides the result; a config with {@code output_hidden_states} or
   *     {@code output_attentions} keeps those always
   * @throws InputException if an input is unknown to this head, or does not fit the model or the
   *     other inputs
   * @throws io.lanewise.ClosedException if the model has been closed
   * @throws io.lanewise.CancelledException if the thread has been interrupted, or the time of
   *     {@link io.lanewise.Deadline#within} is over; looked at between two layers
   * @throws io.lanewise.MemoryException if the call does not fit into {@link Options#withMemory}
   */
  public Output forward(Inputs inputs, Keep... keep) {
    return forwardWith(inputs, null, keep);
  }

  /**
   * Runs a decoder for the tokens that follow those in a cache, and adds them to it. A call that
   * fails leaves the cache as it was.
   *
   * @param cache of {@link #newCache} or {@link #initCache}
   */
  public Output forward(Inputs inputs, DecoderCache cache, Keep... keep) {
    return forwardWith(inputs, cache, keep);
  }

  private Output forwardWith(Inputs inputs, @Nullable DecoderCache cache, Keep... keep) {
    return run(
        () -> Dropout.NONE,
        keep,
        (pass, kept) ->
            cached(inputs, cache, kept, (rest, own) -> family.forward(pass, rest, own, kept)));
  }

  /**
   * Runs the model once as training does, with dropout: Hugging Face's {@code model.train()},
   * {@code training=True} or {@code train=True}. What the config's dropout rates say is dropped;
   * nothing is learnt.
   *
   * @param seed the same seed drops the same elements, whatever the threads and the kernels
   * @throws CheckpointException if the config has a rate that is none
   */
  public Output forwardInTraining(long seed, Inputs inputs, Keep... keep) {
    var rates = family.dropout(loaded.config());
    return run(
        () -> new Dropout(rates, seed),
        keep,
        (pass, kept) ->
            cached(inputs, null, kept, (rest, own) -> family.forward(pass, rest, own, kept)));
  }

  /**
   * Runs the encoder of an encoder-decoder alone.
   *
   * @param inputs {@code input_ids} or {@code inputs_embeds}, {@code attention_mask}, {@code
   *     head_mask}, {@code position_ids}
   */
  public Output.Base encode(Inputs inputs, Keep... keep) {
    return (Output.Base)
        run(() -> Dropout.NONE, keep, (pass, kept) -> family.encode(pass, inputs, kept));
  }

  /**
   * Runs the decoder of an encoder-decoder alone: words' scores where the head has them, its last
   * hidden state otherwise.
   *
   * @param inputs {@code decoder_input_ids} or {@code decoder_inputs_embeds}, {@code
   *     encoder_outputs.last_hidden_state} of {@link #encode} with its {@code
   *     encoder_attention_mask}, {@code decoder_attention_mask}, {@code decoder_position_ids},
   *     {@code decoder_head_mask}, {@code cross_attn_head_mask}
   */
  public Output decode(Inputs inputs, Keep... keep) {
    return decodeWith(inputs, null, keep);
  }

  /**
   * The same for the tokens that follow those in a cache, which are added to it. A call that fails
   * leaves the cache as it was.
   *
   * @param cache knows the encoder's result after the first call, which may then be left out
   */
  public Output decode(Inputs inputs, DecoderCache cache, Keep... keep) {
    return decodeWith(inputs, cache, keep);
  }

  private Output decodeWith(Inputs inputs, @Nullable DecoderCache cache, Keep... keep) {
    return run(
        () -> Dropout.NONE,
        keep,
        (pass, kept) ->
            cached(inputs, cache, kept, (rest, own) -> family.decode(pass, rest, own, kept)));
  }

  /**
   * The global tokens of windowed attention: for each sequence of these inputs, the positions of
   * those that see all tokens and are seen by all, ascending, whether the inputs name them ({@code
   * global_attention_mask}) or the head chooses them. No sequences where attention is not windowed.
   *
   * @throws InputException as {@link #forward}
   */
  public int[][] globalTokens(Inputs inputs) {
    return family.globalTokens(inputs);
  }

  /**
   * An empty cache for this decoder, which grows with the tokens. The caller closes it.
   *
   * @throws InputException if the model is no decoder
   */
  public DecoderCache newCache() {
    return new DecoderCache(decoder().cache(memory.internal()));
  }

  /**
   * An empty cache with room for {@code maxLength} tokens and no more, as Flax's {@code init_cache}
   * makes it: attention runs over all {@code maxLength} keys, masks have that length, and the
   * decoder of an encoder-decoder wants {@code decoder_position_ids}. The caller closes it.
   *
   * @throws InputException if the model is no decoder, or cannot have so many tokens
   */
  public DecoderCache initCache(int batch, int maxLength) {
    return new DecoderCache(decoder().slots(batch, maxLength, memory.internal()));
  }

  /**
   * Refuses a model that cannot go on with tokens.
   *
   * @throws InputException if it is no decoder
   */
  public void checkDecoder() {
    decoder();
  }

  private DecoderShape decoder() {
    if (family.decoder() == null) {
      throw new InputException(this + " is no decoder (is_decoder): it has no past_key_values");
    }
    return family.decoder();
  }

  private Output cached(
      Inputs inputs, @Nullable DecoderCache given, Set<Keep> keep, DecoderShape.Call call) {
    var cache = given == null ? null : given.internal();
    var shape = family.decoder();
    return shape == null
        ? DecoderShape.runWithout(inputs, cache, call)
        : shape.run(inputs, cache, keep, memory.internal(), call);
  }

  /** Runs a call when it is its turn, with scratch memory of its own. */
  private Output run(
      Supplier<Dropout> dropout, Keep[] keep, BiFunction<Pass, Set<Keep>, Output> call) {
    var kept = EnumSet.copyOf(loaded.always());
    kept.addAll(Arrays.asList(keep));
    return calls.run(
        name(),
        (slab, between) ->
            call.apply(
                new Pass(loaded.backend(), slab, new Trace(false, false), dropout.get(), between),
                kept));
  }

  /**
   * Does now what would make the first calls slower than later ones: has the kernels compiled,
   * brings the weights into memory, and takes scratch memory. It takes a second or some. Where
   * OpenBLAS runs the first calls ({@link KernelChoice#AUTO}), those are over then, so that the
   * bits of results do not change any more.
   *
   * @throws io.lanewise.ClosedException if the model has been closed
   * @throws io.lanewise.CancelledException as {@link #forward}
   */
  public void warmUp() {
    WarmUp.run(this, family);
    calls.beside(name(), loaded.backend()::warmUp);
    WarmUp.run(this, family);
  }

  /**
   * Saves it as Hugging Face's {@code save_pretrained} does, for transformers and for {@link
   * #load}: {@code config.json} with what was set and edited at load, {@code model.safetensors} or
   * several files with an index.
   *
   * <p>The weights are read once more from the files that they were loaded from, and what was made
   * from a seed is made again: the model keeps no copy for this. Where the weights were copied,
   * those files must be as they were.
   *
   * @param folder that is made, or is empty unless {@code saving} says it may hold something
   * @throws CheckpointException if it cannot be written, or the weights cannot be read any more
   */
  public void save(Path folder, Saving saving) {
    calls.beside(
        name(),
        () ->
            saving.write(
                folder,
                loaded.architecture(),
                config(),
                loaded.weights().contents(),
                Path.of(name())));
  }

  /** The same in the type that the weights have, into a new or empty folder. */
  public void save(Path folder) {
    save(folder, Saving.DEFAULT);
  }

  /** Names in the checkpoint's files of the matrices that are multiplied by. */
  public Set<String> products() {
    return loaded.weights().products();
  }

  /** The folder or file it was loaded from. */
  public String name() {
    return loaded.name();
  }

  /** The family, a value of {@code model_type}. */
  public String family() {
    return loaded.architecture().family();
  }

  public Head head() {
    return loaded.architecture().head();
  }

  /** The settings it was made with: those of {@code config.json}, and the caller's own. */
  public Config config() {
    return loaded.config();
  }

  /**
   * The settings of generation: those of {@code generation_config.json}; where there is none, the
   * model's own, with the special tokens that its class has unless they say otherwise.
   */
  public Config generation() {
    return loaded.generation();
  }

  /** What the outputs of a classification head stand for: {@code id2label}. */
  public List<String> labels() {
    return config().labels(family.labelsUnlessNamed());
  }

  /** How many numbers the state of a token has. */
  public int hiddenSize() {
    return family.hiddenSize();
  }

  /** The longest sequence that it takes, special tokens counted. */
  public int longest() {
    return family.longest();
  }

  /** Which tensors of the checkpoint were missing, unexpected, tied or made. */
  public Report report() {
    return report;
  }

  /** Which kernels it runs on, and why. */
  public Kernels kernels() {
    return Kernels.of(loaded.backend());
  }

  /**
   * Runs tasks 0 to {@code tasks - 1} on the threads of this model, and returns when all are done;
   * for what is made of its outputs. Tasks run in no order.
   */
  public void run(int tasks, IntConsumer task) {
    loaded.backend().workers().run(tasks, task);
  }

  /**
   * Turns rows of scores into log-probabilities, in place: {@code x − log Σ exp(x)}. The rows are
   * shared among the threads of this model. A NaN in a row makes the row NaN.
   *
   * @param scores [rows][classes], at least one class
   */
  public void logSoftmax(float[][] scores) {
    var rowwise = loaded.backend().rowwise();
    run(
        scores.length,
        i -> {
          var row = scores[i];
          double log = rowwise.logOfSum(row);
          for (int at = 0; at < row.length; at++) {
            row[at] = (float) (row[at] - log);
          }
        });
  }

  /** Bytes of the checkpoint's files that are mapped; 0 where they were copied. */
  public long mappedBytes() {
    return loaded.region().mappedBytes();
  }

  /** Bytes of memory outside the heap that the weights take besides: packed, widened or copied. */
  public long allocatedBytes() {
    return loaded.region().allocatedBytes();
  }

  /** What activations and caches take their memory from. */
  public MemoryBudget memory() {
    return memory;
  }

  /**
   * Refuses new calls and those that wait for their turn, waits for running ones, and frees the
   * memory; a second call does nothing.
   */
  @Override
  public void close() {
    calls.close(loaded::close);
  }

  @Override
  public String toString() {
    return family() + " " + head().suffix() + " from " + name();
  }
}
