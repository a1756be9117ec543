package io.lanewise.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.TokenizerException;
import io.lanewise.tokenizer.TokenizerOptions.Flavor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged vocab.txt, vocab.json and merges.txt, and tokenizer.json of their models. */
class HostileVocabularyFilesTest {
  private static final String TEXT = "It rains, 9,9 [MASK] <mask> ﬁ é 😀 ab abc.";
  private static final int ROUNDS = 150;

  @TempDir Path folder;

  private static String vocabTxt() {
    var lines = new ArrayList<>(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "é"));
    for (char c = '!'; c <= '~'; c++) {
      lines.add(Character.toString(c));
      lines.add("##" + c);
    }
    return String.join("\n", lines) + "\n";
  }

  private static String vocabJson() {
    var entries = new ArrayList<String>();
    for (String special : List.of("<s>", "<pad>", "</s>", "<unk>", "<mask>", "ab", "abc")) {
      entries.add("\"" + special + "\":" + entries.size());
    }
    for (int b = 0; b < 256; b++) {
      char c = ByteAlphabet.character(b);
      String escaped = c == '"' || c == '\\' ? "\\" + c : Character.toString(c);
      entries.add("\"" + escaped + "\":" + entries.size());
    }
    return "{" + String.join(",", entries) + "}";
  }

  private static final String MERGES = "#version: 0.2\na b\nab c\n";

  private static String tokenizerJson() {
    return """
    {"version":"1.0","truncation":null,"padding":null,
    "added_tokens":[{"id":4,"content":"<mask>","single_word":false,"lstrip":true,"rstrip":false,
    "normalized":false,"special":true}],"normalizer":null,
    "pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true},
    "post_processor":{"type":"RobertaProcessing","sep":["</s>",2],"cls":["<s>",0],
    "trim_offsets":true,"add_prefix_space":false},
    "decoder":{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true},
    "model":{"type":"BPE","dropout":null,"unk_token":null,"continuing_subword_prefix":"",
    "end_of_word_suffix":"","fuse_unk":false,"merges":["a b","ab c"],"vocab":%s}}\
    """
        .formatted(vocabJson());
  }

  /** Loads and uses what there is; anything but the documented exception fails the test. */
  private boolean survives() {
    boolean whole = true;
    for (var flavor : List.of(Flavor.AUTO, Flavor.SLOW)) {
      try {
        var tokenizer = Tokenizer.load(folder, TokenizerOptions.DEFAULT.withFlavor(flavor));
        var encoding = tokenizer.encode(TEXT);
        assertThat(tokenizer.decode(encoding.ids(), false)).isNotNull();
      } catch (TokenizerException e) {
        assertThat(e.getMessage()).isNotBlank();
        whole = false;
      }
    }
    return whole;
  }

  private void damage(String name, String content) throws IOException {
    byte[] good = content.getBytes(StandardCharsets.UTF_8);
    Path file = folder.resolve(name);
    var random = new Random(name.hashCode());
    for (int i = 0; i < ROUNDS; i++) {
      byte[] bad = good.clone();
      switch (i % 3) {
        case 0 -> bad = Arrays.copyOf(good, random.nextInt(good.length));
        case 1 -> bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
        default -> {
          for (int k = 1 + random.nextInt(6); k > 0; k--) {
            bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
          }
        }
      }
      Files.write(file, bad);
      survives();
    }
    Files.write(file, good);
    assertThat(survives()).as("the undamaged file is read").isTrue();
  }

  @Test
  void vocabTxtCutAndChanged() throws IOException {
    damage("vocab.txt", vocabTxt());
  }

  @Test
  void vocabJsonAndMergesCutAndChanged() throws IOException {
    Files.writeString(folder.resolve("merges.txt"), MERGES);
    damage("vocab.json", vocabJson());
    damage("merges.txt", MERGES);
  }

  @Test
  void tokenizerJsonOfBytePairsCutAndChanged() throws IOException {
    Files.writeString(folder.resolve("merges.txt"), MERGES);
    Files.writeString(folder.resolve("vocab.json"), vocabJson());
    damage("tokenizer.json", tokenizerJson());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\n", "a b c\n", "a b\na\n", "a zz\n", "zz a\n", "b a\n"})
  void mergesThatMakeNoSense(String lines) throws IOException {
    Files.writeString(folder.resolve("vocab.json"), vocabJson());
    Files.writeString(folder.resolve("merges.txt"), "#version: 0.2\n" + lines);
    assertThatThrownBy(() -> Tokenizer.load(folder))
        .isInstanceOf(TokenizerException.class)
        .hasMessageContaining("merges.txt");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "{\"<s>\":\"0\"}",
        "{\"<s>\":-1}",
        "{\"<s>\":99999999999}",
        "{\"<s>\":2000000000}",
        "{\"<s>\":0.5}",
        "{\"<s>\":0,\"<s>\":1}"
      })
  void vocabJsonThatMakesNoSense(String json) throws IOException {
    Files.writeString(folder.resolve("vocab.json"), json);
    Files.writeString(folder.resolve("merges.txt"), MERGES);
    assertThatThrownBy(() -> Tokenizer.load(folder)).isInstanceOf(TokenizerException.class);
  }

  @Test
  void vocabTxtWithoutTheUnknownToken() throws IOException {
    Files.writeString(folder.resolve("vocab.txt"), "a\nb\n");
    assertThatThrownBy(() -> Tokenizer.load(folder))
        .isInstanceOf(TokenizerException.class)
        .hasMessageContaining("vocab.txt")
        .hasMessageContaining("[UNK]");
  }
}
