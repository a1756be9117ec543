package io.lanewise.cases;

import io.lanewise.tokenizer.Tokenizer;
import io.lanewise.tokenizer.sentencepiece.SentencePiece;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;

/** The tables of codepoints/: what becomes of every single code point. */
final class CodePointCases {
  private final Vocabularies vocabularies;
  private final CaseReport report;

  CodePointCases(Vocabularies vocabularies, CaseReport report) {
    this.vocabularies = vocabularies;
    this.report = report;
  }

  void check(Path file) {
    switch (file.getFileName().toString()) {
      case "classes.json.gz" -> new CodePointClasses(vocabularies, report).check(file);
      case "python314.json.gz" -> new PythonClasses(vocabularies, report).check(file);
      case "nfkd.tsv.gz" -> table(file, normalizer("{\"type\":\"NFKD\"}"));
      case "lowercase.tsv.gz" -> table(file, normalizer("{\"type\":\"Lowercase\"}"));
      case "precompiled.tsv.gz" -> table(file, normalizer(precompiled()));
      case "bert_lower.tsv.gz" -> {
        // The table leaves out what clean_text makes a space; NFD maps two of these to others.
        var rule = normalizer(bert(false, false, true, true));
        table(file, c -> c.equals("\u2000") || c.equals("\u2001") ? c : rule.apply(c));
        report.equal("U+2000, U+2001", "\u2002\u2003", rule.apply("\u2000\u2001"));
      }
      case "albert_fast_norm.tsv.gz" -> {
        var tokenizer = vocabularies.get("albert-fast");
        table(file, c -> between(tokenizer.normalize("x" + c + "x"), "x"));
      }
      case "spm_norm.tsv.gz" -> {
        var model = SentencePiece.load(vocabularies.file("albert/spiece.model"));
        table(file, c -> betweenMarked(model.normalize("x" + c + "x")));
      }
      default -> report.difference("a table that this runner does not know");
    }
  }

  /** The text between a known start and a last x. */
  private static String between(String text, String start) {
    return text.startsWith(start) && text.endsWith("x")
        ? text.substring(start.length(), text.length() - 1)
        : "not between x and x: " + text;
  }

  /** The same behind SentencePiece's mark; two accents melt into the first x. */
  private static String betweenMarked(String text) {
    return text.equals("\u2581\u1e8bx") || text.equals("\u2581\u1e8dx")
        ? ""
        : between(text, "\u2581x");
  }

  private interface Rule {
    String apply(String c);
  }

  private Rule normalizer(String json) {
    var tokenizer = tokenizer(json, "null");
    return tokenizer::normalize;
  }

  private Tokenizer tokenizer(String normalizer, String preTokenizer) {
    return vocabularies.fromJson(json("", normalizer, preTokenizer));
  }

  /** The text of a tokenizer.json with these parts. */
  static String json(String addedTokens, String normalizer, String preTokenizer) {
    return """
    {"version":"1.0","added_tokens":[%s],"normalizer":%s,"pre_tokenizer":%s,
    "post_processor":null,"decoder":null,
    "model":{"type":"Unigram","unk_id":0,"vocab":[["<unk>",0.0]]}}\
    """
        .formatted(addedTokens, normalizer, preTokenizer);
  }

  static String bert(boolean clean, boolean chinese, boolean accents, boolean lower) {
    return """
    {"type":"BertNormalizer","clean_text":%s,"handle_chinese_chars":%s,"strip_accents":%s,
    "lowercase":%s}\
    """
        .formatted(clean, chinese, accents, lower);
  }

  private String precompiled() {
    var normalizers =
        Texts.json(vocabularies.file("albert/tokenizer.json")).at("/normalizer/normalizers");
    for (var step : normalizers) {
      if (step.get("type").textValue().equals("Precompiled")) {
        return step.toString();
      }
    }
    throw new IllegalArgumentException("albert/tokenizer.json has no Precompiled");
  }

  /** A table of the code points that change; all others do not. */
  private void table(Path file, Rule rule) {
    var changed = read(file);
    forEach(
        c -> {
          String text = Character.toString(c);
          report.equal(() -> name(c), changed.getOrDefault(c, text), rule.apply(text));
        });
  }

  /** Checks a class: the code points of which something holds. */
  static void members(CaseReport report, String name, BitSet expected, IntPredicate actual) {
    forEach(c -> report.equal(() -> name + " " + name(c), expected.get(c), actual.test(c)));
  }

  static String name(int c) {
    return "U+%04X".formatted(c);
  }

  /** Every code point that can stand in a text. */
  static void forEach(java.util.function.IntConsumer action) {
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
        action.accept(c);
      }
    }
  }

  private static Map<Integer, String> read(Path file) {
    var table = new HashMap<Integer, String>();
    IntFunction<String> text = Character::toString;
    try (var reader =
        new BufferedReader(new InputStreamReader(Texts.open(file), StandardCharsets.UTF_8))) {
      String line;
      while ((line = reader.readLine()) != null) {
        String[] columns = line.split("\t", -1);
        var result = new StringBuilder();
        for (String hex : columns[1].isBlank() ? new String[0] : columns[1].split(" ", -1)) {
          result.append(text.apply(Integer.parseInt(hex, 16)));
        }
        table.put(Integer.parseInt(columns[0], 16), result.toString());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return table;
  }

  /** The set that a list of ranges, both ends included, names. */
  static BitSet set(com.fasterxml.jackson.databind.JsonNode ranges) {
    var set = new BitSet(Character.MAX_CODE_POINT + 1);
    for (var range : ranges) {
      set.set(range.get(0).intValue(), range.get(1).intValue() + 1);
    }
    return set;
  }
}
