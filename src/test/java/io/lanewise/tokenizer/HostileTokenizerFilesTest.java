package io.lanewise.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.TokenizerException;
import io.lanewise.tokenizer.TokenizerOptions.Flavor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged or malicious files are refused with one clear error, or are harmless. */
class HostileTokenizerFilesTest {
  private static final Path DEMO = Path.of("weights", "albert-tiny-demo");
  private static final String TEXT = "It rains, 9,9 [MASK] ﬁ é 😀.";

  @TempDir Path folder;

  /** Loads and uses the tokenizer; any other than the documented exception fails the test. */
  private void survives(Flavor flavor) {
    try {
      var tokenizer = Tokenizer.load(folder, TokenizerOptions.DEFAULT.withFlavor(flavor));
      var encoding = tokenizer.encode(TEXT);
      assertThat(tokenizer.decode(encoding.ids(), false)).isNotNull();
    } catch (TokenizerException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  @Test
  void spieceModelCutShort() throws IOException {
    byte[] good = Files.readAllBytes(DEMO.resolve("spiece.model"));
    for (int length : new int[] {0, 1, 2, 7, 100, 5000, good.length / 2, good.length - 1}) {
      Files.write(folder.resolve("spiece.model"), Arrays.copyOf(good, length));
      survives(Flavor.SLOW);
      survives(Flavor.FAST);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "null",
        "{}",
        "{\"model\":null}",
        "{\"model\":{\"type\":\"Unigram\",\"vocab\":[]}}",
        "{\"model\":{\"type\":\"Unigram\",\"vocab\":[[\"a\"]]}}",
        "{\"model\":{\"type\":\"Unigram\",\"unk_id\":7,\"vocab\":[[\"a\",0]]}}",
        "{\"model\":{\"type\":\"Unigram\",\"unk_id\":0,\"vocab\":[[\"a\",\"b\"]]}}",
        "{\"model\":{\"type\":\"Quantum\",\"vocab\":[]}}",
        "{\"normalizer\":{\"type\":\"Nothing\"},\"model\":{\"type\":\"Unigram\",\"vocab\":[]}}",
        "{\"truncation\":{\"max_length\":-1},"
            + "\"model\":{\"type\":\"Unigram\",\"unk_id\":0,\"vocab\":[[\"a\",0]]}}",
        "{\"padding\":{\"strategy\":\"Sideways\"},"
            + "\"model\":{\"type\":\"Unigram\",\"unk_id\":0,\"vocab\":[[\"a\",0]]}}",
        "{\"normalizer\":{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"////fwAA\"},"
            + "\"model\":{\"type\":\"Unigram\",\"unk_id\":0,\"vocab\":[[\"a\",0]]}}"
      })
  void tokenizerJsonThatMakesNoSense(String json) throws IOException {
    Files.writeString(folder.resolve("tokenizer.json"), json, StandardCharsets.UTF_8);
    assertThatThrownBy(() -> Tokenizer.load(folder)).isInstanceOf(TokenizerException.class);
  }

  @Test
  void deepNestingIsRefused() throws IOException {
    String open = "{\"type\":\"Sequence\",\"normalizers\":[".repeat(5000);
    Files.writeString(
        folder.resolve("tokenizer.json"),
        "{\"normalizer\":" + open + "]}".repeat(5000) + ",\"model\":{}}");
    assertThatThrownBy(() -> Tokenizer.load(folder)).isInstanceOf(TokenizerException.class);
  }

  @Test
  void theSectionsOfTruncationAndPaddingAreRead() throws IOException {
    String json =
        """
        {"truncation":{"direction":"Left","max_length":9,"strategy":"OnlySecond","stride":2},
        "padding":{"strategy":{"Fixed":12},"direction":"Left","pad_to_multiple_of":4,"pad_id":0,
        "pad_type_id":3,"pad_token":"<pad>"},
        "model":{"type":"Unigram","unk_id":0,"vocab":[["a",0]]}}\
        """;
    Files.writeString(folder.resolve("tokenizer.json"), json);
    var tokenizer = Tokenizer.load(folder);
    assertThat(tokenizer.fileOptions())
        .isEqualTo(
            EncodeOptions.DEFAULT
                .withMaxLength(9)
                .withStride(2)
                .withTruncation(EncodeOptions.Truncation.ONLY_SECOND)
                .withTruncationSide(EncodeOptions.Side.LEFT)
                .withPadTo(12)
                .withPadToMultipleOf(4)
                .withPaddingSide(EncodeOptions.Side.LEFT));
    assertThat(tokenizer.padTypeId()).isEqualTo(3);
    assertThat(tokenizer.options().paddingSide()).isEqualTo(EncodeOptions.Side.LEFT);
  }
}
