package io.lanewise.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class NewContentTest {
  @TempDir private Path folder;

  private List<String> names() throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static void write(NewContent content, String text) throws IOException {
    try (var out = content.stream()) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  @Test
  void theFileIsThereWhenItIsWhole() throws IOException {
    var file = Files.writeString(folder.resolve("a"), "old");
    try (var content = NewContent.of(file)) {
      write(content, "new");
      assertThat(file).hasContent("old");
      content.finish();
    }
    assertThat(file).hasContent("new");
    assertThat(names()).containsExactly("a");
  }

  @Test
  void whatIsNotFinishedLeavesNothing() throws IOException {
    var file = folder.resolve("a");
    try (var content = NewContent.of(file)) {
      write(content, "new");
      assertThat(content.unfinished().orElseThrow()).exists();
    }
    assertThat(names()).isEmpty();
    Files.writeString(file, "old");
    try (var content = NewContent.orInPlace(file)) {
      write(content, "new");
    }
    assertThat(file).hasContent("old");
    assertThat(names()).containsExactly("a");
  }

  @Test
  void aLinkStaysAndItsFileIsReplaced() throws IOException {
    var file = Files.writeString(folder.resolve("a"), "old");
    var link = Files.createSymbolicLink(folder.resolve("link"), Path.of("a"));
    try (var content = NewContent.of(link)) {
      write(content, "new");
      content.finish();
    }
    assertThat(link).isSymbolicLink().hasContent("new");
    assertThat(Files.isSymbolicLink(file)).isFalse();
    assertThat(names()).containsExactly("a", "link");
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void permissionsStay() throws IOException {
    var file = Files.writeString(folder.resolve("a"), "old");
    var few = PosixFilePermissions.fromString("rw-r-----");
    Files.setPosixFilePermissions(file, few);
    try (var content = NewContent.of(file)) {
      content.finish();
    }
    assertThat(Files.getPosixFilePermissions(file)).isEqualTo(few);
    assertThat(file).isEmptyFile();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aDeviceIsWrittenToAndStays() throws IOException {
    var link = Files.createSymbolicLink(folder.resolve("none"), Path.of("/dev/null"));
    try (var content = NewContent.of(link)) {
      assertThat(content.unfinished()).isEmpty();
      write(content, "lost");
      content.finish();
    }
    assertThat(Files.isSameFile(link, Path.of("/dev/null"))).isTrue();
    var full = Files.createSymbolicLink(folder.resolve("full"), Path.of("/dev/full"));
    try (var content = NewContent.of(full)) {
      assertThatThrownBy(() -> content.channel().write(ByteBuffer.wrap(new byte[9])))
          .hasMessageContaining("No space left");
    }
    assertThat(names()).containsExactly("full", "none");
  }

  @Test
  void foldersAreNoFiles() {
    assertThatThrownBy(() -> NewContent.of(folder)).hasMessageContaining("it is a folder");
    assertThatThrownBy(() -> NewContent.of(folder.resolve("no/a")))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void aNameWithoutFolderIsInTheCurrentOne() throws IOException {
    var file = Path.of("new-content-test.tmp");
    try (var content = NewContent.of(file)) {
      assertThat(content.unfinished().orElseThrow()).isAbsolute();
    }
    assertThat(file).doesNotExist();
  }
}
