package io.lanewise.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanewise.json.Json;
import io.lanewise.tokenizer.TokenizerOptions.Flavor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares the vocabulary in weights/ with the results of Hugging Face's tokenizer. */
class DemoVocabularyTest {
  private static final Path WEIGHTS = Path.of("weights");

  @TempDir Path alone;

  /** A text of expected.json and its ids. */
  private record Line(String text, int[] ids) {}

  private static List<Line> lines() {
    var lines = new ArrayList<Line>();
    collect(Json.read(WEIGHTS.resolve("expected.json")), lines);
    assertThat(lines).hasSizeGreaterThan(10);
    return lines;
  }

  private static void collect(JsonNode node, List<Line> lines) {
    if (node.has("text") && node.has("input_ids")) {
      int[] ids =
          StreamSupport.stream(node.get("input_ids").spliterator(), false)
              .mapToInt(JsonNode::intValue)
              .toArray();
      lines.add(new Line(node.get("text").textValue(), ids));
    }
    node.forEach(child -> collect(child, lines));
  }

  private static void check(Tokenizer tokenizer) {
    for (var line : lines()) {
      assertThat(tokenizer.encode(line.text()).ids()).as(line.text()).isEqualTo(line.ids());
    }
  }

  @Test
  void fromTokenizerJson() {
    check(Tokenizer.load(WEIGHTS.resolve("albert-tiny-demo")));
    check(Tokenizer.load(WEIGHTS.resolve("albert-tiny-sentiment")));
  }

  @Test
  void fromSentencePieceAlone() throws IOException {
    Files.copy(WEIGHTS.resolve("albert-tiny-demo/spiece.model"), alone.resolve("spiece.model"));
    // As the demo was trained; today's AutoTokenizer makes its user-defined symbols added tokens.
    check(Tokenizer.load(alone, TokenizerOptions.DEFAULT.withSymbolsAsPieces(true)));
    var today = Tokenizer.load(alone).encode("Berlin is the capital of [MASK].");
    assertThat(today.ids()).containsExactly(2, 1665, 16, 14, 23, 17, 4, 9, 3);
  }

  @Test
  void slowAndFastAgreeOnOffsets() throws IOException {
    Files.copy(WEIGHTS.resolve("albert-tiny-demo/spiece.model"), alone.resolve("spiece.model"));
    var slow = Tokenizer.load(alone, TokenizerOptions.DEFAULT.withFlavor(Flavor.SLOW));
    var fast = Tokenizer.load(WEIGHTS.resolve("albert-tiny-demo"));
    for (var line : lines()) {
      var one = slow.encode(line.text());
      var other = fast.encode(line.text());
      assertThat(one.ids()).isEqualTo(other.ids());
      assertThat(one.starts()).isEqualTo(other.starts());
      assertThat(one.ends()).isEqualTo(other.ends());
      assertThat(one.wordIds()).isEqualTo(other.wordIds());
    }
  }

  @Test
  void aPairOfTexts() {
    var tokenizer = Tokenizer.load(WEIGHTS.resolve("albert-tiny-demo"));
    var pair = tokenizer.encode("In Paris.", "It rains.");
    assertThat(pair.tokens())
        .containsExactly("[CLS]", "▁in", "▁paris", ".", "[SEP]", "▁it", "▁rain", "s", ".", "[SEP]");
    assertThat(pair.typeIds()).containsExactly(0, 0, 0, 0, 0, 1, 1, 1, 1, 1);
    assertThat(pair.specialTokensMask()).containsExactly(1, 0, 0, 0, 1, 0, 0, 0, 0, 1);
    assertThat(pair.sequenceIds()).containsExactly(-1, 0, 0, 0, -1, 1, 1, 1, 1, -1);
    assertThat(pair.wordIds()).containsExactly(-1, 0, 1, 1, -1, 0, 1, 1, 1, -1);
    assertThat(pair.starts()).containsExactly(0, 0, 3, 8, 0, 0, 3, 7, 8, 0);
    assertThat(pair.ends()).containsExactly(0, 2, 8, 9, 0, 2, 7, 8, 9, 0);
  }

  @Test
  void truncationPaddingAndBack() {
    var tokenizer = Tokenizer.load(WEIGHTS.resolve("albert-tiny-demo"));
    var options = EncodeOptions.DEFAULT.withMaxLength(5).withPadToMultipleOf(4);
    var batch = tokenizer.encodeAll(List.of("In Paris.", "It rains in Berlin."), options);
    assertThat(batch).allSatisfy(encoding -> assertThat(encoding.length()).isEqualTo(8));
    assertThat(batch.get(0).attentionMask()).containsExactly(1, 1, 1, 1, 1, 0, 0, 0);
    assertThat(tokenizer.decode(batch.get(0).ids(), true)).isEqualTo("in paris.");
    assertThat(tokenizer.decode(batch.get(1).ids(), true)).isEqualTo("it rains");
    assertThat(tokenizer.decode(new int[] {4}, false)).isEqualTo("[MASK]");
  }
}
