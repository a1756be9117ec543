package io.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A message shows the beginning and the end of what was given, not a megabyte of it. */
class LongValuesTest {
  private static final Path TASKS = Path.of("src", "test", "resources", "tasks");

  /** 900 characters of a message, some of them written out. */
  private static final int LONGEST = 3500;

  /** Written for what is long; TASKS for the folder of the tiny models. */
  private static final String LONG = "x\u001b[31m".repeat(1 << 18);

  @TempDir private Path folder;

  private Run run(String line) {
    var arguments = new ArrayList<String>();
    for (var word : line.split(" ", -1)) {
      arguments.add(
          word.replace("LONG", LONG)
              .replace("TASKS", TASKS.toString())
              .replace("FOLDER", folder.toString()));
    }
    return Run.of(arguments.toArray(String[]::new));
  }

  private static void isShort(Run run) {
    assertThat(run.code()).isIn(1, 2);
    assertThat(run.err()).hasSizeLessThan(LONGEST).doesNotContain("\u001b").isNotBlank();
    assertThat(run.err()).doesNotContain("internal error");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "LONG",
        "help LONG",
        "classify --LONG x",
        "classify -LONG",
        "classify --top-k LONG x",
        "classify --threads LONG x",
        "classify --gemm LONG x",
        "classify --dtype LONG x",
        "classify --load LONG x",
        "classify --function LONG x",
        "classify --set LONG x",
        "classify --set num_labels=LONG x",
        "classify --file LONG",
        "classify --out LONG x",
        "classify --resume LONG",
        "classify --model LONG x",
        "classify --model a/b --revision LONG x",
        "classify --batch-tokens LONG x",
        "classify LONG",
        "fill-mask LONG",
        "tag -m TASKS/span-bert-tokens --aggregation LONG x",
        "answer -m TASKS/span-albert-answers --context-file LONG x",
        "answer -m TASKS/span-albert-answers -c x LONG",
        "zero-shot -m TASKS/classes-bart-zero-shot --labels LONG x",
        "zero-shot -m TASKS/classes-bart-zero-shot --labels a --template LONG x",
        "choose -m TASKS/classes-roberta-choose -c LONG x",
        "embed -m TASKS/classes-bert-embed --prompt-name LONG x",
        "embed -m TASKS/classes-bert-embed --pooling LONG x",
        "embed -m TASKS/classes-bert-embed -o LONG.npy x",
        "summarize -m TASKS/generation/bart -g LONG=1 x",
        "summarize -m TASKS/generation/bart -g num_beams=LONG x",
        "summarize -m TASKS/generation/bart LONG",
        "attention --part LONG x",
        "attention --html LONG/a.html x",
        "forward --inputs LONG --out x",
        "forward --inputs x --out x --head LONG",
        "decode LONG",
        "tokenize --set LONG=true x",
        "tokenize -m LONG x",
        "inspect --pass LONG",
        "inspect -m LONG",
        "bench --shape LONG",
        "bench --shapes LONG",
        "convert -m LONG --out FOLDER/a",
        "convert -m weights/albert-tiny-demo --out LONG",
        "convert -m weights/albert-tiny-demo --out FOLDER/a --dtype LONG",
        "convert -m weights/albert-tiny-demo --out FOLDER/a --max-shard-size LONG",
      })
  void ofTheCommandLine(String line) {
    isShort(run(line));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"text\":LONG}",
        "{\"text\":\"LONG\"",
        "{\"LONG\":1}",
        "{\"text\":[\"LONG\"]}",
        "{\"text\":\"LONG\"}",
        "{\"text\":\"a\",\"LONG\":1,\"LONG\":2}",
        "LONG"
      })
  void ofALineOfJson(String line) throws IOException {
    var text = line.replace("LONG", "y".repeat(1 << 18));
    var file = Files.writeString(folder.resolve("in.jsonl"), text + "\n");
    isShort(Run.of("classify", "--file", file.toString()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model_type=LONG",
        "hidden_act=LONG",
        "num_hidden_layers=\"LONG\"",
        "id2label={\"0\":\"LONG\"}",
        "id2label={\"LONG\":\"a\"}",
        "problem_type=LONG",
        "position_embedding_type=LONG"
      })
  void ofASetting(String setting) {
    var value = setting.replace("LONG", "y".repeat(1 << 18));
    isShort(Run.of("classify", "--set", value, "x"));
  }
}
