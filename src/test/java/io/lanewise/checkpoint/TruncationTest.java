package io.lanewise.checkpoint;

import static io.lanewise.checkpoint.HandMade.entry;
import static io.lanewise.checkpoint.HandMade.safetensors;
import static io.lanewise.checkpoint.HandMade.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.CheckpointException;
import io.lanewise.checkpoint.folder.OpenedFolder;
import io.lanewise.checkpoint.format.Loading;
import io.lanewise.memory.Region;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are truncated at any byte. */
class TruncationTest {
  private static final byte[] GOOD =
      safetensors(
          "{\"__metadata__\":{\"format\":\"pt\"},"
              + entry("a.weight", "F32", "[2, 3]", 0, 24)
              + ","
              + entry("a.bias", "F16", "[3]", 24, 30)
              + ","
              + entry("ids", "I64", "[1]", 30, 38)
              + "}",
          38);

  private static void open(Path folder, Loading loading) {
    try (var region = Region.open();
        var checkpoint = OpenedFolder.open(folder, loading, region)) {
      assertThat(checkpoint.tensors()).isNotEmpty();
    }
  }

  @Test
  void everyTruncationIsRefused(@TempDir Path own) {
    write(own, "config.json", "{}");
    for (int length = 0; length < GOOD.length; length++) {
      var file = write(own, "model.safetensors", Arrays.copyOf(GOOD, length));
      for (var loading : Loading.values()) {
        assertThatThrownBy(() -> open(own, loading))
            .isInstanceOf(CheckpointException.class)
            .hasMessageStartingWith(file.toString());
      }
    }
    var file = write(own, "model.safetensors", GOOD);
    assertThat(Safetensors.read(file)).hasSize(3);
    open(own, Loading.MAP);
  }

  @Test
  void longerIsRefusedToo(@TempDir Path own) {
    var file = write(own, "x.safetensors", Arrays.copyOf(GOOD, GOOD.length + 1));
    assertThatThrownBy(() -> Safetensors.read(file))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(file + ": its tensors end at 38, the data has 39 bytes: 1 too many");
  }
}
