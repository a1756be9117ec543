package io.lanewise.cli.command;

import io.lanewise.checkpoint.FetchOptions;
import io.lanewise.checkpoint.HubCache;
import io.lanewise.cli.output.Progress;
import io.lanewise.cli.output.Table;
import io.lanewise.text.Visible;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Brings models of the Hub into its cache. */
@Command(
    name = "fetch",
    description = {
      "Brings models of the Hub into the cache that Hugging Face's own tools use, and prints their"
          + " folders: config, tokenizer and weights, safetensors where there are any."
    },
    footer = {
      "",
      "An interrupted download goes on where it was. HF_TOKEN, or what \"hf auth login\" has kept,",
      "opens private and gated models; HF_ENDPOINT names another server, https_proxy a proxy;",
      "HF_HUB_OFFLINE forbids to ask. \"lanewise models\" lists what the cache holds.",
      "",
      "Example: lanewise fetch albert/albert-base-v2"
    })
final class FetchCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "NAME",
      arity = "1..*",
      description = "Names of the Hub, such as albert/albert-base-v2.")
  private List<String> names = new ArrayList<>();

  @Option(
      names = "--revision",
      paramLabel = "REVISION",
      description = "Branch, tag, reference or commit; default: main.")
  private String revision = FetchOptions.DEFAULT.revision();

  @Option(
      names = "--include",
      paramLabel = "PATTERN",
      description = "Bring the files that this names, such as '*.onnx', instead of those that run.")
  private List<String> include = new ArrayList<>();

  @Option(
      names = "--exclude",
      paramLabel = "PATTERN",
      description = "Do not bring the files that this names.")
  private List<String> exclude = new ArrayList<>();

  @Option(
      names = "--cache",
      paramLabel = "FOLDER",
      description = "Bring them into this cache; default: the one that the environment names.")
  private Path folder;

  @ParentCommand private RootCommand root;

  @Override
  public Integer call() {
    var cache = folder == null ? HubCache.here() : new HubCache(folder);
    for (var name : names) {
      try (var shown = new Shown(root, name)) {
        var options =
            FetchOptions.DEFAULT
                .withRevision(revision)
                .withInclude(include)
                .withExclude(exclude)
                .withListener(shown);
        root.results().line(Visible.of(cache.fetch(name, options).toString()));
      }
    }
    return 0;
  }

  /** The progress of a model: a bar on a terminal, otherwise one line. */
  private static final class Shown implements FetchOptions.Listener, AutoCloseable {
    private final RootCommand root;
    private final String name;
    private final Map<String, Long> received = new HashMap<>();
    private Progress bar = Progress.NONE;
    private long arrived;

    Shown(RootCommand root, String name) {
      this.root = root;
      this.name = name;
    }

    @Override
    public void begins(int files, long bytes) {
      var what = bytes == 0 ? "is in the cache" : Table.size(bytes) + " to fetch";
      root.say("lanewise: %s: %d files, %s".formatted(name, files, what));
      if (root.terminal().err() && bytes > 0) {
        bar = root.progressOfBytes(bytes);
      }
    }

    @Override
    public void received(String file, long bytes) {
      // What an earlier run left counts for nothing, nor does what has to come once more.
      long before = received.getOrDefault(file, bytes);
      received.put(file, Math.max(before, bytes));
      arrived += Math.max(0, bytes - before);
      bar.show(arrived);
    }

    @Override
    public void waits(String file) {
      root.say("lanewise: waiting for another process that fetches " + file);
    }

    @Override
    public void close() {
      bar.close();
    }
  }
}
