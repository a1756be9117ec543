package io.lanewise.checkpoint;

import static io.lanewise.checkpoint.HandMade.entry;
import static io.lanewise.checkpoint.HandMade.safetensors;
import static io.lanewise.checkpoint.HandMade.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.CheckpointException;
import io.lanewise.tensor.DType;
import io.lanewise.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {
  @TempDir private Path folder;

  private static SequencedMap<String, Tensor> sample() {
    var tensors = new LinkedHashMap<String, Tensor>();
    tensors.put("odd", Tensor.of(new float[] {1, -2.5f, Float.NaN}, 3));
    tensors.put("ids", Tensor.of(new long[] {Long.MIN_VALUE, -1, 0, Long.MAX_VALUE}, 2, 2));
    tensors.put("scalar", Tensor.scalar(Float.NEGATIVE_INFINITY));
    tensors.put("empty", Tensor.of(new float[0], 4, 0));
    tensors.put("name \"with\" ünïcode \n", Tensor.of(new float[] {7}, 1));
    return tensors;
  }

  @Test
  void whatIsWrittenIsReadBack() {
    var file = folder.resolve("x.safetensors");
    Safetensors.write(file, sample());
    var read = Safetensors.read(file);
    assertThat(read).containsExactlyEntriesOf(sample());
    assertThat(Safetensors.metadata(file)).containsExactly(java.util.Map.entry("format", "pt"));
  }

  @Test
  void largeTensorsAreWrittenWhole() {
    var floats = new float[100_003];
    var longs = new long[50_001];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = i;
    }
    for (int i = 0; i < longs.length; i++) {
      longs[i] = -i;
    }
    var tensors = new LinkedHashMap<String, Tensor>();
    tensors.put("f", Tensor.of(floats, floats.length));
    tensors.put("l", Tensor.of(longs, longs.length));
    var file = folder.resolve("x.safetensors");
    Safetensors.write(file, tensors);
    assertThat(Safetensors.read(file)).containsExactlyEntriesOf(tensors);
  }

  @Test
  void everyTensorIsWrittenAtAMultipleOfItsWidth() throws IOException {
    var file = folder.resolve("x.safetensors");
    Safetensors.write(file, sample());
    var bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int header = Math.toIntExact(bytes.getLong(0));
    assertThat(header % 8).isZero();
    // "ids" has the widest type, so its elements come first although it is second in the header.
    assertThat(bytes.getLong(8 + header)).isEqualTo(Long.MIN_VALUE);
  }

  @Test
  void anOldFileIsReplacedWholeOrNotAtAll() throws IOException {
    var file = folder.resolve("x.safetensors");
    Safetensors.write(file, sample());
    var before = Files.readAllBytes(file);
    var impossible = new LinkedHashMap<String, Tensor>();
    impossible.put("\ud800", Tensor.scalar(1));
    assertThatThrownBy(() -> Safetensors.write(file, impossible))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
    Safetensors.write(file, new LinkedHashMap<>());
    assertThat(Safetensors.read(file)).isEmpty();
    try (var left = Files.list(folder)) {
      assertThat(left).containsExactly(file);
    }
  }

  @Test
  void whereItCannotBeWrittenIsSaid() {
    assertThatThrownBy(() -> Safetensors.write(folder, sample()))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(folder + " cannot be written: it is a folder");
    assertThatThrownBy(() -> Safetensors.write(folder.resolve("no/x.safetensors"), sample()))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("no/x.safetensors cannot be written: NoSuchFileException");
  }

  @Test
  void theReservedNameIsNoTensor() {
    var tensors = new LinkedHashMap<String, Tensor>();
    tensors.put("__metadata__", Tensor.scalar(1));
    assertThatThrownBy(() -> Safetensors.write(folder.resolve("x"), tensors))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("__metadata__");
  }

  @Test
  void everyIntegerTypeIsReadWithItsSign() {
    var header =
        "{"
            + String.join(
                ",",
                entry("u8", "U8", "[2]", 0, 2),
                entry("i8", "I8", "[2]", 2, 4),
                entry("u16", "U16", "[1]", 4, 6),
                entry("i16", "I16", "[1]", 6, 8),
                entry("u32", "U32", "[1]", 8, 12),
                entry("i32", "I32", "[1]", 12, 16),
                entry("u64", "U64", "[1]", 16, 24),
                entry("i64", "I64", "[1]", 24, 32),
                entry("bool", "BOOL", "[2]", 32, 34))
            + "}";
    var data =
        ByteBuffer.allocate(34)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(new byte[] {-1, 1, -1, 1})
            .putShort((short) -2)
            .putShort((short) -2)
            .putInt(-3)
            .putInt(-3)
            .putLong(Long.MAX_VALUE)
            .putLong(-4)
            .put(new byte[] {0, 1});
    var read = Safetensors.read(write(folder, "x", safetensors(header, data.array())));
    assertThat(read.get("u8").longs()).containsExactly(255, 1);
    assertThat(read.get("i8").longs()).containsExactly(-1, 1);
    assertThat(read.get("u16").longs()).containsExactly(65534);
    assertThat(read.get("i16").longs()).containsExactly(-2);
    assertThat(read.get("u32").longs()).containsExactly(4294967293L);
    assertThat(read.get("i32").longs()).containsExactly(-3);
    assertThat(read.get("u64").longs()).containsExactly(Long.MAX_VALUE);
    assertThat(read.get("i64").longs()).containsExactly(-4);
    assertThat(read.get("bool").longs()).containsExactly(0, 1);
    assertThat(read.get("bool").dtype()).isEqualTo(DType.I64);
  }

  @Test
  void integersThatDoNotFitAreRefused() {
    var unsigned = "{" + entry("x", "U64", "[1]", 0, 8) + "}";
    var minusOne = new byte[] {-1, -1, -1, -1, -1, -1, -1, -1};
    assertThatThrownBy(() -> Safetensors.read(write(folder, "x", safetensors(unsigned, minusOne))))
        .hasMessage("tensor x U64[1] in x holds 18446744073709551615, more than an I64 can be");
    var bool = "{" + entry("b", "BOOL", "[3]", 0, 3) + "}";
    assertThatThrownBy(() -> Safetensors.read(write(folder, "x", safetensors(bool, 3))))
        .hasMessage("tensor b BOOL[3] in x holds 2, which is no boolean");
  }

  @Test
  void typesWithoutAJavaTwinAreRefusedByName() {
    for (var dtype : List.of("C64", "F8_E4M3", "F8_E5M2", "F8_E8M0", "F4")) {
      int bits = DType.named(dtype).orElseThrow().bits();
      var header = "{" + entry("x", dtype, "[2]", 0, bits / 4) + "}";
      assertThatThrownBy(() -> Safetensors.read(write(folder, "x", safetensors(header, bits / 4))))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("tensor x " + dtype + "[2]");
    }
  }

  @Test
  void tensorsLargerThanTheHeapAreRefusedBeforeTheyAreRead() throws IOException {
    long bytes = (Runtime.getRuntime().maxMemory() / 4 + 4096) / 4 * 4;
    int count = (int) Math.min(Integer.MAX_VALUE - 8, bytes);
    var header = "{" + entry("x", "BOOL", "[" + count + "]", 0, count) + "}";
    var file = write(folder, "x", safetensors(header, 0));
    try (var sparse = new java.io.RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(sparse.length() + count);
    }
    assertThatThrownBy(() -> Safetensors.read(file))
        .isInstanceOf(CheckpointException.class)
        .hasMessageEndingWith("raise -Xmx");
  }
}
