package io.lanewise.cases;

import static io.lanewise.cases.CaseReport.ints;
import static io.lanewise.cases.CaseReport.strings;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanewise.tokenizer.EncodeOptions.Side;
import io.lanewise.tokenizer.Encoding;
import io.lanewise.tokenizer.Tokenizer;
import java.util.List;
import java.util.Locale;

/** The records of batches, of texts split into words, and of variants. */
record OtherCases(Vocabularies vocabularies, Texts texts, CaseReport report) {

  /** A line of {@code <tokenizer>-fast.batch.jsonl.gz}. */
  void batch(Tokenizer tokenizer, JsonNode record) {
    var ids = strings(record.get("batch"));
    var lines = ids.stream().map(id -> texts.byId().get(id).text()).toList();
    var options =
        FastCases.PLAIN
            .withPaddingSide(Side.valueOf(record.get("side").textValue().toUpperCase(Locale.ROOT)))
            .withPadToMultipleOf(record.path("pad_to_multiple_of").asInt(0));
    List<Encoding> batch =
        record.get("pair").booleanValue()
            ? tokenizer.encodeAll(lines, strings(record.get("text_pair")), options)
            : tokenizer.encodeAll(lines, options);
    for (int i = 0; i < batch.size(); i++) {
      String where = ids + "[" + i + "]";
      var encoding = batch.get(i);
      report.equal(where + " ids", ints(record.get("ids").get(i)), encoding.ids());
      report.equal(where + " am", ints(record.get("am").get(i)), encoding.attentionMask());
      report.equal(where + " sp", ints(record.get("sp").get(i)), encoding.specialTokensMask());
      report.equal(where + " off", ints(record.get("off").get(i)), EncodingCheck.offsets(encoding));
      if (record.has("tt")) {
        report.equal(where + " tt", ints(record.get("tt").get(i)), encoding.typeIds());
      }
    }
  }

  /** A line of {@code <tokenizer>-fast.pretok.jsonl.gz}. */
  void words(Tokenizer tokenizer, JsonNode record) {
    var encoding = tokenizer.encodeWords(strings(record.get("words")), FastCases.PLAIN);
    new EncodingCheck(report).check(record.get("id").textValue(), record.get("enc"), encoding);
  }

  /** A line of variants_fast.jsonl.gz or variants_slow.jsonl.gz. */
  void variants(JsonNode record) {
    String text = texts.get(record).text();
    for (var field : record.properties()) {
      String name = field.getKey();
      if (name.equals("id")) {
        continue;
      }
      String where = record.get("id").textValue() + " " + name;
      report.record(where, () -> variant(where, vocabularies.get(name), field.getValue(), text));
      if (name.equals("albert-fast.v437")) {
        String alone = where + " from spiece.model";
        report.record(
            alone,
            () -> variant(alone, vocabularies.albertFromSentencePiece(), field.getValue(), text));
      }
      if (name.equals("albert-fast.v457")) {
        String alone = where + " from spiece.model";
        report.record(
            alone, () -> variant(alone, vocabularies.albertAsConverted(), field.getValue(), text));
      }
    }
  }

  private void variant(String where, Tokenizer tokenizer, JsonNode expected, String text) {
    var encoding = tokenizer.encode(text, FastCases.PLAIN);
    report.equal(where + " ids", ints(expected.get("ids")), encoding.ids());
    if (expected.has("off")) {
      report.equal(where + " off", ints(expected.get("off")), EncodingCheck.offsets(encoding));
    }
    if (expected.has("tok")) {
      var bare = tokenizer.encode(text, FastCases.PLAIN.withAddSpecialTokens(false));
      report.equal(where + " tok", strings(expected.get("tok")), List.of(bare.tokens()));
    }
  }

  /**
   * A line of albert-v5.jsonl.gz. What transformers 5 makes of ALBERT is no model for this engine:
   * it lower-cases whatever it is told and has no character map. What is asked of these lines is
   * only that they are about the same texts: the template around them, and no id out of range.
   */
  void version5(Tokenizer tokenizer, JsonNode record) {
    String where = record.get("id").textValue();
    for (String field : new String[] {"v5_spiece", "v5_hubdir"}) {
      int[] ids = ints(record.get(field));
      int[] ours = tokenizer.encode(texts.get(record).text(), FastCases.PLAIN).ids();
      report.equal(where + " " + field + " first", ids[0], ours[0]);
      report.equal(where + " " + field + " last", ids[ids.length - 1], ours[ours.length - 1]);
      for (int id : ids) {
        if (id < 0 || id >= tokenizer.size()) {
          report.difference(where + " " + field + ": no id " + id);
        }
      }
    }
  }
}
