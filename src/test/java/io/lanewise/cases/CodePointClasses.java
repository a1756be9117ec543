package io.lanewise.cases;

import static io.lanewise.cases.CodePointCases.bert;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanewise.tokenizer.EncodeOptions;
import io.lanewise.tokenizer.Tokenizer;
import io.lanewise.tokenizer.Tokenizer.Word;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntPredicate;

/** The classes of code points that the fast tokenizers' components see. */
record CodePointClasses(Vocabularies vocabularies, CaseReport report) {

  void check(Path file) {
    for (var field : Texts.json(file).properties()) {
      report.record(field.getKey(), () -> check(field.getKey(), field.getValue()));
    }
  }

  private void check(String name, JsonNode ranges) {
    var expected = CodePointCases.set(ranges);
    CodePointCases.members(report, name, expected, rule(name));
  }

  private IntPredicate rule(String name) {
    return switch (name) {
      case "bert_removed" -> becomes(bert(true, false, false, false), "");
      case "bert_space" -> {
        var clean = tokenizer(bert(true, false, false, false), "null");
        yield c -> clean.normalize(Character.toString(c)).equals(" ");
      }
      case "bert_chinese" -> {
        var spaced = tokenizer(bert(false, true, false, false), "null");
        yield c ->
            spaced.normalize(Character.toString(c)).equals(" " + Character.toString(c) + " ");
      }
      case "bert_punct" ->
          cuts("{\"type\":\"BertPreTokenizer\"}", (words, c) -> words.equals(List.of("x", c, "x")));
      case "bert_pretok_space" ->
          cuts("{\"type\":\"BertPreTokenizer\"}", (words, _) -> words.equals(List.of("x", "x")));
      case "ws_split" ->
          cuts("{\"type\":\"WhitespaceSplit\"}", (words, _) -> words.equals(List.of("x", "x")));
      case "strip_accents_removed" -> becomes("{\"type\":\"StripAccents\"}", "");
      case "bytelevel_L" -> joins("x");
      case "bytelevel_N" -> joins("1");
      case "bytelevel_S" -> {
        var letters = joins("x");
        var digits = joins("1");
        var others = joins("!");
        yield c -> !letters.test(c) && !digits.test(c) && !others.test(c);
      }
      case "added_lstrip_space" -> lstrip();
      default -> throw new IllegalArgumentException("a class that this runner does not know");
    };
  }

  private Tokenizer tokenizer(String normalizer, String preTokenizer) {
    return vocabularies.fromJson(CodePointCases.json("", normalizer, preTokenizer));
  }

  private IntPredicate becomes(String normalizer, String result) {
    var tokenizer = tokenizer(normalizer, "null");
    return c -> tokenizer.normalize(Character.toString(c)).equals(result);
  }

  private interface Outcome {
    boolean test(List<String> words, String c);
  }

  /** What the pre-tokenizer makes of the code point between two letters. */
  private IntPredicate cuts(String preTokenizer, Outcome outcome) {
    var tokenizer = tokenizer("null", preTokenizer);
    return c -> {
      String text = Character.toString(c);
      var words = tokenizer.preTokenize("x" + text + "x").stream().map(Word::text).toList();
      return outcome.test(words, text);
    };
  }

  /** Whether the code point is in one word of a byte-level model with such neighbours. */
  private IntPredicate joins(String neighbour) {
    var tokenizer =
        tokenizer(
            "null",
            "{\"type\":\"ByteLevel\",\"add_prefix_space\":false,\"trim_offsets\":true,"
                + "\"use_regex\":true}");
    return c -> tokenizer.preTokenize(neighbour + Character.toString(c) + neighbour).size() == 1;
  }

  /** Whether an added token with lstrip takes the code point before it. */
  private IntPredicate lstrip() {
    var tokenizer =
        vocabularies.fromJson(
            CodePointCases.json(
                """
                {"id":1,"content":"<mask>","single_word":false,"lstrip":true,"rstrip":false,
                "normalized":false,"special":true}\
                """,
                "null",
                "null"));
    var options = EncodeOptions.DEFAULT.withAddSpecialTokens(false);
    return c -> {
      var encoding = tokenizer.encode("x" + Character.toString(c) + "<mask>", options);
      return encoding.starts()[encoding.length() - 1] == 1;
    };
  }
}
