package io.lanewise.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {
  @TempDir Path folder;

  @Test
  void aFileIsRead() throws IOException {
    var file = Files.write(folder.resolve("a"), new byte[] {1, 2, 3});
    assertThat(WholeFile.read(file, 3, "a test")).containsExactly(1, 2, 3);
    assertThat(WholeFile.check(file)).isEqualTo(3);
  }

  @Test
  void aLargerOneIsNot() throws IOException {
    var file = Files.write(folder.resolve("a"), new byte[] {1, 2, 3});
    assertThatThrownBy(() -> WholeFile.read(file, 2, "a test"))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(
            file + " has 3 bytes, at most 2 are read: too large for a test: is it another file?");
  }

  @Test
  void aFileThatGrowsIsReadAsItWas() throws IOException {
    var file = Files.write(folder.resolve("a"), new byte[] {1, 2, 3});
    try (var in = WholeFile.open(file, 10, "a test")) {
      assertThat(in.read()).isEqualTo(1);
      Files.write(file, new byte[100], StandardOpenOption.APPEND);
      assertThat(in.available()).isEqualTo(2);
      assertThat(in.readAllBytes()).containsExactly(2, 3);
      assertThat(in.read()).isEqualTo(-1);
    }
  }

  @Test
  void aFolderIsNoFile() {
    assertThatThrownBy(() -> WholeFile.read(folder, 2, "a test"))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("is a folder, where a file is expected");
    assertThatThrownBy(() -> WholeFile.read(folder.resolve("none"), 2, "a test"))
        .hasMessage(folder.resolve("none") + " does not exist");
  }

  @Test
  void roomIsAQuarterOfTheHeap() {
    var room = HeapRoom.of("a.bin", 4 << 20);
    room.take(1 << 19);
    room.take(1 << 19);
    assertThatThrownBy(() -> room.take(1))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith("a.bin: what it holds needs more than 1 MiB")
        .hasMessageEndingWith("or raise -Xmx");
  }
}
