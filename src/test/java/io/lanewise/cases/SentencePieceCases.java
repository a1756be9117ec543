package io.lanewise.cases;

import static io.lanewise.cases.CaseReport.ints;
import static io.lanewise.cases.CaseReport.strings;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanewise.tokenizer.TokenizerOptions.Sampling;
import io.lanewise.tokenizer.sentencepiece.SentencePiece;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;

/** The records of spm.jsonl.gz, spm_small.jsonl.gz and albert_sampling.json. */
final class SentencePieceCases {
  private static final int DRAWS = 20_000;

  /** How far a frequency may be from its probability, in standard deviations. */
  private static final double DEVIATIONS = 4.5;

  /** Numbers in the records have five decimals; sums of floats have seven digits. */
  private static final double WRITTEN = 1.0e-5;

  private final SentencePiece model;
  private final CaseReport report;

  SentencePieceCases(SentencePiece model, CaseReport report) {
    this.model = model;
    this.report = report;
  }

  void check(JsonNode record, Texts.Line line) {
    String where = record.get("id").textValue();
    String text = line.text();
    var pieces = model.encode(text);
    report.equal(where + " ids", ints(record.get("ids")), ids(pieces));
    report.equal(
        where + " pieces",
        strings(record.get("pieces")),
        pieces.stream().map(SentencePiece.Piece::text).toList());
    if (record.has("norm")) {
      report.equal(where + " norm", record.get("norm").textValue(), model.normalize(text));
    }
    if (record.has("decode")) {
      var all = pieces.stream().map(SentencePiece.Piece::id).toList();
      report.equal(where + " decode", record.get("decode").textValue(), model.decode(all));
    }
    if (record.has("bytes")) {
      report.equal(where + " bytes", ints(record.get("bytes")), bytes(text, pieces));
    }
    if (record.has("nbest")) {
      best(where + " nbest", record.get("nbest"), text);
    }
    if (record.has("entropy")) {
      for (var entry : record.get("entropy").properties()) {
        double alpha = Double.parseDouble(entry.getKey());
        report.near(
            where + " entropy " + alpha,
            entry.getValue().doubleValue(),
            model.entropy(text, alpha),
            WRITTEN);
      }
    }
  }

  private void best(String where, JsonNode expected, String text) {
    var best = model.nBest(text, 5);
    report.equal(where + " count", expected.size(), best.size());
    for (int i = 0; i < Math.min(expected.size(), best.size()); i++) {
      var segmentation = best.get(i);
      report.equal(where + i, ints(expected.get(i).get(0)), ids(segmentation.pieces()));
      double score = expected.get(i).get(1).doubleValue();
      report.near(where + i + " score", score, segmentation.score(), WRITTEN);
    }
  }

  /** Where the pieces stand in the text's UTF-8. */
  private static int[] bytes(String text, List<SentencePiece.Piece> pieces) {
    var before = new int[text.length() + 1];
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int size = c < 0x80 ? 1 : c < 0x800 ? 2 : Character.isSurrogate(c) ? 2 : 3;
      before[i + 1] = before[i] + size;
    }
    var bytes = new int[pieces.size() * 2];
    for (int i = 0; i < pieces.size(); i++) {
      bytes[2 * i] = before[pieces.get(i).start()];
      bytes[2 * i + 1] = before[pieces.get(i).end()];
    }
    return bytes;
  }

  private static int[] ids(List<SentencePiece.Piece> pieces) {
    return pieces.stream().mapToInt(SentencePiece.Piece::id).toArray();
  }

  /** A text of albert_sampling.json: its best segmentations, and how often each is drawn. */
  void sampling(JsonNode record) {
    String text = record.get("text").textValue();
    var top = record.get("top");
    int all = record.get("n_segmentations_enumerated").intValue();
    var best = model.nBest(text, 512);
    if (record.get("complete").booleanValue() && all <= 512) {
      report.equal(text + " number of segmentations", all, best.size());
    }
    for (int i = 0; i < Math.min(top.size(), best.size()); i++) {
      report.equal(text + " top" + i, ints(top.get(i).get("ids")), ids(best.get(i).pieces()));
      report.near(
          text + " score" + i, top.get(i).get("score").doubleValue(), best.get(i).score(), WRITTEN);
    }
    for (var entry : record.get("lattice").properties()) {
      double alpha = Double.parseDouble(entry.getKey());
      draw(text, top, entry.getValue().get("p_theory"), -1, alpha);
      report.near(
          text + " entropy " + alpha,
          entry.getValue().get("entropy_api").doubleValue(),
          model.entropy(text, alpha),
          WRITTEN);
    }
    for (var entry : record.get("nbest").properties()) {
      draw(
          text,
          top,
          entry.getValue().get("p_theory"),
          entry.getValue().get("nbest_size").intValue(),
          Double.parseDouble(entry.getKey()));
    }
  }

  private void draw(String text, JsonNode top, JsonNode expected, int nbestSize, double alpha) {
    var counts = new HashMap<String, Integer>();
    for (int seed = 0; seed < DRAWS; seed++) {
      var pieces = model.sample(text, new Sampling(nbestSize, alpha, seed));
      counts.merge(Arrays.toString(ids(pieces)), 1, Integer::sum);
    }
    for (int i = 0; i < expected.size(); i++) {
      double p = expected.get(i).doubleValue();
      String ids = Arrays.toString(ints(top.get(i).get("ids")));
      report.near(
          text + " drawn with nbest_size " + nbestSize + ", alpha " + alpha + ": " + ids,
          p,
          counts.getOrDefault(ids, 0) / (double) DRAWS,
          DEVIATIONS * Math.sqrt(Math.max(p * (1 - p), 1.0 / DRAWS) / DRAWS));
    }
  }
}
