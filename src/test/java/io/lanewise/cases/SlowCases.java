package io.lanewise.cases;

import static io.lanewise.cases.CaseReport.ints;
import static io.lanewise.cases.CaseReport.strings;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanewise.tokenizer.Tokenizer;
import java.util.List;

/** The records of {@code <tokenizer>-slow.jsonl.gz}. */
final class SlowCases {
  private final Tokenizer tokenizer;
  private final CaseReport report;
  private final EncodingCheck encodings;

  SlowCases(Tokenizer tokenizer, CaseReport report) {
    this.tokenizer = tokenizer;
    this.report = report;
    this.encodings = new EncodingCheck(report);
  }

  void check(JsonNode record, Texts.Line line) {
    String id = record.get("id").textValue();
    for (var field : record.properties()) {
      String where = id + " " + field.getKey();
      report.record(where, () -> check(where, field.getKey(), field.getValue(), record, line));
    }
  }

  private void check(
      String where, String field, JsonNode expected, JsonNode record, Texts.Line line) {
    String text = line.text();
    switch (field) {
      case "id" -> {}
      case "base" -> base(where, expected, text);
      case "ds" -> FastCases.decodes(where, record, tokenizer, report);
      case "dsc", "dk", "dkc" -> {} // with ds, on which they default
      case "pair" ->
          encodings.check(where, expected, tokenizer.encode(text, line.pair(), FastCases.PLAIN));
      default -> numbered(where, field, expected, line);
    }
  }

  private void base(String where, JsonNode expected, String text) {
    var encoding = tokenizer.encode(text, FastCases.PLAIN);
    report.equal(where + " ids", ints(expected.get("ids")), encoding.ids());
    report.equal(where + " sp", ints(expected.get("sp")), encoding.specialTokensMask());
    report.equal(
        where + " tt",
        expected.has("tt") ? ints(expected.get("tt")) : new int[encoding.length()],
        encoding.typeIds());
    var bare = tokenizer.encode(text, FastCases.PLAIN.withAddSpecialTokens(false));
    report.equal(where + " tok", strings(expected.get("tok")), List.of(bare.tokens()));
  }

  /** Fields whose names hold numbers: t16, ov16_4, p32_only_first. */
  private void numbered(String where, String field, JsonNode expected, Texts.Line line) {
    if (field.startsWith("ov")) {
      String[] words = field.substring(2).split("_", -1);
      if (!expected.isNull()) {
        var options =
            FastCases.PLAIN
                .withMaxLength(Integer.parseInt(words[0]))
                .withStride(Integer.parseInt(words[1]));
        var truncated = tokenizer.encodeTruncated(line.text(), options);
        report.equal(where + " ids", ints(expected.get("ids")), truncated.encoding().ids());
        report.equal(where + " over", ints(expected.get("over")), truncated.overflowingIds());
        report.equal(
            where + " ntrunc", expected.get("ntrunc").intValue(), truncated.truncatedCount());
      }
    } else if (field.startsWith("p")) {
      encodings.check(
          where, expected, tokenizer.encode(line.text(), line.pair(), FastCases.pair(field)));
    } else if (field.startsWith("t")) {
      int length = Integer.parseInt(field.substring(1));
      encodings.check(
          where, expected, tokenizer.encode(line.text(), FastCases.PLAIN.withMaxLength(length)));
    } else {
      report.difference(where + ": a field that this runner does not know");
    }
  }
}
