package io.lanewise.checkpoint.format;

import static io.lanewise.checkpoint.HandMade.write;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.CheckpointException;
import io.lanewise.checkpoint.HandMade;
import io.lanewise.checkpoint.Safetensors;
import io.lanewise.checkpoint.folder.OpenedFolder;
import io.lanewise.memory.Region;
import io.lanewise.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TorchPickleTest {
  private static final Path FILES = Path.of("src/test/resources/weight-files");
  private static final Path GOLDENS = Path.of("src/test/resources/goldens");

  @TempDir private Path folder;

  private static Map<String, Tensor> read(Path file, Loading loading) {
    try (var region = Region.scratch();
        var opened = WeightFile.open(file, file.getFileName().toString(), loading, region)) {
      var tensors = new LinkedHashMap<String, Tensor>();
      for (var tensor : WeightFormat.PYTORCH.tensors(opened)) {
        tensors.put(tensor.name(), HeapTensors.of(tensor));
      }
      return tensors;
    }
  }

  /** Tensors saved by PyTorch in its own formats equal those saved as safetensors. */
  @ParameterizedTest
  @ValueSource(strings = {"torch_zip.bin", "torch_protocol4.bin", "torch_legacy.bin"})
  void readsWhatPyTorchSaves(String name) {
    var expected = Safetensors.read(FILES.resolve("torch.safetensors"));
    for (var loading : Loading.values()) {
      var actual = read(FILES.resolve(name), loading);
      assertThat(actual).containsOnlyKeys(expected.keySet());
      expected.forEach((key, tensor) -> assertThat(actual.get(key)).as(key).isEqualTo(tensor));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bert_qa_bin", "bert_nsp_legacy_bin"})
  void aFolderWithNothingElseIsReadFromItsPickle(String name) {
    try (var region = Region.open();
        var checkpoint = OpenedFolder.open(GOLDENS.resolve(name), Loading.MAP, region)) {
      assertThat(checkpoint.files()).containsExactly("pytorch_model.bin");
      var config = checkpoint.config();
      int hidden = config.positive("hidden_size", 768);
      var words =
          checkpoint
              .weights()
              .base("bert")
              .matrix(
                  "embeddings.word_embeddings.weight",
                  config.positive("vocab_size", 30522),
                  hidden);
      assertThat(words.data().isMapped()).isTrue();
    }
  }

  @Test
  void aProgramIsRefusedByName() throws IOException {
    for (var loading : Loading.values()) {
      try (var region = Region.open()) {
        assertThatThrownBy(
                () -> OpenedFolder.open(GOLDENS.resolve("bad_pickle_code"), loading, region))
            .isInstanceOf(CheckpointException.class)
            .hasMessage(
                GOLDENS.resolve("bad_pickle_code/pytorch_model.bin")
                    + ": its pickle asks for posix.system: only tensors are read from a pickle,"
                    + " nothing else is built or run");
      }
    }
    try (var here = Files.list(Path.of("."))) {
      assertThat(here).doesNotContain(Path.of("./gatun_pwned.txt"));
    }
  }

  private void refused(byte[] content, String message) {
    var file = write(folder, "x.bin", content);
    assertThatThrownBy(() -> read(file, Loading.COPY))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining(message);
  }

  /** A zip archive like torch.save's, with this pickle and a storage "0" of four floats. */
  private static byte[] zip(String pickle, int method) {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes)) {
      add(zip, "x/data.pkl", pickle.getBytes(ISO_8859_1), method);
      add(zip, "x/data/0", HandMade.floats(1, 2, 3, 4), method);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void add(ZipOutputStream zip, String name, byte[] content, int method)
      throws IOException {
    var entry = new ZipEntry(name);
    entry.setMethod(method);
    entry.setSize(content.length);
    if (method == ZipEntry.STORED) {
      entry.setCompressedSize(content.length);
    }
    var crc = new CRC32();
    crc.update(content);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  private void refused(String pickle, String message) {
    refused(zip(pickle, ZipEntry.STORED), message);
  }

  private static String text(String text) {
    return "\u008c" + (char) text.length() + text;
  }

  private static String number(long value) {
    return "\u008a\u0008" + littleEndian(value);
  }

  private static String littleEndian(long value) {
    var text = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      text.append((char) (value >>> (8 * i) & 0xff));
    }
    return text.toString();
  }

  /** A state dict {"a": tensor} in storage "0". */
  private static String tensor(String type, long count, long offset, String dims, String strides) {
    return "\u0080\u0002}"
        + text("a")
        + "ctorch._utils\n_rebuild_tensor_v2\n("
        + "("
        + text("storage")
        + "ctorch\n"
        + type
        + "\n"
        + text("0")
        + text("cpu")
        + number(count)
        + "tQ"
        + number(offset)
        + dims
        + strides
        + "\u0089)tRs.";
  }

  private static String two(long first, long second) {
    return number(first) + number(second) + "\u0086";
  }

  @Test
  void theHandMadeStateDictIsRight() {
    var pickle = tensor("FloatStorage", 4, 0, two(2, 2), two(1, 2));
    var file = write(folder, "x.bin", zip(pickle, ZipEntry.STORED));
    assertThat(read(file, Loading.COPY))
        .containsExactly(Map.entry("a", Tensor.of(new float[] {1, 3, 2, 4}, 2, 2)));
  }

  @Test
  void tensorsStayInsideTheirStorage() {
    refused(tensor("FloatStorage", 4, 1, two(2, 2), two(2, 1)), "in a storage of 4");
    refused(tensor("FloatStorage", 4, 0, two(2, 3), two(2, 1)), "in a storage of 4");
    refused(tensor("FloatStorage", 4, 0, two(2, 2), two(3, 1)), "in a storage of 4");
    refused(tensor("FloatStorage", 4, 0, two(1L << 31, 1L << 31), two(0, 0)), "in a storage of 4");
    refused(tensor("FloatStorage", 4, 1L << 61, two(1, 1), two(0, 0)), "in a storage of 4");
    refused(tensor("FloatStorage", 4, 0, two(1L << 40, 1L << 40), two(0, 0)), "impossible shape");
    refused(tensor("FloatStorage", 4, 0, two(2, 2), two(1L << 61, 1L << 61)), "in a storage of 4");
    refused(tensor("FloatStorage", 4, 0, two(-1, 2), two(2, 1)), "a size is no number from 0 on");
    refused(tensor("FloatStorage", 4, 0, two(2, 2), two(-1, 1)), "a size is no number from 0 on");
    refused(tensor("FloatStorage", 4, 0, two(2, 2), ")"), "described in an unknown way");
    refused(tensor("FloatStorage", 5, 0, two(2, 2), two(2, 1)), "of 5 F32, which has 16 bytes");
    refused(tensor("DoubleStorage", 4, 0, two(2, 2), two(2, 1)), "of 4 F64, which has 16 bytes");
    refused(tensor("FloatStorage", 1L << 62, 0, two(2, 2), two(2, 1)), "a size is no number");
    refused(tensor("FloatStorage", 1L << 61, 0, two(2, 2), two(2, 1)), "which has 16 bytes");
    refused(
        tensor("FloatStorage", 4, 0, two(2, 2), two(2, 1))
            .replace("\u008c\u00010", "\u008c\u00019"),
        "lies in storage \"9\", which is missing");
  }

  @ParameterizedTest
  @CsvSource({
    "builtins, eval",
    "os, system",
    "torch, load",
    "torch._utils, _rebuild_tensor_v3",
    "torch, ComplexFloatStorage",
    "collections, defaultdict",
    "torch._utils, _rebuild_tensor_v2\\u0000",
    "numpy.core.multiarray, scalar"
  })
  void everyOtherNameIsRefused(String module, String name) {
    refused("\u0080\u0002c" + module + "\n" + name + "\n)R.", "asks for " + module + "." + name);
    refused(
        "\u0080\u0004" + text(module) + text(name) + "\u0093)R.",
        "asks for " + module + "." + name);
  }

  @Test
  void everyOtherInstructionIsRefused() {
    refused("\u0080\u0002}(ios\nsystem\n.", "uses the instruction 'i'");
    refused("\u0080\u0002I1\n.", "uses the instruction 'I'");
    refused("\u0080\u0002P1\n.", "uses the instruction 'P'");
    refused("\u0080\u0002)\u0081.", "uses the instruction 0x81");
    refused("\u0080\u0002\u0082\u0001.", "uses the instruction 0x82");
    refused("\u0080\u0002(o.", "uses the instruction 'o'");
    refused("\u0080\u0001}.", "protocol 1 is none of 2 to 5");
    refused("\u0080\u0002})R.", "calls something that is no function");
    refused("\u0080\u0002]}b.", "sets attributes of an object");
  }

  @Test
  void aBrokenPickleIsRefused() {
    refused("", "it ends in the middle");
    refused("\u0080\u0002}", "it ends in the middle");
    refused("\u0080\u0002.", "a value is missing");
    refused("\u0080\u0002}}.", "it ends with more than one value");
    refused("\u0080\u0002(}.", "it holds no tensors: a state dict is needed");
    refused("\u0080\u00020.", "a value is missing");
    refused("\u0080\u0002}(s.", "a value is missing");
    refused("\u0080\u0002t.", "a mark is missing");
    refused("\u0080\u0002h\u0005.", "nothing is remembered as 5");
    refused("\u0080\u0002X\u00ff\u00ff\u00ff\u007f.", "would have 2147483647 bytes");
    refused("\u0080\u0002\u008d" + littleEndian(-1) + ".", "would have 18446744073709551615 bytes");
    refused("\u0080\u0002}]Ns.", "neither text nor number");
    refused("\u0080\u0002}(Nu.", "no dict is added to");
    refused("\u0080\u0002]Na}a.", "it holds no dict");
    refused("\u0080\u0002c" + "x".repeat(2000) + "\n", "a name in it does not end");
    refused("\u0080\u0002].", "it holds no dict");
    refused("\u0080\u0002}" + text("epoch") + "K\u0001s.", "it holds no tensors, only epoch");
    refused("\u0080\u0002)Q.", "a storage is described in an unknown way");
  }

  /** A list copied by many calls could take any amount of memory. */
  @Test
  void aBombIsRefused() {
    var pair = text("k") + "N\u0086";
    var pickle =
        "\u0080\u0002]q\u0001("
            + pair.repeat(50_000)
            + "e0ccollections\nOrderedDict\nq\u00020]"
            + "h\u0002h\u0001\u0085Ra".repeat(50_000)
            + ".";
    refused(pickle, "it copies more than it holds");
  }

  @Test
  void theArchiveIsChecked() throws IOException {
    var pickle = tensor("FloatStorage", 4, 0, two(2, 2), two(2, 1));
    refused(zip(pickle, ZipEntry.DEFLATED), "its zip entry x/data.pkl is compressed or encrypted");
    var good = zip(pickle, ZipEntry.STORED);
    refused(java.util.Arrays.copyOf(good, good.length - 30), "it has been cut");
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes)) {
      add(zip, "data/0", new byte[4], ZipEntry.STORED);
    }
    refused(bytes.toByteArray(), "it has 0 entries called data.pkl");
    bytes.reset();
    try (var zip = new ZipOutputStream(bytes)) {
      add(zip, "x/data.pkl", pickle.getBytes(ISO_8859_1), ZipEntry.STORED);
      add(zip, "x/byteorder", "big".getBytes(ISO_8859_1), ZipEntry.STORED);
    }
    refused(bytes.toByteArray(), "its numbers are big-endian");
    bytes.reset();
    try (var zip = new ZipOutputStream(bytes)) {
      add(zip, "x/data.pkl", pickle.getBytes(ISO_8859_1), ZipEntry.STORED);
      add(zip, "x/constants.pkl", new byte[1], ZipEntry.STORED);
    }
    refused(bytes.toByteArray(), "it is a TorchScript program");
  }

  @Test
  void whatElseTheFileMayBeIsSaid() {
    refused(new byte[0], "is empty");
    refused("version https://git-lfs.github.com/spec/v1".getBytes(ISO_8859_1), "git lfs pull");
    refused("<html>".getBytes(ISO_8859_1), "is a web page");
    refused("nonsense".getBytes(ISO_8859_1), "this is not how torch.save begins a file");
    refused("\u0080\u0002K\u0001.".getBytes(ISO_8859_1), "not one that torch.save wrote");
  }

  @Test
  void everyTruncationIsRefused() throws IOException {
    for (var name : new String[] {"torch_zip.bin", "torch_legacy.bin"}) {
      var content = Files.readAllBytes(FILES.resolve(name));
      for (int length = 0; length < content.length; length += length < 200 ? 1 : 41) {
        refused(java.util.Arrays.copyOf(content, length), "");
      }
    }
  }
}
