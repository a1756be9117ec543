package io.lanewise.tokenizer;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.TokenizerException;
import io.lanewise.tokenizer.split.ByteAlphabet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Malformed vocab.txt, vocab.json and merges.txt files. */
class HostileVocabularyFilesTest {
  @TempDir Path folder;

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
