package io.lanewise.cli.option;

import io.lanewise.checkpoint.HubCache;
import io.lanewise.model.FolderSettings;
import io.lanewise.model.KernelChoice;
import io.lanewise.model.MemoryBudget;
import io.lanewise.model.Options;
import io.lanewise.model.Precision;
import io.lanewise.serve.model.ModelSource;
import io.lanewise.serve.model.ServedTask;
import io.lanewise.task.TaskOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which models a server has, and how they are loaded. */
public final class ServedModelOptions {
  private static final int MOST_THREADS = 1024;

  @Option(
      names = {"-m", "--model"},
      paramLabel = "[NAME=]MODEL",
      description = {
        "A folder, or a name of the Hub whose files are in its cache; more than once for several"
            + " models. NAME is what requests call it by; default: the Hub's name, or the last part"
            + " of the folder's. Variable MODEL_ID for one; default: the demo for masked words."
      })
  private List<String> models = new ArrayList<>();

  @Option(
      names = "--task",
      paramLabel = "[NAME=]TASK",
      description = {
        "What a model is for where its files do not say it: embedding, classifier, reranker,"
            + " token-classifier, question-answering, fill-mask, zero-shot or summarizer."
      })
  private List<String> tasks = new ArrayList<>();

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads for one forward pass; default: one a processor.")
  private Integer threads;

  @Option(
      names = "--gemm",
      paramLabel = "KERNEL",
      completionCandidates = ModelOptions.Kernels.class,
      description = "Matrix products by: ${COMPLETION-CANDIDATES}; default: auto.")
  private KernelChoice gemm = KernelChoice.AUTO;

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      converter = ModelOptions.PrecisionConverter.class,
      completionCandidates = ModelOptions.Precisions.class,
      description =
          "Hold the weights of matrix products in ${COMPLETION-CANDIDATES}; default: f32, or int8"
              + " where the folder was converted to that.")
  private Precision precision;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec mixee;

  /**
   * The models with their names.
   *
   * @param environment variables of the process
   * @param batchTokens of a pass
   */
  public List<ModelSource> sources(Map<String, String> environment, int batchTokens) {
    OptionRange.check(mixee, "--threads", threads, 1, MOST_THREADS);
    var named = named(environment);
    var chosen = tasks(named);
    var memory = MemoryBudget.ofMachine(); // for all of them together
    var sources = new ArrayList<ModelSource>();
    named.forEach(
        (name, model) -> {
          var folder = FolderSettings.of(model);
          sources.add(
              new ModelSource(
                  name,
                  folder,
                  Optional.ofNullable(chosen.get(name)),
                  TaskOptions.of(options(folder).withMemory(memory)).withBatchTokens(batchTokens)));
        });
    return sources;
  }

  private Map<String, Path> named(Map<String, String> environment) {
    var named = new LinkedHashMap<String, Path>();
    var given = models.isEmpty() ? fromEnvironment(environment) : models;
    if (given.isEmpty()) {
      named.put("albert-tiny-demo", DefaultModel.MASKED_WORDS.folder(mixee.name()));
    }
    for (var each : given) {
      int sign = each.indexOf('=');
      var model = each.substring(sign + 1);
      var name = sign < 0 ? name(model) : each.substring(0, sign);
      if (name.isBlank() || named.put(name, ModelOptions.find(model, null)) != null) {
        throw usage("--model " + each + ": give each model a name of its own, as in NAME=" + model);
      }
    }
    return named;
  }

  private static List<String> fromEnvironment(Map<String, String> environment) {
    var model = environment.getOrDefault("MODEL_ID", "");
    var name = environment.getOrDefault("SERVED_MODEL_NAME", "");
    return model.isEmpty() ? List.of() : List.of(name.isEmpty() ? model : name + "=" + model);
  }

  /**
   * The name of the Hub; of a folder the last part, because answers tell nothing of the machine.
   */
  private static String name(String model) {
    if (ModelOptions.isOfTheHub(model) && HubCache.isName(model)) {
      return model;
    }
    var last = Path.of(model).toAbsolutePath().normalize().getFileName();
    return last == null ? "model" : last.toString();
  }

  private Map<String, ServedTask> tasks(Map<String, Path> named) {
    var chosen = new LinkedHashMap<String, ServedTask>();
    for (var each : tasks) {
      int sign = each.indexOf('=');
      var title = each.substring(sign + 1);
      var task =
          ServedTask.named(title)
              .orElseThrow(
                  () ->
                      usage(
                          "--task "
                              + each
                              + ": give one of "
                              + String.join(", ", ServedTask.titles())));
      var names = new HashSet<>(named.keySet());
      if (sign >= 0) {
        names.retainAll(List.of(each.substring(0, sign)));
      }
      if (names.isEmpty()) {
        throw usage("--task " + each + ": no --model has this name");
      }
      names.forEach(name -> chosen.put(name, task));
    }
    return chosen;
  }

  private Options options(FolderSettings folder) {
    boolean int8 = precision == null && folder.hasConfig() && folder.isInt8();
    return Options.DEFAULT
        .withBackend(gemm)
        .withPrecision(int8 ? Precision.INT8 : precision == null ? Precision.FLOAT32 : precision)
        .withThreads(threads == null ? 0 : threads);
  }

  private ParameterException usage(String message) {
    return new ParameterException(mixee.commandLine(), message);
  }
}
