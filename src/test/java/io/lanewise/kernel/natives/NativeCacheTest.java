package io.lanewise.kernel.natives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.kernel.natives.NativeCache.Native;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.zip.CRC32;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class NativeCacheTest {
  @TempDir private Path folder;
  private NativeCache cache;
  private Native one;
  private Native two;

  @BeforeEach
  void open() throws IOException {
    cache = new NativeCache(folder.resolve("home/lanewise"), folder.resolve("tmp"));
    Files.createDirectory(folder.resolve("tmp"));
    one = file("libone.so", "first library");
    two = file("libtwo.so", "second library");
  }

  private Native file(String name, String text) throws IOException {
    var source = Files.writeString(folder.resolve(name), text);
    var sum = new CRC32();
    sum.update(Files.readAllBytes(source));
    return new Native(name, source.toUri().toURL(), Files.size(source), sum.getValue());
  }

  @Test
  void filesAreExtractedOnce() throws IOException {
    var files = cache.files("x", List.of(one, two));
    assertThat(files)
        .map(path -> Files.readString(path))
        .containsExactly("first library", "second library");
    var before = FileTime.from(Instant.EPOCH);
    Files.setLastModifiedTime(files.getFirst(), before);
    assertThat(cache.files("x", List.of(one, two))).isEqualTo(files);
    assertThat(Files.getLastModifiedTime(files.getFirst())).isEqualTo(before);
  }

  @Test
  void aFileOfTheSameSizeWithAnotherContentIsReplaced() throws IOException {
    var path = cache.files("x", List.of(one, two)).getLast();
    Files.writeString(path, "sEcond library");
    // A process that has loaded the old file keeps it, because the new one is another file.
    var other = Files.createLink(folder.resolve("other"), path);
    assertThat(cache.files("x", List.of(one, two)).getLast()).hasContent("second library");
    assertThat(other).hasContent("sEcond library");
  }

  @Test
  void aLinkInThePlaceOfAFileIsReplaced() throws IOException {
    var path = cache.files("x", List.of(one)).getFirst();
    Files.delete(path);
    Files.createSymbolicLink(path, folder.resolve("libone.so"));
    cache.files("x", List.of(one));
    assertThat(Files.isSymbolicLink(path)).isFalse();
  }

  @Test
  void whatKilledProcessesLeftIsDeleted() throws IOException {
    var home = Files.createDirectories(folder.resolve("home/lanewise/x"));
    var old = Files.writeString(home.resolve("libone.so-1.part"), "first");
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minusSeconds(7200)));
    var fresh = Files.writeString(home.resolve("libone.so-2.part"), "fir");
    cache.files("x", List.of(one));
    assertThat(old).doesNotExist();
    assertThat(fresh).exists(); // another process may be writing it
  }

  @Test
  void aDamagedJarIsAnErrorAndLeavesNothing() throws IOException {
    Files.writeString(folder.resolve("libone.so"), "FIRST library");
    assertThatThrownBy(() -> cache.files("x", List.of(one)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("libone.so is damaged");
    assertThat(folder.resolve("home/lanewise/x")).isEmptyDirectory();
  }

  @Test
  @DisabledOnOs(OS.WINDOWS) // this file system has no such permissions
  void withoutAHomeThePrivateTemporaryFolderServes() throws IOException {
    Files.writeString(folder.resolve("home"), "a file where a folder should be");
    var path = cache.files("x", List.of(one)).getFirst();
    assertThat(path).hasContent("first library").startsWith(folder.resolve("tmp"));
    var own = path.getParent().getParent();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(own)))
        .isEqualTo("rwx------");
    Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThat(cache.privateFolder()).isEqualTo(own);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(own)))
        .isEqualTo("rwx------");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aTemporaryFolderOfSomebodyElseIsRefused() throws IOException {
    Files.writeString(folder.resolve("home"), "a file where a folder should be");
    var own = cache.privateFolder();
    Files.delete(own);
    Files.createSymbolicLink(own, Files.createDirectory(folder.resolve("trap")));
    assertThatThrownBy(() -> cache.files("x", List.of(one)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no folder, or a link");
    Files.delete(own);
    boolean root = Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS).equals(0);
    if (root) {
      Files.setAttribute(cache.privateFolder(), "unix:uid", 4711);
      assertThatThrownBy(() -> cache.files("x", List.of(one)))
          .hasMessageContaining("belongs to another user");
    } else {
      assertThat(cache.isOwn(Path.of("/"))).isFalse();
    }
    assertThat(folder.resolve("trap")).isEmptyDirectory();
  }

  @Test
  void namesThatKilledProcessesLeftAreDeleted() throws IOException {
    var path = cache.files("x", List.of(one)).getFirst();
    var left = Files.createDirectories(folder.resolve("home/lanewise/loader-7"));
    Files.writeString(left.resolve("libone.so"), "first library");
    Files.setLastModifiedTime(left, FileTime.from(Instant.now().minusSeconds(7200)));
    cache.underAnotherName(path, _ -> {});
    assertThat(left).doesNotExist();
  }

  @Test
  void theOtherNameIsTheSameFileAndGoneAfterwards() throws IOException {
    var path = cache.files("x", List.of(one)).getFirst();
    cache.underAnotherName(
        path,
        other -> {
          assertThat(other).isNotEqualTo(path).hasSameBinaryContentAs(path);
          assertThat(same(other, path)).isTrue();
        });
    try (var left = Files.list(folder.resolve("home/lanewise"))) {
      assertThat(left).containsExactly(path.getParent());
    }
  }

  private static boolean same(Path one, Path other) {
    try {
      return Files.isSameFile(one, other);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
