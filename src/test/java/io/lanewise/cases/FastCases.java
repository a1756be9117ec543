package io.lanewise.cases;

import static io.lanewise.cases.CaseReport.ints;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanewise.tokenizer.EncodeOptions;
import io.lanewise.tokenizer.EncodeOptions.OffsetUnit;
import io.lanewise.tokenizer.EncodeOptions.Side;
import io.lanewise.tokenizer.EncodeOptions.Truncation;
import io.lanewise.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.Locale;

/** The records of {@code <tokenizer>-fast.jsonl.gz}. */
final class FastCases {
  static final EncodeOptions PLAIN = EncodeOptions.DEFAULT.withOffsets(OffsetUnit.CODE_POINTS);

  private final Tokenizer tokenizer;
  private final CaseReport report;
  private final EncodingCheck encodings;

  FastCases(Tokenizer tokenizer, CaseReport report) {
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
      case "base" -> encodings.check(where, expected, tokenizer.encode(text, PLAIN));
      case "nosp" -> withoutSpecials(where, expected, record.get("base"), text);
      case "ds" -> decodes(where, record, tokenizer, report);
      case "dsc", "dk", "dkc" -> {} // with ds, on which they default
      case "t16left" ->
          encodings.check(
              where,
              expected,
              tokenizer.encode(text, PLAIN.withMaxLength(16).withTruncationSide(Side.LEFT)));
      case "pad64" ->
          encodings.check(
              where, expected, tokenizer.encode(text, PLAIN.withMaxLength(64).withPadTo(64)));
      case "pad64left" ->
          encodings.check(
              where,
              expected,
              tokenizer.encode(
                  text, PLAIN.withMaxLength(64).withPadTo(64).withPaddingSide(Side.LEFT)));
      case "pair" -> encodings.check(where, expected, tokenizer.encode(text, line.pair(), PLAIN));
      case "pair_nosp" ->
          encodings.check(
              where,
              expected,
              tokenizer.encode(text, line.pair(), PLAIN.withAddSpecialTokens(false)));
      default -> numbered(where, field, expected, line);
    }
  }

  /** Fields whose names hold numbers: t16, p32_only_first, ov24_8, pov_second_32_8. */
  private void numbered(String where, String field, JsonNode expected, Texts.Line line) {
    if (field.startsWith("pov_")) {
      String[] words = field.split("_", -1);
      var strategy = words[1].equals("second") ? Truncation.ONLY_SECOND : Truncation.LONGEST_FIRST;
      var options =
          PLAIN
              .withPadding(false)
              .withMaxLength(Integer.parseInt(words[2]))
              .withStride(Integer.parseInt(words[3]))
              .withTruncation(strategy);
      encodings.checkAllOrError(
          where, expected, () -> tokenizer.encodeWindows(line.text(), line.pair(), options));
    } else if (field.startsWith("ov")) {
      String[] words = field.substring(2).split("_", -1);
      var options =
          PLAIN
              .withPadding(false)
              .withMaxLength(Integer.parseInt(words[0]))
              .withStride(Integer.parseInt(words[1]));
      encodings.checkAllOrError(
          where, expected, () -> tokenizer.encodeWindows(line.text(), options));
    } else if (field.startsWith("p")) {
      encodings.checkOrError(
          where, expected, () -> tokenizer.encode(line.text(), line.pair(), pair(field)));
    } else if (field.startsWith("t")) {
      int length = Integer.parseInt(field.substring(1));
      encodings.check(where, expected, tokenizer.encode(line.text(), PLAIN.withMaxLength(length)));
    } else {
      report.difference(where + ": a field that this runner does not know");
    }
  }

  /** The options that {@code p16_longest_first} names. */
  static EncodeOptions pair(String field) {
    int end = field.indexOf('_');
    return PLAIN
        .withMaxLength(Integer.parseInt(field.substring(1, end)))
        .withTruncation(Truncation.valueOf(field.substring(end + 1).toUpperCase(Locale.ROOT)));
  }

  private void withoutSpecials(String where, JsonNode expected, JsonNode base, String text) {
    int[] ids = tokenizer.encode(text, PLAIN.withAddSpecialTokens(false)).ids();
    report.equal(where + " length", expected.intValue(), ids.length);
    int[] all = ints(base.get("ids"));
    int[] specials = ints(base.get("sp"));
    var rest = new int[all.length];
    int count = 0;
    for (int i = 0; i < all.length; i++) {
      if (specials[i] == 0) {
        rest[count++] = all[i];
      }
    }
    report.equal(where + " ids", Arrays.copyOf(rest, count), ids);
  }

  /** The four decodings of a record; three of them are left out where they equal the first. */
  static void decodes(String where, JsonNode record, Tokenizer tokenizer, CaseReport report) {
    int[] ids = ints(record.get("base").get("ids"));
    String plain = record.get("ds").textValue();
    for (String field : new String[] {"ds", "dsc", "dk", "dkc"}) {
      String expected = record.has(field) ? record.get(field).textValue() : plain;
      String actual = tokenizer.decode(ids, field.charAt(1) == 's', field.endsWith("c"));
      report.equal(where + " as " + field, expected, actual);
    }
  }
}
