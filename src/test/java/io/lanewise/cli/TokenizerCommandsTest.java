package io.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.json.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** {@code tokenize}, {@code decode} and {@code tokenizer}, on the demo. */
class TokenizerCommandsTest {
  /** What a run printed, its complaint behind. */
  private static String run(int expected, String input, String... arguments) {
    var out = new ByteArrayOutputStream();
    var err = new StringWriter();
    var in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
    assertThat(Main.run(arguments, in, out, new PrintWriter(err, true)))
        .as(err.toString())
        .isEqualTo(expected);
    return out.toString(StandardCharsets.UTF_8) + err;
  }

  @Test
  void idsThereAndBack() {
    String ids = run(0, "", "tokenize", "Paris, is.").strip();
    assertThat(ids).matches("2 [\\d ]+ 3");
    assertThat(run(0, "", "decode", "--skip-specials", ids)).isEqualTo("paris, is.\n");
    assertThat(run(0, ids + "\n" + ids, "decode", "--skip-specials"))
        .isEqualTo("paris, is.\nparis, is.\n");
  }

  @Test
  void idsAsJsonWritesThem() throws Exception {
    var json = Json.mapper().readTree(run(0, "", "tokenize", "--json", "It rains 😀."));
    assertThat(json.get("tokens").get(1).textValue()).isEqualTo("▁it");
    assertThat(json.get("offsets").get(1).toString()).isEqualTo("[0,2]");
    assertThat(json.get("word_ids").get(0).isNull()).isTrue();
    String ids = json.get("input_ids").toString();
    var back = Json.mapper().readTree(run(0, "", "decode", "--json", ids));
    assertThat(back.get("input_ids")).isEqualTo(json.get("input_ids"));
    assertThat(back.get("tokens").get(1).textValue()).isEqualTo("▁it");
  }

  @Test
  void aTableHasAHeadingAndALineAToken() {
    var lines = run(0, "", "tokenize", "--table", "--no-specials", "It rains").lines().toList();
    assertThat(lines.getFirst().strip()).matches("position +id +token +start +end +word");
    assertThat(lines.get(1)).matches(" *0 +\\d+ +▁it +0 +2 +0");
    assertThat(lines).hasSize(4);
  }

  @Test
  void offsetsInCodePoints() throws Exception {
    var json =
        Json.mapper()
            .readTree(
                run(0, "", "tokenize", "--json", "--no-specials", "--code-points", "😀😀 it"));
    var offsets = json.get("offsets");
    assertThat(offsets.get(offsets.size() - 1).toString()).isEqualTo("[3,5]");
  }

  @Test
  void whatTheFilesSay() {
    assertThat(run(0, "", "tokenizer"))
        .contains("6000 ids")
        .contains("[CLS] text [SEP] pair [SEP]")
        .contains("pattern \"``\"")
        .contains("Unigram, the most probable pieces");
    assertThat(run(0, "", "tokenizer", "--slow")).contains("slow, from vocabulary files");
  }

  @Test
  void mistakesAreNamed() {
    assertThat(run(1, "", "decode", "99999")).contains("99999").contains("0 to 5999");
    assertThat(run(1, "", "decode", "2", "x")).contains("\"x\" stands where an id is expected");
    assertThat(run(1, "", "tokenize", "--max-length", "1", "x")).contains("special tokens");
    assertThat(run(2, "", "tokenize", "--set", "no_such=true", "x")).contains("no_such");
  }
}
