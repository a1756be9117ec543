package io.lanewise.hostile;

import static io.lanewise.hostile.HostileCase.harmless;
import static io.lanewise.hostile.HostileCase.mustSucceed;
import static io.lanewise.hostile.HostileCase.refused;
import static io.lanewise.hostile.HostileCase.write;

import io.lanewise.cli.InProcess;
import io.lanewise.hostile.HostileCase.Content;
import io.lanewise.hostile.HostileCase.Step;
import io.lanewise.task.ZeroShot;
import io.lanewise.task.ZeroShot.Question;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;

/** Inputs of the command line that are too much. */
final class HostileInputs {
  private static final String DEMO = Path.of("weights", "albert-tiny-demo").toString();
  private static final String SENTIMENT = Path.of("weights", "albert-tiny-sentiment").toString();
  private static final String NLI =
      Path.of("src", "test", "resources", "tasks", "classes-bart-zero-shot").toString();

  private HostileInputs() {}

  static List<HostileCase> all() {
    return List.of(
        refused(
            "a text of 100 MB",
            "longer than 16777216 bytes",
            file(out -> out.repeat("a".repeat(1000), 100_000)),
            reading("tokenize", "--model", DEMO)),
        refused(
            "a text of 100 MB to classify",
            "longer than 16777216 bytes",
            file(out -> out.repeat("it rains ".repeat(100), 110_000)),
            reading("classify", "--model", SENTIMENT)),
        refused(
            "a text of 2 MB to classify",
            "has 660002 tokens, the model takes at most 256",
            file(out -> out.repeat("it rains ".repeat(100), 2_200)),
            reading("classify", "--model", SENTIMENT)),
        refused(
            "a line of JSON of 100 MB",
            "longer than 16777216 bytes",
            file(out -> out.text("{\"text\":\"").repeat("a".repeat(1000), 100_000).text("\"}")),
            reading("tokenize", "--jsonl", "--model", DEMO)),
        refused(
            "a line of JSON of a million levels",
            "not valid JSON",
            file(out -> out.text("{\"text\":").repeat("[", 1_000_000)),
            reading("tokenize", "--jsonl", "--model", DEMO)),
        refused(
            "a line of 5 million lists",
            "a quarter of the Java heap",
            file(out -> out.text("{\"text\":\"a\",\"x\":[[]").repeat(",[]", 5_000_000).text("]}")),
            reading("tokenize", "--jsonl", "--model", DEMO)),
        refused(
            "an id of a million digits",
            "stands where an id is expected",
            file(out -> out.repeat("1", 1_000_000)),
            reading("decode", "--model", DEMO)),
        refused(
            "ids that are no numbers",
            "holds",
            file(out -> out.text("{\"input_ids\":[1e308]}")),
            reading("decode", "--jsonl", "--model", DEMO)),
        harmless(
            "a million ids",
            file(out -> out.repeat("13 ", 1_000_000)),
            reading("decode", "--model", DEMO)),
        refused(
            "a million labels",
            "at most 10000",
            folder -> {},
            _ -> {
              var labels = String.join(",", Collections.nCopies(1_000_000, "a"));
              mustSucceed(
                  InProcess.run(
                      InputStream.nullInputStream(),
                      "zero-shot",
                      "--model",
                      NLI,
                      "--labels",
                      labels,
                      "a text"));
            }),
        refused(
            "a million labels in a line",
            "at most 10000",
            file(
                out ->
                    out.text("{\"text\":\"a\",\"labels\":[\"a\"")
                        .repeat(",\"a\"", 1_000_000)
                        .text("]}")),
            reading("zero-shot", "--jsonl", "--model", NLI)),
        refused(
            "a template of a million places",
            "at most 64 places",
            folder -> {},
            _ -> {
              try (var task = ZeroShot.load(Path.of(NLI), io.lanewise.model.Options.DEFAULT)) {
                task.withTemplate("{0}".repeat(1_000_000)).predict(new Question("a", List.of("b")));
              }
            }));
  }

  /** From devices and pipes, where there are some. */
  static List<HostileCase> ofPlaces() {
    return List.of(
        refused(
            "a context without end",
            "longer than 16777216 bytes",
            folder -> {},
            _ ->
                mustSucceed(
                    InProcess.run(
                        InputStream.nullInputStream(),
                        "answer",
                        "--model",
                        DEMO,
                        "--context-file",
                        "/dev/zero",
                        "who?"))),
        refused(
            "texts without end",
            "does not end within 1 GiB",
            folder -> {},
            _ ->
                mustSucceed(
                    InProcess.run(
                        InputStream.nullInputStream(),
                        "tokenize",
                        "--model",
                        DEMO,
                        "--file",
                        "/dev/zero"))),
        refused(
            "a pipe that answers should be in",
            "it is no file",
            folder -> HostilePlaces.pipe(folder.resolve("pipe")),
            folder ->
                mustSucceed(
                    InProcess.run(
                        InputStream.nullInputStream(),
                        "tokenize",
                        "--model",
                        DEMO,
                        "--resume",
                        folder.resolve("pipe").toString()))),
        refused(
            "inputs that are a pipe",
            "is a device, a pipe or a socket",
            folder -> HostilePlaces.pipe(folder.resolve("pipe")),
            folder ->
                mustSucceed(
                    InProcess.run(
                        InputStream.nullInputStream(),
                        "forward",
                        "--model",
                        SENTIMENT,
                        "--inputs",
                        folder.resolve("pipe").toString(),
                        "--out",
                        folder.resolve("out").toString()))));
  }

  private static Step file(Content content) {
    return folder -> write(folder.resolve("input"), content);
  }

  private static Step reading(String... arguments) {
    return folder -> {
      try (var in = Files.newInputStream(folder.resolve("input"))) {
        mustSucceed(InProcess.run(in, arguments));
      }
    };
  }
}
