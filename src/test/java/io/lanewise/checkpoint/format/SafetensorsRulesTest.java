package io.lanewise.checkpoint.format;

import static io.lanewise.checkpoint.HandMade.entry;
import static io.lanewise.checkpoint.HandMade.safetensors;
import static io.lanewise.checkpoint.HandMade.write;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.CheckpointException;
import io.lanewise.checkpoint.Safetensors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Violates each rule of the format once. */
class SafetensorsRulesTest {
  @TempDir private Path folder;

  private void refused(byte[] content, String message) {
    var file = write(folder, "bad.safetensors", content);
    assertThatThrownBy(() -> Safetensors.read(file))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(file + message);
  }

  private void refused(String header, int data, String message) {
    refused(safetensors(header, data), message);
  }

  private static byte[] lengthAnd(long length, String rest) {
    var bytes = rest.getBytes(ISO_8859_1);
    return ByteBuffer.allocate(8 + bytes.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(length)
        .put(bytes)
        .array();
  }

  @Test
  void theHeaderFits() {
    refused(new byte[5], ": it has 5 bytes: too few");
    refused(lengthAnd(3, "{}"), ": its header would have 3 bytes, of 2 that the file has");
    refused(lengthAnd(0, "{}"), ": its header would have 0 bytes, of 2 at least");
    refused(
        lengthAnd(-1, "{}"),
        ": its header would have 18446744073709551615 bytes, of 100000000 that are allowed");
    refused(
        lengthAnd(100_000_001, "{}"),
        ": its header would have 100000001 bytes, of 100000000 that are allowed");
  }

  @Test
  void theHeaderIsAnObjectAndNothingElse() {
    refused(" {}", 0, ": its header begins with byte 32, not with {");
    refused("[]", 0, ": its header begins with byte 91, not with {");
    refused(
        "{}x",
        0,
        ": its header is not valid JSON: Unrecognized token 'x': was expecting"
            + " (JSON String, Number, Array, Object or token 'null', 'true' or 'false')");
    refused("{}{}", 0, ": something follows the JSON object in its header");
    assertThat(Safetensors.read(write(folder, "x", safetensors("{}   \n", 0)))).isEmpty();
  }

  @Test
  void theHeaderIsStrictJson() {
    for (var header :
        new String[] {
          "{",
          "{\"a\"",
          "{'a':1}",
          "{a:1}",
          "{/**/}",
          "{,}",
          "{\"a\":{\"dtype\":\"F32\",\"shape\":[01],\"data_offsets\":[0,4]}}",
          "{\"a\":{\"dtype\":\"F32\",\"shape\":[NaN],\"data_offsets\":[0,4]}}",
          "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],}}",
          "{\"a\":" + "[".repeat(5000) + "]".repeat(5000) + "}"
        }) {
      var file = write(folder, "bad.safetensors", safetensors(header, 4));
      assertThatThrownBy(() -> Safetensors.read(file))
          .isInstanceOf(CheckpointException.class)
          .hasMessageStartingWith(file.toString())
          .hasMessageNotContaining("\n");
    }
  }

  @Test
  void theHeaderIsUtf8() {
    var file = write(folder, "bad.safetensors", lengthAnd(10, "{\"caf\u00e9\":1}"));
    assertThatThrownBy(() -> Safetensors.read(file))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("its header is not valid UTF-8");
    var wide = "{\0}\0"; // a JSON object in UTF-16
    refused(
        lengthAnd(4, wide),
        ": its header is not valid JSON: Illegal character ((CTRL-CHAR, code 0)): only regular"
            + " white space (\\r, \\n, \\t) is allowed between tokens");
  }

  @Test
  void noNameTwice() {
    var twice = entry("a", "F32", "[0]", 0, 0);
    refused(
        "{" + twice + "," + twice + "}", 0, ": its header is not valid JSON: Duplicate field 'a'");
    refused(
        "{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F16\"}}",
        0,
        ": its header is not valid JSON: Duplicate field 'dtype'");
  }

  @Test
  void metadataIsTexts() {
    refused("{\"__metadata__\":1}", 0, ": __metadata__ in its header is no JSON object");
    refused(
        "{\"__metadata__\":{\"a\":1}}",
        0,
        ": __metadata__ in its header holds no text under \"a\"");
    refused(
        "{\"__metadata__\":{\"a\":{\"b\":\"c\"}}}",
        0,
        ": __metadata__ in its header holds no text under \"a\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 | is described by no JSON object",
        "[] | is described by no JSON object",
        "{} | has no dtype",
        "{\"dtype\":\"F32\"} | has no shape",
        "{\"dtype\":\"F32\",\"shape\":[1]} | has no data_offsets",
        "{\"dtype\":1} | has a dtype that is no text",
        "{\"dtype\":null} | has a dtype that is no text",
        "{\"shape\":1} | has a shape that is no list",
        "{\"shape\":[1.5]} | has \"1.5\" in its shape",
        "{\"shape\":[\"2\"]} | has \"2\" in its shape",
        "{\"shape\":[[2]]} | has \"[\" in its shape",
        "{\"shape\":[null]} | has \"null\" in its shape",
        "{\"shape\":[-1]} | has -1 in its shape",
        "{\"data_offsets\":[0,4,8]} | has more than 2 numbers in its data_offsets",
        "{\"data_offsets\":[0,-4]} | has -4 in its data_offsets",
        "{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]} | has 1 data_offsets, not 2",
      })
  void everyTensorIsDescribed(String description, String message) {
    refused("{\"a.b\":" + description + "}", 4, ": tensor a.b " + message);
  }

  @Test
  void numbersThatAreTooLarge() {
    refused(
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[99999999999999999999],\"data_offsets\":[0,4]}}",
        4,
        ": its header is not valid JSON: Numeric value (99999999999999999999) out of range of"
            + " long (-9223372036854775808 - 9223372036854775807)");
    refused(
        "{" + entry("a", "F32", "[4294967296,4294967296]", 0, 4) + "}",
        4,
        ": tensor a has the impossible shape [4294967296, 4294967296]");
    // 2^61 elements of 32 bits: the product wraps to zero in 64 bits.
    refused(
        "{" + entry("a", "F32", "[2305843009213693952]", 0, 4) + "}",
        4,
        ": tensor a has the impossible shape [2305843009213693952]");
    refused(
        "{" + entry("a", "F32", "[" + "1,".repeat(64) + "1]", 0, 4) + "}",
        4,
        ": tensor a has more than 64 numbers in its shape");
  }

  @Test
  void theTypeIsKnown() {
    var file =
        write(folder, "bad.safetensors", safetensors("{" + entry("a", "F7", "[1]", 0, 4) + "}", 4));
    assertThatThrownBy(() -> Safetensors.read(file))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith(file + ": tensor a has the unknown dtype \"F7\", known are [BOOL,");
  }

  @Test
  void theSizeIsShapeTimesWidth() {
    refused(
        "{" + entry("a", "F16", "[3]", 0, 8) + "}",
        8,
        ": tensor a is F16[3], 48 bits, but takes 8 bytes");
    refused(
        "{" + entry("a", "F32", "[]", 0, 8) + "}",
        8,
        ": tensor a is F32[], 32 bits, but takes 8 bytes");
    refused(
        "{" + entry("a", "F4", "[3]", 0, 2) + "}",
        2,
        ": tensor a is F4[3], 12 bits, but takes 2 bytes");
    refused(
        "{" + entry("a", "F32", "[0]", 0, 4) + "}",
        4,
        ": tensor a is F32[0], 0 bits, but takes 4 bytes");
  }

  @Test
  void noHoleNoOverlapNothingLeft() {
    refused(
        "{" + entry("a", "F32", "[1]", 4, 8) + "}",
        8,
        ": tensor a leaves a hole after the header: it begins at 4, not at 0");
    refused(
        "{" + entry("b", "F32", "[1]", 8, 12) + "," + entry("a", "F32", "[1]", 0, 4) + "}",
        12,
        ": tensor b leaves a hole after a: it begins at 8, not at 4");
    refused(
        "{" + entry("a", "F32", "[2]", 0, 8) + "," + entry("b", "F32", "[1]", 4, 8) + "}",
        8,
        ": tensor b overlaps a: it begins at 4, not at 8");
    refused(
        "{" + entry("a", "F32", "[2]", 8, 0) + "}",
        8,
        ": tensor a leaves a hole after the header: it begins at 8, not at 0");
    refused(
        "{" + entry("e", "F32", "[1]", 0, 4) + "," + entry("a", "F32", "[2]", 4, 0) + "}",
        8,
        ": tensor a has data_offsets [4, 0] in a file with 8 bytes of data");
    refused(
        "{" + entry("a", "F32", "[2]", 0, 8) + "}",
        4,
        ": tensor a has data_offsets [0, 8] in a file with 4 bytes of data: the file has been cut,"
            + " fetch it again");
    refused(
        "{" + entry("a", "F32", "[2]", 0, 8) + "}",
        9,
        ": its tensors end at 8, the data has 9 bytes: 1 too many");
    refused("{}", 3, ": its tensors end at 0, the data has 3 bytes: 3 too many");
  }

  @Test
  void emptyTensorsMayLieAnywhereBetween() {
    var header =
        "{"
            + String.join(
                ",",
                entry("end", "F32", "[0, 5]", 4, 4),
                entry("a", "F32", "[1]", 0, 4),
                entry("start", "I64", "[0]", 0, 0))
            + "}";
    var read = Safetensors.read(write(folder, "x", safetensors(header, 4)));
    assertThat(read.keySet()).containsExactly("end", "a", "start");
    assertThat(read.get("end").shape().toString()).isEqualTo("[0, 5]");
  }

  @Test
  void whatTheFileIsInsteadIsSaid() {
    refused(
        new byte[0], ": is empty: the download went wrong, fetch it again".replace(": is", " is"));
    refused(
        "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n".getBytes(ISO_8859_1),
        " is a Git LFS pointer, not the file itself: run \"git lfs pull\"");
    refused(
        "<!DOCTYPE html><html></html>".getBytes(ISO_8859_1),
        " is a web page, not weights: the download went wrong, fetch it again");
    refused(
        "PK\u0003\u0004\0\0\0\0\0\0\0".getBytes(ISO_8859_1),
        " is a zip archive, as torch.save writes: rename it to pytorch_model.bin");
    refused(
        "\u0080\u0002\u008a\nl\u00fc\u009cF\u00f9".getBytes(ISO_8859_1),
        " is a Python pickle: rename it to pytorch_model.bin");
    refused(
        "\u0089HDF\r\n\u001a\n".getBytes(ISO_8859_1),
        " is an HDF5 file, as TensorFlow writes: rename it to tf_model.h5");
  }

  @Test
  void aNameCannotBreakTheMessage() {
    refused("{\"a\\nb\":1}", 0, ": tensor a\\nb is described by no JSON object");
  }

  @Test
  void aFolderOrNothingIsNoFile() {
    assertThatThrownBy(() -> Safetensors.read(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(
            folder
                + " is a folder, where a file is expected: put the file itself there, or remove"
                + " it");
    assertThatThrownBy(() -> Safetensors.read(folder.resolve("none")))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(folder.resolve("none") + " does not exist");
  }
}
