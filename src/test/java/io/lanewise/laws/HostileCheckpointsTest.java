package io.lanewise.laws;

import static io.lanewise.checkpoint.HandMade.entry;
import static io.lanewise.checkpoint.HandMade.safetensors;
import static io.lanewise.checkpoint.HandMade.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.CheckpointException;
import io.lanewise.checkpoint.Safetensors;
import io.lanewise.checkpoint.folder.OpenedFolder;
import io.lanewise.checkpoint.format.Loading;
import io.lanewise.memory.Region;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever a header says, the worst that comes of it is a {@link CheckpointException}. */
class HostileCheckpointsTest {
  private static Path folder;

  @BeforeContainer
  static void makeFolder() throws IOException {
    folder = Files.createTempDirectory("hostile");
  }

  @AfterContainer
  static void dropFolder() throws IOException {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** Opens and reads everything; true if nothing was wrong. */
  private static boolean isAccepted(Path file) {
    boolean read = isRead(() -> Safetensors.read(file));
    for (var loading : Loading.values()) {
      boolean opened = isRead(() -> readAll(file.getParent(), loading));
      assertThat(opened || !read).isTrue(); // what reads to the heap opens as a checkpoint
    }
    return read;
  }

  private static void readAll(Path folder, Loading loading) {
    try (var region = Region.scratch();
        var checkpoint = OpenedFolder.open(folder, loading, region)) {
      var weights = checkpoint.weights();
      for (var tensor : checkpoint.tensors()) {
        if (tensor.shape().rank() == 2 && tensor.dtype().isFloat()) {
          weights.matrix(tensor.name(), tensor.shape().size(0), tensor.shape().size(1)).toArray();
        }
      }
      weights.report();
    }
  }

  private static boolean isRead(Runnable reading) {
    try {
      reading.run();
      return true;
    } catch (CheckpointException e) {
      assertThat(e.getMessage()).isNotBlank().doesNotContain("\n").hasSizeLessThan(1000);
      return false;
    }
  }

  private static Path model(byte[] content) {
    write(folder, "config.json", "{}");
    return write(folder, "model.safetensors", content);
  }

  @Property(tries = 250)
  void anyHeader(@ForAll("headers") String header) {
    isAccepted(model(safetensors(header, 38)));
  }

  /** Pieces of headers in any order: closer to the rules than random bytes. */
  @Provide
  Arbitrary<String> headers() {
    return Arbitraries.of(
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"a\"",
            "\"dtype\":",
            "\"F32\"",
            "\"shape\":",
            "[1]",
            "\"data_offsets\":",
            "[0,4]",
            "[0,38]",
            "38",
            "-1",
            "1e9",
            "9223372036854775807",
            "\"__metadata__\":",
            "null",
            entry("b", "U8", "[38]", 0, 38),
            entry("c", "F4", "[2,1]", 0, 1))
        .list()
        .ofMinSize(1)
        .ofMaxSize(12)
        .map(parts -> "{" + String.join("", parts));
  }

  @Property(tries = 250)
  void anyPlaces(@ForAll("places") List<Long> places, @ForAll("places") List<Long> data) {
    var header =
        "{"
            + entry("a", "U8", "[4]", places.get(0), places.get(1))
            + ","
            + entry("b", "U8", "[4]", places.get(2), places.get(3))
            + "}";
    int length = Math.toIntExact(data.get(0));
    boolean good =
        length == 8
            && (places.equals(List.of(0L, 4L, 4L, 8L)) || places.equals(List.of(4L, 8L, 0L, 4L)));
    assertThat(isAccepted(model(safetensors(header, length)))).isEqualTo(good);
  }

  @Provide
  Arbitrary<List<Long>> places() {
    return Arbitraries.of(0L, 4L, 8L).list().ofSize(4);
  }
}
