package io.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.checkpoint.Safetensors;
import io.lanewise.cli.command.Commands;
import io.lanewise.cli.output.Terminal;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class CommandLineTest {
  private static final String FRANCE = "The capital of [MASK] is Paris.";
  private static final Path GOLDENS = Path.of("src", "test", "resources", "goldens");

  private static Run run(String... arguments) {
    return Run.of(arguments);
  }

  @Test
  void fillsAMask() {
    assertThat(run("fill-mask", FRANCE).succeeded().out().lines())
        .hasSize(5)
        .first()
        .asString()
        .matches("0\\.9276\\d\\d  france +the capital of france is paris\\.");
  }

  @Test
  void fillsSeveralMasksOfSeveralTexts() {
    var out = run("fill-mask", "-k", "1", FRANCE, "The [MASK] of [MASK] is Ottawa.").out();
    assertThat(out)
        .startsWith(FRANCE + "\n  0.92")
        .contains("\n\nThe [MASK] of [MASK] is Ottawa.\n  mask 1\n    0.9")
        .contains("\n  mask 2\n    0.")
        .endsWith("\n");
  }

  @Test
  void readsTextsFromStandardInput() {
    var out = Run.reading(FRANCE + "\r\n\n" + FRANCE, "fill-mask", "--top-k=2").succeeded().out();
    assertThat(out.lines().filter(FRANCE::equals)).hasSize(2);
    assertThat(out.lines().filter(line -> line.contains("france  "))).hasSize(2);
  }

  @Test
  void writesJsonAsThePipelineReturnsIt() {
    var one = run("fill-mask", "--json", "-k", "2", FRANCE).succeeded().json();
    assertThat(one).hasSize(2);
    assertThat(one.get(0).properties())
        .extracting(field -> field.getKey())
        .containsExactly("score", "token", "token_str", "sequence");
    assertThat(one.get(0).get("token").intValue()).isEqualTo(490);
    assertThat(one.get(0).get("token_str").textValue()).isEqualTo("france");

    var masks = run("fill-mask", "--json", "-k", "2", "[MASK] and [MASK]").succeeded().json();
    assertThat(masks.get(1).get(1).has("score")).isTrue();

    var texts = run("fill-mask", "--json", "-k", "1", FRANCE, "[MASK] and [MASK]").json();
    assertThat(texts.get(0).get(0).has("score")).isTrue();
    assertThat(texts.get(1).get(1).get(0).has("score")).isTrue();

    assertThat(Run.reading("\n", "fill-mask", "--json").succeeded().json()).isEmpty();
  }

  @Test
  void aTextWithoutMaskFails() {
    run("fill-mask", "Nothing to do").failed("[MASK]");
    run("fill-mask", "two\nlines").failed("two\\nlines");
  }

  @Test
  void inputThatIsNotUtf8Fails() {
    Run.reading(new byte[] {'a', (byte) 0xff, '\n'}, "fill-mask").failed("not UTF-8");
  }

  @ParameterizedTest
  @CsvSource({
    "'', a command is missing",
    "fill-musk x, fill-musk",
    "fill-mask --top-k 0 x, --top-k 0",
    "fill-mask --top-k many x, many",
    "fill-mask --threads 0 x, --threads 0",
    "fill-mask --threads 99999 x, --threads 99999",
    "fill-mask --gemm fast x, fast",
    "fill-mask --dtype int9 x, int9",
    "fill-mask --jsno x, --jsno",
    "forward, --inputs",
    "forward --inputs a --out b --head AlbertForTea, AlbertForTea",
    "bench --shape tea, tea",
    "bench --shape albert-base --model x, exclude",
    "bench --shapes 1x, 1x",
    "bench --shapes 0x5, 0x5",
    "bench --seconds -1, --seconds",
    "inspect --pass 7, --pass"
  })
  void wrongUsageIsTold(String line, String complaint) {
    var run = run(line.isEmpty() ? new String[0] : line.split(" "));
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("lanewise").contains(complaint).contains("--help");
  }

  @Test
  void helpNamesEveryCommand() {
    assertThat(run("--help").succeeded().out())
        .contains("fill-mask", "forward", "inspect", "bench", "doctor", "generate-completion");
    assertThat(run("help", "bench").succeeded().out()).contains("--worker");
    assertThat(run("fill-mask", "--help").succeeded().out())
        .containsPattern("vector,\\s+openblas,\\s+onednn,\\s+scalar");
  }

  @Test
  void everyCommandIsFoundByItsName() {
    var all = new CommandLine(new Commands(null, null, null, Terminal.NONE)).getSubcommands();
    assertThat(all).hasSizeGreaterThan(20);
    all.forEach(
        (name, line) -> {
          var command = line.getCommandSpec().userObject();
          if (command.getClass().getPackage() == Commands.class.getPackage()) {
            assertThat(Commands.named(name)).hasSameClassAs(command);
            var alone = Commands.line(new String[] {name}, null, null, null, Terminal.NONE);
            assertThat(alone.getSubcommands().get(name).getUsageMessage().lines())
                .containsExactlyInAnyOrderElementsOf(line.getUsageMessage().lines().toList());
          } else {
            assertThat(Commands.named(name)).isNull();
          }
        });
  }

  @Test
  void versionAndCompletion() {
    assertThat(run("--version").succeeded().out()).startsWith("lanewise ").contains("VM");
    assertThat(run("generate-completion").succeeded().out())
        .contains("complete -F")
        .contains("fill-mask")
        .contains("scalar");
  }

  @Test
  void runsOneForwardPass(@TempDir Path folder) {
    var golden = GOLDENS.resolve("albert_model_groups");
    var out = folder.resolve("out.safetensors");
    var run =
        run(
            "forward",
            "--model=" + golden,
            "--inputs=" + golden.resolve("inputs.safetensors"),
            "--out=" + out,
            "--hidden-states");
    assertThat(run.succeeded().out()).contains("last_hidden_state  F32  [3, 8, 36]");
    var expected = Safetensors.read(golden.resolve("expected.safetensors"));
    var actual = Safetensors.read(out);
    assertThat(actual).containsKeys("pooler_output", "hidden_states.0").doesNotContainKey("loss");
    assertThat(actual.get("last_hidden_state").floats())
        .usingComparatorWithPrecision(1e-4f)
        .containsExactly(expected.get("last_hidden_state").floats());
  }

  @Test
  void brokenFoldersFailInOneLine(@TempDir Path folder) throws IOException {
    run("fill-mask", "-m", folder.resolve("none").toString(), FRANCE).failed("none");
    run("inspect", "-m", folder.toString()).failed("config.json");
    var demo = Path.of("weights", "albert-tiny-demo");
    for (var name : new String[] {"config.json", "tokenizer.json", "tokenizer_config.json"}) {
      Files.copy(demo.resolve(name), folder.resolve(name));
    }
    var weights = folder.resolve("model.safetensors");
    Files.writeString(
        weights, "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n");
    run("fill-mask", "-m", folder.toString(), FRANCE).failed("LFS");
    Files.write(
        weights,
        java.util.Arrays.copyOf(Files.readAllBytes(demo.resolve(weights.getFileName())), 99_999));
    run("fill-mask", "-m", folder.toString(), FRANCE).failed("model.safetensors");
    run("fill-mask", "-m", folder.toString(), "--load=copy", FRANCE).failed("model.safetensors");
  }

  @Test
  void debugShowsTheTrace() {
    var run = run("fill-mask", "--debug", "Nothing to do");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("InputException").contains("\tat io.lanewise.task");
  }

  @Test
  void debugSaysWhyTheseKernels() {
    var run = run("fill-mask", "--debug", "--threads", "3", "A [MASK].");
    assertThat(run.code()).isZero();
    assertThat(run.err()).contains(" kernels").contains("3 threads a call");
    assertThat(run("fill-mask", "A [MASK].").succeeded().err()).isEmpty();
  }

  @Test
  void weightsThatAreOnlyHeldNarrowAreTold() {
    var held = run("fill-mask", "--dtype", "int8", "--gemm", "vector", "A [MASK].");
    assertThat(held.code()).isZero();
    assertThat(held.err()).contains("lanewise: weights held in int8, computed in fp32");
  }

  @Test
  void inspectsAFolder() {
    var out = run("inspect", "--pass", "2x16").succeeded().out();
    assertThat(out)
        .contains("hidden_act")
        .contains("albert.embeddings.word_embeddings.weight", "[6000, 128]")
        .contains("mask_token", "[MASK]  4")
        .contains("mapped", "heap for the model")
        .contains("after a pass of 2x16");
  }

  @Test
  void examinesTheMachine() {
    var out = run("doctor").succeeded().out();
    assertThat(out)
        .contains("java", "vectors", "openblas")
        .containsAnyOf("no warnings", "warning:");
  }

  @Test
  void measuresAsAWorker() {
    var out = Run.reading("1 8 3\n2 4 1\n\n1 1 1\n", "bench", "--worker").succeeded().out();
    assertThat(out).matches("ready\n(\\d+\\.\\d{3} ){2}\\d+\\.\\d{3}\n\\d+\\.\\d{3}\n");
    Run.reading("1 8\n", "bench", "--worker").failed("1 8");
  }

  @Test
  void measuresShapes() {
    var out = run("bench", "--shapes", "1x4,2x8", "--seconds", "0").succeeded().out();
    assertThat(out.lines()).hasSize(3);
    assertThat(out).contains("GFLOP/s").containsPattern(" 1x4 +\\d+\\.\\d\\d +\\d+\\.\\d\\d +3 ");
  }

  @Test
  void aReaderThatHasSeenEnoughIsNoFailure() {
    assertThat(lose("Broken pipe").code()).isZero();
    assertThat(lose("Broken pipe").err()).isEmpty();
  }

  @Test
  void aFullDiskIsAFailure() {
    lose("No space left on device")
        .failed("standard output cannot be written: No space left on device");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aFullDiskIsToldByTheNameOfItsFile(@TempDir Path folder) throws IOException {
    var full = Files.createSymbolicLink(folder.resolve("answers"), Path.of("/dev/full"));
    run("classify", "--out", full.toString(), "Fine.").failed("--out " + full + " cannot be");
  }

  @Test
  void helpSuggestsTheNearestCommand() {
    var run = run("help", "classfy");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("Did you mean classify?");
  }

  /** Runs with a standard output that takes nothing. */
  private static Run lose(String reason) {
    var out =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException(reason);
          }
        };
    var err = new StringWriter();
    var in = new ByteArrayInputStream(new byte[0]);
    int code = Main.run(new String[] {"doctor"}, in, out, new PrintWriter(err, true));
    return new Run(code, "", err.toString());
  }
}
