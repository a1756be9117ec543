package io.lanewise.cli;

import io.lanewise.InputException;
import io.lanewise.checkpoint.Checkpoint.Loading;
import io.lanewise.kernel.Backend;
import io.lanewise.model.Options;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which model, and how it is loaded: the options that all commands with a model share. */
final class ModelOptions {
  private static final int MOST_THREADS = 1024;
  private static final String DEMO = "weights/albert-tiny-demo";

  @Option(
      names = {"-m", "--model"},
      paramLabel = "FOLDER",
      description = "Folder with config.json and the weights; default: the demo, " + DEMO + ".")
  private Path folder;

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
  private Backend.Choice gemm = Backend.Choice.AUTO;

  @Option(
      names = "--copy",
      description = "Read the weights into memory instead of mapping their file.")
  private boolean copy;

  @Option(
      names = "--allow-new-head",
      description = "Initialise a head that the checkpoint does not hold, instead of failing.")
  private boolean allowNewHead;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec mixee;

  /** The values of {@code --gemm} as they are written. */
  static final class Kernels implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(Backend.Choice.values())
          .map(choice -> choice.name().toLowerCase(Locale.ROOT))
          .iterator();
    }
  }

  /** Whether {@code --model} was given. */
  boolean named() {
    return folder != null;
  }

  /**
   * The folder of {@code --model}, or of the demo.
   *
   * @throws InputException if none was given and the demo is not where it should be
   */
  Path folder() {
    return folder == null ? demo() : folder;
  }

  /** The folder of the demo. */
  static Path demo() {
    var demo = Path.of(System.getProperty("lanewise.home", ""), DEMO);
    if (!Files.isDirectory(demo)) {
      throw new InputException("no model: name its folder with --model FOLDER");
    }
    return demo;
  }

  /** How to load it. */
  Options options() {
    if (threads != null && (threads < 1 || threads > MOST_THREADS)) {
      throw new ParameterException(
          mixee.commandLine(), "--threads " + threads + ": give 1 to " + MOST_THREADS);
    }
    return Options.DEFAULT
        .withLoading(copy ? Loading.COPY : Loading.MAP)
        .withBackend(gemm)
        .withThreads(threads == null ? 0 : threads)
        .withAllowNewHead(allowNewHead);
  }
}
