package io.lanewise.cli.command;

import io.lanewise.cli.option.OptionRange;
import io.lanewise.cli.option.ServedModelOptions;
import io.lanewise.cli.output.Version;
import io.lanewise.serve.Server;
import io.lanewise.serve.ServerSettings;
import io.lanewise.serve.http.Limits;
import io.lanewise.serve.model.ServeLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Models over HTTP. */
@Command(
    name = "serve",
    description = {
      "Answers over HTTP, as text-embeddings-inference and OpenAI do; a page for people at /.",
      "Ends when it is told to (SIGTERM, Ctrl-C), after the requests that run."
    },
    footer = {
      "",
      "Routes: /embed /embed_all /embed_sparse /predict /rerank /similarity /tokenize /decode",
      "/v1/embeddings /v1/models /v1/rerank /fill-mask /ner /qa /zero-shot /summarize /attention",
      "/info /health /live /metrics /api-doc/openapi.json.",
      "",
      "Example: lanewise serve --model all=sentence-transformers/all-MiniLM-L6-v2 --port 8080"
    })
final class ServeCommand implements Callable<Integer> {
  private static final int MOST_PORT = 65_535;

  @Mixin private ServedModelOptions models;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description = "Listen here; 0.0.0.0 for all of the machine; default: ${DEFAULT-VALUE}.")
  private String host;

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "${env:PORT:-8080}",
      description = "Port, 0 for any free one; variable PORT; default: 8080.")
  private int port;

  @Option(
      names = "--batch-tokens",
      paramLabel = "N",
      defaultValue = "${env:MAX_BATCH_TOKENS:-4096}",
      description = "Tokens of a forward pass; variable MAX_BATCH_TOKENS; default: 4096.")
  private int batchTokens;

  @Option(
      names = "--max-queue-tokens",
      paramLabel = "N",
      defaultValue = "${env:MAX_QUEUE_TOKENS:-32768}",
      description = {
        "Tokens that may wait for a model; beyond, requests are refused (429); variable"
            + " MAX_QUEUE_TOKENS; default: 32768."
      })
  private int queueTokens;

  @Option(
      names = "--max-concurrent-requests",
      paramLabel = "N",
      defaultValue = "${env:MAX_CONCURRENT_REQUESTS:-512}",
      description = "Requests at a time; variable MAX_CONCURRENT_REQUESTS; default: 512.")
  private int requests;

  @Option(
      names = "--max-client-batch-size",
      paramLabel = "N",
      defaultValue = "${env:MAX_CLIENT_BATCH_SIZE:-4096}",
      description = "Inputs of one request; variable MAX_CLIENT_BATCH_SIZE; default: 4096.")
  private int clientBatch;

  @Option(
      names = "--payload-limit",
      paramLabel = "BYTES",
      defaultValue = "${env:PAYLOAD_LIMIT:-2000000}",
      description = "Bytes of a body; variable PAYLOAD_LIMIT; default: 2000000.")
  private int payload;

  @Option(
      names = "--request-timeout",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "Time in which a request has to be answered; default: ${DEFAULT-VALUE}.")
  private int seconds;

  @Option(
      names = "--drain-timeout",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "Time for the requests that run at the end; default: ${DEFAULT-VALUE}.")
  private int patience;

  @Option(
      names = "--auto-truncate",
      negatable = true,
      defaultValue = "${env:AUTO_TRUNCATE:-true}",
      fallbackValue = "true",
      description = {
        "Cut texts that are too long where a request does not say; variable AUTO_TRUNCATE;"
            + " default: they are cut."
      })
  private boolean truncates;

  @Option(
      names = "--api-key",
      paramLabel = "KEY",
      description = {
        "Answer only who sends it (Authorization: Bearer KEY); more than once for several;"
            + " variable API_KEY, which other users of the machine cannot see."
      })
  private List<String> keys = new ArrayList<>();

  @Option(
      names = "--cors",
      paramLabel = "ORIGIN",
      description = {
        "Let pages of this origin ask, * for all; variable CORS_ALLOW_ORIGIN (a list with commas);"
            + " default: none."
      })
  private List<String> origins = new ArrayList<>();

  @Option(
      names = "--warm-up",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Warm the models up before requests are answered; default: they are.")
  private boolean warmsUp;

  @Option(names = "--access-log", description = "Write a line of JSON for each request.")
  private boolean logsAccess;

  @ParentCommand private RootCommand root;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    var settings = settings();
    var sources = models.sources(System.getenv(), batchTokens);
    var server = Server.open(settings, sources, this::print, root::say);
    var ending = Thread.ofPlatform().name("lanewise-ending").unstarted(() -> end(server));
    Runtime.getRuntime().addShutdownHook(ending);
    root.say("lanewise: listening on " + address(server));
    try {
      server.awaitReady();
    } catch (RuntimeException e) {
      Runtime.getRuntime().removeShutdownHook(ending);
      server.close();
      throw e;
    }
    root.say("lanewise: ready");
    server.awaitClosed();
    return 0;
  }

  /** Ends the process with 0: what runs has been answered, which is what was asked for. */
  private static void end(Server server) {
    server.close();
    Runtime.getRuntime().halt(0);
  }

  private static String address(Server server) {
    var address = server.address();
    var host = address.getAddress().getHostAddress();
    return "http://%s:%d"
        .formatted(host.contains(":") ? "[" + host + "]" : host, address.getPort());
  }

  private synchronized void print(String line) {
    root.results().line(line);
    root.results().flush();
  }

  private ServerSettings settings() {
    OptionRange.check(spec, "--port", port, 0, MOST_PORT);
    OptionRange.checkFromOne(spec, "--batch-tokens", batchTokens);
    OptionRange.checkFromOne(spec, "--max-queue-tokens", queueTokens);
    OptionRange.checkFromOne(spec, "--max-concurrent-requests", requests);
    OptionRange.checkFromOne(spec, "--max-client-batch-size", clientBatch);
    OptionRange.checkFromOne(spec, "--payload-limit", payload);
    OptionRange.checkFromOne(spec, "--request-timeout", seconds);
    OptionRange.checkFromOne(spec, "--drain-timeout", patience);
    return new ServerSettings(
        host,
        port,
        new Limits(payload, bodies(), requests, Duration.ofSeconds(30)),
        new ServeLimits(
            batchTokens,
            queueTokens,
            clientBatch,
            requests,
            Duration.ofSeconds(seconds),
            truncates),
        with(keys, "API_KEY"),
        with(origins, "CORS_ALLOW_ORIGIN"),
        warmsUp,
        logsAccess,
        Duration.ofSeconds(patience),
        Version.library());
  }

  /**
   * A body takes many times its bytes as JSON and as texts, so all of them get a part of the heap.
   */
  private long bodies() {
    return Math.max(2L * payload, Runtime.getRuntime().maxMemory() / 64);
  }

  /** What was given, or else what a variable lists. */
  private static List<String> with(List<String> given, String variable) {
    var value = System.getenv().getOrDefault(variable, "");
    return given.isEmpty() && !value.isEmpty()
        ? List.of(value.split(",")).stream()
            .map(String::strip)
            .filter(each -> !each.isEmpty())
            .collect(Collectors.toUnmodifiableList())
        : List.copyOf(given);
  }
}
