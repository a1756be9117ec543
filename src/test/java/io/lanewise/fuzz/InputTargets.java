package io.lanewise.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lanewise.InputException;
import io.lanewise.checkpoint.HubCache;
import io.lanewise.checkpoint.Safetensors;
import io.lanewise.cli.InProcess;
import io.lanewise.fuzz.Mutator.Kind;
import io.lanewise.hostile.Folders;
import io.lanewise.model.Options;
import io.lanewise.task.ZeroShot;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the command line reads, templates, and the cache of the Hub. */
final class InputTargets {
  private static final String MODEL = Targets.TASKS.resolve("classes-bert-embed").toString();
  private static final String NLI = Targets.TASKS.resolve("classes-bert-zero-shot").toString();
  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
  private static final String LINES =
      """
      {"text":"a text","id":1}
      {"text":"an other \\u00e9","labels":["a","b"]}

      {"text":"x"}
      """;

  private final Targets targets;

  InputTargets(Targets targets) {
    this.targets = targets;
  }

  List<Target> all() throws IOException {
    return List.of(
        Targets.of(
            "jsonl",
            Kind.LINES,
            reading("tokenize", "--jsonl", "--model", MODEL),
            targets.seed(null, "in", LINES.getBytes(UTF_8))),
        Targets.of(
            "jsonl-values",
            Kind.JSON,
            reading("zero-shot", "--jsonl", "--labels", "a,b", "--model", NLI),
            targets.seed(null, "in", "{\"text\":\"a\",\"labels\":[\"b\",\"c\"]}".getBytes(UTF_8))),
        Targets.of(
            "texts",
            Kind.LINES,
            reading("embed", "--csv", "--model", MODEL),
            targets.seed(null, "in", "a text\nan other\n\nx\r\n".getBytes(UTF_8))),
        Targets.of(
            "ids",
            Kind.LINES,
            reading("decode", "--model", MODEL),
            targets.seed(null, "in", "2 3 4\n5,6\n[7, 8]\n".getBytes(UTF_8))),
        Targets.of("resume", Kind.LINES, InputTargets::resume, resumed()),
        Targets.of(
            "tensors",
            Kind.BINARY,
            folder -> Safetensors.read(folder.resolve("in")),
            targets.seed(
                null,
                "in",
                Files.readAllBytes(
                    Targets.RESOURCES.resolve("weight-files").resolve("keras.safetensors")))),
        Targets.of(
            "template",
            Kind.LINES,
            InputTargets::template,
            targets.seed(null, "in", "This {{text}} is {}.".getBytes(UTF_8)),
            targets.seed(null, "in", "{0} or {0}".getBytes(UTF_8))),
        Targets.of("hub-reference", Kind.LINES, InputTargets::hub, hub()));
  }

  private static Target.Use reading(String... arguments) {
    return folder -> {
      try (var in = Files.newInputStream(folder.resolve("in"))) {
        check(InProcess.run(in, arguments));
      }
    };
  }

  /** What a command said, as the exception that it stands for. */
  private static void check(InProcess.Ended ended) {
    if (ended.code() == 0) {
      return;
    }
    boolean line = ended.err().startsWith("lanewise: ") && ended.err().lines().count() == 1;
    if (!line || ended.err().contains("internal error") || ended.err().contains("out of memory")) {
      throw new IllegalStateException(ended.code() + ": " + ended.err());
    }
    throw new InputException(ended.err().strip());
  }

  private Target.Seed resumed() throws IOException {
    var seed = targets.seed(null, "out.jsonl", new byte[0]);
    var folder = seed.folder();
    Files.writeString(folder.resolve("in.jsonl"), LINES);
    resume(folder);
    return new Target.Seed(folder, "out.jsonl", Files.readAllBytes(folder.resolve("out.jsonl")));
  }

  private static void resume(Path folder) {
    check(
        InProcess.run(
            InputStream.nullInputStream(),
            "tokenize",
            "--model",
            MODEL,
            "--file",
            folder.resolve("in.jsonl").toString(),
            "--resume",
            folder.resolve("out.jsonl").toString()));
  }

  private static void template(Path folder) throws IOException {
    var template = new String(Files.readAllBytes(folder.resolve("in")), UTF_8);
    try (var task = ZeroShot.load(Path.of(NLI), Options.DEFAULT)) {
      task.withTemplate(template).predict("a text", List.of("a", "b"));
    }
  }

  private Target.Seed hub() throws IOException {
    var cache = targets.folder();
    var repository = cache.resolve("models--a--b");
    Folders.copy(
        Path.of(MODEL), Files.createDirectories(repository.resolve("snapshots")).resolve(COMMIT));
    Files.createDirectories(repository.resolve("refs"));
    return new Target.Seed(cache, "models--a--b/refs/main", COMMIT.getBytes(UTF_8));
  }

  private static void hub(Path folder) {
    var cache = new HubCache(folder);
    var revisions = new ArrayList<String>();
    cache
        .repositories()
        .forEach(each -> each.snapshots().forEach(found -> revisions.addAll(found.revisions())));
    cache.findModel("a/b", null);
  }
}
