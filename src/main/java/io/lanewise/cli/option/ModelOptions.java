package io.lanewise.cli.option;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lanewise.CheckpointException;
import io.lanewise.checkpoint.HubCache;
import io.lanewise.cli.command.RootCommand;
import io.lanewise.json.Json;
import io.lanewise.model.FolderSettings;
import io.lanewise.model.KernelChoice;
import io.lanewise.model.Loading;
import io.lanewise.model.Options;
import io.lanewise.model.Precision;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Which model, and how it is loaded: the options that all commands with a model share. */
public final class ModelOptions {
  private static final int MOST_THREADS = 1024;

  @Option(
      names = {"-m", "--model"},
      paramLabel = "FOLDER",
      description =
          "Folder with config.json and the weights, or a name of the Hub whose files are in its"
              + " cache, such as albert/albert-base-v2; default: a demo, where one fits the"
              + " command.")
  private String model;

  @Option(
      names = "--revision",
      paramLabel = "REVISION",
      description = "Branch, tag, reference or commit of a model of the Hub; default: main.")
  private String revision;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads for one forward pass; default: one a processor.")
  private Integer threads;

  @Option(
      names = "--gemm",
      paramLabel = "KERNEL",
      completionCandidates = Kernels.class,
      description = "Matrix products by: ${COMPLETION-CANDIDATES}; default: auto.")
  private KernelChoice gemm = KernelChoice.AUTO;

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      converter = PrecisionConverter.class,
      completionCandidates = Precisions.class,
      description =
          "Hold the weights of matrix products in ${COMPLETION-CANDIDATES}, and compute in it where"
              + " machine and library allow; default: f32, or int8 where the folder was converted"
              + " to that.")
  private Precision precision;

  @Option(
      names = "--load",
      paramLabel = "HOW",
      completionCandidates = Loadings.class,
      description =
          "map the files of the weights, or copy them into memory, so that nothing that happens to"
              + " the files later matters: ${COMPLETION-CANDIDATES}; default: map.")
  private Loading loading = Loading.MAP;

  @Option(
      names = "--allow-new-head",
      description = "Initialise a head that the checkpoint does not hold, instead of failing.")
  private boolean allowNewHead;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = {
        "A setting in the place of config.json's, such as num_labels=3; null takes it away.",
        "The value is JSON, or a text."
      })
  private Map<String, String> settings = new LinkedHashMap<>();

  @Spec(Spec.Target.MIXEE)
  private CommandSpec mixee;

  /** The values of {@code --gemm} as they are written. */
  static final class Kernels implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return names(KernelChoice.values());
    }
  }

  /** The values of {@code --load} as they are written. */
  static final class Loadings implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return names(Loading.values());
    }
  }

  /** The values of {@code --dtype} as they are written. */
  static final class Precisions implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(Precision.values()).map(ModelOptions::name).iterator();
    }
  }

  private static String name(Precision precision) {
    return switch (precision) {
      case FLOAT32 -> "f32";
      case BFLOAT16 -> "bf16";
      case INT8 -> "int8";
    };
  }

  /** Reads a value of {@code --dtype}. */
  static final class PrecisionConverter implements ITypeConverter<Precision> {
    @Override
    public Precision convert(String value) {
      return Arrays.stream(Precision.values())
          .filter(precision -> name(precision).equals(value.toLowerCase(Locale.ROOT)))
          .findAny()
          .orElseThrow(
              () -> new TypeConversionException("'" + value + "': give f32, bf16 or int8"));
    }
  }

  private static Iterator<String> names(Enum<?>[] values) {
    return Arrays.stream(values).map(value -> value.name().toLowerCase(Locale.ROOT)).iterator();
  }

  /** Whether {@code --model} was given. */
  public boolean named() {
    return model != null;
  }

  /** The settings of the folder of {@code --model}, or of the demo for masked words. */
  public FolderSettings settings() {
    return settings(DefaultModel.MASKED_WORDS);
  }

  /**
   * The settings of the folder of {@code --model}, or of the one that a command has in its place. A
   * folder comes before a name of the Hub.
   *
   * @throws io.lanewise.InputException if none was given and there is none in its place
   * @throws io.lanewise.CheckpointException if the Hub's cache does not hold the model
   */
  public FolderSettings settings(DefaultModel fallback) {
    return FolderSettings.of(model == null ? fallback.folder(mixee.name()) : find(model, revision));
  }

  /**
   * A folder, or the folder of a model of the Hub.
   *
   * @param revision null for none
   */
  public static Path find(String model, String revision) {
    return isOfTheHub(model) ? HubCache.here().findModel(model, revision) : Path.of(model);
  }

  /**
   * Whether a name of the Hub is meant, with or without an owner, and no folder: a folder that is
   * there comes first.
   */
  static boolean isOfTheHub(String model) {
    return HubCache.isName(model) && !Files.exists(Path.of(model));
  }

  /** How to load it: in the precision that was given, or that of the folder. */
  public Options options(FolderSettings folder) {
    boolean int8 = precision == null && folder.hasConfig() && folder.isInt8();
    return int8 ? options().withPrecision(Precision.INT8) : options();
  }

  /** How to load a model that is in no folder. */
  public Options options() {
    OptionRange.check(mixee, "--threads", threads, 1, MOST_THREADS);
    var options =
        Options.DEFAULT
            .withLoading(loading)
            .withBackend(gemm)
            .withPrecision(precision == null ? Precision.FLOAT32 : precision)
            .withThreads(threads == null ? 0 : threads)
            .withAllowNewHead(allowNewHead);
    for (var setting : settings.entrySet()) {
      options = options.withSetting(setting.getKey(), value(setting.getValue()));
    }
    return options;
  }

  /**
   * The same. While a model is loaded, {@code --debug} says why these kernels; without, that is
   * said only where weights of bf16 or int8 will be computed in fp32 all the same.
   */
  public Options options(FolderSettings folder, RootCommand root) {
    var options = options(folder);
    return root.debug() || options.precision() != Precision.FLOAT32
        ? options.withListener(kernels -> explain(root, kernels))
        : options;
  }

  private static void explain(RootCommand root, io.lanewise.model.Kernels kernels) {
    if (root.debug() || !kernels.narrow()) {
      kernels.reasons().forEach(reason -> root.say("lanewise: " + reason));
    }
  }

  /** A value of JSON, or the text itself where it is none; null for null. */
  private static Object value(String text) {
    try {
      var tree = Json.parse(text.getBytes(UTF_8), "--set");
      return tree.isNull() ? null : tree;
    } catch (CheckpointException e) {
      return text;
    }
  }
}
