package io.lanewise.laws;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.CheckpointException;
import io.lanewise.checkpoint.Checkpoint;
import io.lanewise.checkpoint.Checkpoint.Loading;
import io.lanewise.checkpoint.HandMade;
import io.lanewise.tensor.Region;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Whatever a file of another format holds, the worst that comes of it is a {@link
 * CheckpointException}.
 */
class HostileWeightFilesTest {
  private static final Path FILES = Path.of("src/test/resources/weight-files");
  private static Path folder;
  private static byte[] zip;
  private static byte[] legacy;
  private static byte[] flax;
  private static byte[] keras;

  @BeforeContainer
  static void makeFolder() throws IOException {
    folder = Files.createTempDirectory("hostile");
    zip = Files.readAllBytes(FILES.resolve("torch_zip.bin"));
    legacy = Files.readAllBytes(FILES.resolve("torch_legacy.bin"));
    flax = Files.readAllBytes(FILES.resolve("flax.msgpack"));
    keras = Files.readAllBytes(FILES.resolve("keras.h5"));
    HandMade.write(folder, "config.json", "{}");
  }

  @AfterContainer
  static void dropFolder() throws IOException {
    for (var name : List.of("config.json", "x.bin", "x.h5", "x.msgpack")) {
      Files.deleteIfExists(folder.resolve(name));
    }
    Files.delete(folder);
  }

  private static void read(String name, byte[] content) {
    HandMade.write(folder, name, content);
    for (var loading : Loading.values()) {
      try (var region = Region.scratch();
          var checkpoint = Checkpoint.open(folder, name, loading, region)) {
        var weights = checkpoint.weights();
        for (var tensor : checkpoint.tensors()) {
          if (tensor.shape().rank() == 2 && tensor.dtype().isFloat()) {
            weights.matrix(tensor.name(), tensor.shape().size(0), tensor.shape().size(1)).toArray();
          }
        }
      } catch (CheckpointException e) {
        assertThat(e.getMessage()).isNotBlank().doesNotContain("\n").hasSizeLessThan(1000);
      }
    }
  }

  private static byte[] changed(byte[] content, List<Integer> places, List<Byte> values, int room) {
    var changed = content.clone();
    for (int i = 0; i < places.size(); i++) {
      changed[places.get(i) % room] = values.get(i);
    }
    return changed;
  }

  /** The pickles of the old format lie at its beginning. */
  @Property(tries = 300)
  void changedLegacy(
      @ForAll @Size(min = 1, max = 4) List<@IntRange(max = 1_000_000) Integer> places,
      @ForAll @Size(4) List<Byte> values) {
    read("x.bin", changed(legacy, places, values, 4500));
  }

  /** So does the pickle in an archive. */
  @Property(tries = 300)
  void changedZip(
      @ForAll @Size(min = 1, max = 4) List<@IntRange(max = 1_000_000) Integer> places,
      @ForAll @Size(4) List<Byte> values) {
    read("x.bin", changed(zip, places, values, 3500));
  }

  /** And the archive's directory at its end. */
  @Property(tries = 300)
  void changedDirectory(
      @ForAll @Size(min = 1, max = 4) List<@IntRange(max = 1_000_000) Integer> places,
      @ForAll @Size(4) List<Byte> values) {
    var fromTheEnd = places.stream().map(place -> zip.length - 1 - place % 2500).toList();
    read("x.bin", changed(zip, fromTheEnd, values, zip.length));
  }

  @Property(tries = 300)
  void changedMessagePack(
      @ForAll @Size(min = 1, max = 4) List<@IntRange(max = 1_000_000) Integer> places,
      @ForAll @Size(4) List<Byte> values) {
    read("x.msgpack", changed(flax, places, values, 900));
  }

  @Property(tries = 300)
  void changedHdf5(
      @ForAll @Size(min = 1, max = 4) List<@IntRange(max = 1_000_000) Integer> places,
      @ForAll @Size(4) List<Byte> values) {
    read("x.h5", changed(keras, places, values, keras.length));
  }
}
