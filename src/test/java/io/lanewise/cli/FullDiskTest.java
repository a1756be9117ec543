package io.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A disk that takes no more leaves the folder as it was: no half file, and the old one whole. */
class FullDiskTest {
  private static final String TASKS = Path.of("src", "test", "resources", "tasks").toString();
  private static final String GOLDEN =
      Path.of("src", "test", "resources", "goldens", "albert_model_groups").toString();

  @TempDir private Path folder;
  private Path input;

  @BeforeEach
  void write() throws IOException {
    input = folder.resolve("in.txt");
    Files.createDirectory(folder.resolve("out"));
    var lines = IntStream.range(0, 600).mapToObj(i -> "text number " + i);
    Files.writeString(input, lines.collect(Collectors.joining("\n")));
  }

  private List<String> names() throws IOException {
    try (var files = Files.walk(folder.resolve("out"))) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> folder.resolve("out").relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  /** A process in which no file grows beyond 4 KiB or, by another shell's measure, 8 KiB. */
  private String limited(String line) throws IOException, InterruptedException {
    var arguments = new ArrayList<String>();
    for (var word : line.split(" ", -1)) {
      arguments.add(
          word.replace("IN", input.toString())
              .replace("OUT", folder.resolve("out").toString())
              .replace("TASKS", TASKS)
              .replace("GOLDEN", GOLDEN));
    }
    var java = Run.builder(arguments.toArray(String[]::new)).command();
    java.add(1, "-XX:-UsePerfData");
    var command = new ArrayList<>(List.of("sh", "-c", "ulimit -f 8; exec \"$@\"", "sh"));
    command.addAll(java);
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isEqualTo(1);
    return said;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "embed -m TASKS/classes-bert-embed -f IN -o OUT/a.npy",
        "classify -f IN --csv -o OUT/a.csv",
        "attention --html OUT/a.html text",
        "convert -m weights/albert-tiny-demo --out OUT/model",
        "forward -m GOLDEN --inputs GOLDEN/inputs.safetensors --out OUT/a.st --hidden-states"
      })
  @EnabledOnOs(OS.LINUX)
  void nothingIsLeft(String line) throws IOException, InterruptedException {
    var said = limited(line);
    assertThat(said).contains("cannot be written").contains("File too large");
    assertThat(said).doesNotContain("internal error");
    assertThat(names()).isEmpty();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void theOldFileStays() throws IOException, InterruptedException {
    Files.writeString(folder.resolve("out/a.npy"), "old");
    limited("embed -m TASKS/classes-bert-embed -f IN -o OUT/a.npy");
    assertThat(folder.resolve("out/a.npy")).hasContent("old");
    assertThat(names()).containsExactly("a.npy");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aFullDeviceIsTold() throws IOException {
    var full = Files.createSymbolicLink(folder.resolve("out/a.npy"), Path.of("/dev/full"));
    Run.of("embed", "-m", TASKS + "/classes-bert-embed", "-o", full.toString(), "text")
        .failed("--out " + full + " cannot be written: No space left on device");
    assertThat(Files.isSymbolicLink(full)).isTrue();
    assertThat(names()).isEmpty(); // a device is no file
  }

  /**
   * The answers before a bad input stand, as they do on standard output; of none there is no file.
   */
  @Test
  void aBadInputKeepsTheAnswersBeforeIt() throws IOException {
    var out = folder.resolve("out/a.txt");
    Files.writeString(input, "[MASK] one\nno mask\n");
    Run.of("fill-mask", "-k1", "-f", input.toString(), "-o", out.toString()).failed("line 2");
    assertThat(out).content().startsWith("[MASK] one\n  0.");
    Files.writeString(input, "no mask\n[MASK] one\n");
    Files.delete(out);
    Run.of("fill-mask", "-k1", "-f", input.toString(), "-o", out.toString()).failed("line 1");
    assertThat(names()).isEmpty();
    var vectors = folder.resolve("out/a.npy").toString();
    Files.write(input, new byte[] {'a', '\n', (byte) 0xff, '\n'});
    Run.of("embed", "-m", TASKS + "/classes-bert-embed", "-f", input.toString(), "-o", vectors)
        .failed("line 2");
    assertThat(names()).isEmpty();
  }
}
