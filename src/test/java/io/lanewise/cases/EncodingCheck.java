package io.lanewise.cases;

import static io.lanewise.cases.CaseReport.ints;
import static io.lanewise.cases.CaseReport.strings;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanewise.TokenizerException;
import io.lanewise.tokenizer.Encoding;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/** Compares encodings with their records, field by field. */
record EncodingCheck(CaseReport report) {

  /** All that the record names; type ids and attention are of one value where it is silent. */
  void check(String where, JsonNode expected, Encoding actual) {
    report.equal(where + " ids", ints(expected.get("ids")), actual.ids());
    int length = actual.length();
    report.equal(
        where + " tt",
        expected.has("tt") ? ints(expected.get("tt")) : new int[length],
        actual.typeIds());
    report.equal(
        where + " am",
        expected.has("am") ? ints(expected.get("am")) : ones(length),
        actual.attentionMask());
    if (expected.has("off")) {
      report.equal(where + " off", ints(expected.get("off")), offsets(actual));
    }
    if (expected.has("tok")) {
      report.equal(where + " tok", strings(expected.get("tok")), List.of(actual.tokens()));
    }
    if (expected.has("w")) {
      report.equal(where + " w", ints(expected.get("w")), actual.wordIds());
    }
    if (expected.has("sp")) {
      int[] specials = ints(expected.get("sp"));
      report.equal(where + " sp", specials, actual.specialTokensMask());
      if (!expected.has("seq") && expected.has("w")) {
        int[] single = Arrays.stream(specials).map(special -> -special).toArray();
        report.equal(where + " seq", single, actual.sequenceIds());
      }
    }
    if (expected.has("seq")) {
      report.equal(where + " seq", ints(expected.get("seq")), actual.sequenceIds());
    }
  }

  /** One encoding, or the refusal that the record holds. */
  void checkOrError(String where, JsonNode expected, Supplier<Encoding> actual) {
    if (expected.has("error")) {
      refused(where, expected, actual);
    } else {
      check(where, expected, actual.get());
    }
  }

  /** A list of windows, or the refusal that the record holds. */
  void checkAllOrError(String where, JsonNode expected, Supplier<List<Encoding>> actual) {
    if (expected.isNull()) {
      return; // too long for the reference
    }
    if (expected.has("error")) {
      refused(where, expected, actual);
      return;
    }
    var windows = actual.get();
    report.equal(where + " number of windows", expected.size(), windows.size());
    for (int i = 0; i < Math.min(expected.size(), windows.size()); i++) {
      check(where + "[" + i + "]", expected.get(i), windows.get(i));
    }
  }

  private void refused(String where, JsonNode expected, Supplier<?> actual) {
    String outcome;
    try {
      outcome = String.valueOf(actual.get());
    } catch (TokenizerException e) {
      outcome = "refused";
    }
    report.equal(where + " " + expected.get("error").textValue(), "refused", outcome);
  }

  static int[] offsets(Encoding encoding) {
    var offsets = new int[encoding.length() * 2];
    for (int i = 0; i < encoding.length(); i++) {
      offsets[2 * i] = encoding.starts()[i];
      offsets[2 * i + 1] = encoding.ends()[i];
    }
    return offsets;
  }

  private static int[] ones(int length) {
    var values = new int[length];
    Arrays.fill(values, 1);
    return values;
  }
}
