package io.lanewise.model;

import io.lanewise.CheckpointException;
import io.lanewise.checkpoint.Checkpoint;
import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.weights.WeightChange;
import io.lanewise.checkpoint.weights.Weights;
import io.lanewise.family.Family;
import io.lanewise.family.load.LayerSource;
import io.lanewise.family.load.PrunedHeads;
import io.lanewise.kernel.Backend;
import io.lanewise.memory.Region;
import io.lanewise.nn.Packing;
import io.lanewise.tensor.Tensor;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * What a {@link Model} is made of, and how it comes into memory.
 *
 * @param name of the folder or file
 * @param config the settings of the file with those of the options
 * @param generation the settings of generation
 * @param weights the root of the walk, at its end
 * @param region holds the weights
 * @param always what every call keeps, because the settings say so
 */
record LoadedModel(
    String name,
    Config config,
    Config generation,
    Architecture architecture,
    Family family,
    Weights weights,
    Backend backend,
    Region region,
    Set<Keep> always)
    implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("io.lanewise.model");

  /** {@link Model#load(Path, Options)}. */
  static LoadedModel of(Path folder, Options options) {
    return open(
        options,
        (backend, region) -> {
          try (var checkpoint = Checkpoint.open(folder, options.loading(), region)) {
            return of(checkpoint, options, backend, region);
          }
        });
  }

  /** {@link Model#load(Path, String, Options)}. */
  static LoadedModel of(Path folder, String file, Options options) {
    return open(
        options,
        (backend, region) -> {
          try (var checkpoint = Checkpoint.open(folder, file, options.loading(), region)) {
            return of(checkpoint, options, backend, region);
          }
        });
  }

  /** {@link Model#of}. */
  static LoadedModel of(Config config, Map<String, Tensor> tensors, Options options) {
    return open(
        options,
        (backend, region) -> {
          float range = (float) config.initializerRange();
          var weights = Weights.given(tensors, options.seed(), range, region);
          return of(config.where(), config, null, weights, false, options, backend, region);
        });
  }

  /** {@link Model#random(Config, Options)}. */
  static LoadedModel random(Config config, Options options) {
    return open(
        options,
        (backend, region) -> {
          float range = (float) config.initializerRange();
          var weights = Weights.random(options.seed(), range, region);
          return of(config.where(), config, null, weights, true, options, backend, region);
        });
  }

  @FunctionalInterface
  private interface Load {
    LoadedModel into(Backend backend, Region region);
  }

  /** Whatever goes wrong on the way, nothing is left behind. */
  private static LoadedModel open(Options options, Load load) {
    var backend = options.kernels().choose();
    var region = Region.open();
    boolean done = false;
    try {
      var loaded = load.into(backend, region);
      done = true;
      return loaded;
    } catch (OutOfMemoryError e) {
      throw new CheckpointException(
          "the weights do not fit into memory ("
              + e.getMessage()
              + "): raise -Xmx, give the process more memory, or take a smaller model",
          e);
    } finally {
      if (!done) {
        close(backend, region);
      }
    }
  }

  private static LoadedModel of(
      Checkpoint checkpoint, Options options, Backend backend, Region region) {
    var folder = checkpoint.folder();
    return of(
        folder.toString(),
        checkpoint.settings(),
        Checkpoint.generation(folder).orElse(null),
        checkpoint.weights(options.seed()),
        false,
        options,
        backend,
        region);
  }

  private static LoadedModel of(
      String name,
      Config file,
      Config generation,
      Weights weights,
      boolean random,
      Options options,
      Backend backend,
      Region region) {
    var config = file;
    for (var setting : options.settings().entrySet()) {
      config = config.with(setting.getKey(), setting.getValue());
    }
    warnOfLabels(config);
    config = Architecture.of(config, options.head()).type(config).today(config);
    var edits = options.edits();
    var pruned = PrunedHeads.of(config, edits.prunedHeads());
    config = pruned.in(config);
    var change = WeightChange.NONE.rounding(edits.dtype());
    if (edits.vocabulary() > 0) {
      int before = config.positive("vocab_size", edits.vocabulary());
      config = config.with("vocab_size", edits.vocabulary());
      change = change.resizing(before, edits.vocabulary());
    }
    var asked = Architecture.of(config, options.head());
    var root = weights.withoutHead(asked.head() == Head.MODEL).with(change);
    var packing = new Packing(backend.gemm(), region);
    boolean mayMake = random || options.allowNewHead();
    var source = new LayerSource(config, root, packing, mayMake, options.pooler(), pruned);
    var family = asked.type(config).load(source, asked.head());
    if (generation == null) {
      generation = family.specialTokens().in(config);
    }
    var always = always(config);
    return new LoadedModel(name, config, generation, asked, family, root, backend, region, always);
  }

  /** As Hugging Face does: where a file says both, its names of labels count. */
  private static void warnOfLabels(Config config) {
    if (config.has("num_labels") && config.has("id2label")) {
      int said = config.positive("num_labels", 2);
      int named = config.labels().size();
      if (said != named) {
        LOG.log(
            Level.WARNING,
            () ->
                "%s: num_labels is %d, id2label names %d labels: the names count; make both agree"
                    .formatted(config.where(), said, named));
      }
    }
  }

  private static Set<Keep> always(Config config) {
    var always = EnumSet.noneOf(Keep.class);
    if (config.bool("output_hidden_states", false)) {
      always.add(Keep.HIDDEN_STATES);
    }
    if (config.bool("output_attentions", false)) {
      always.add(Keep.ATTENTIONS);
    }
    return always;
  }

  @Override
  public void close() {
    close(backend, region);
  }

  private static void close(Backend backend, Region region) {
    backend.close(); // nobody packs weights any more
    region.close();
  }
}
