package io.lanewise.cases;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanewise.tokenizer.sentencepiece.SentencePiece;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** Runs a file of tokenizer cases. */
public final class CaseRunner {
  private static final String LINES = ".jsonl.gz";

  private final Path cases;
  private final Vocabularies vocabularies;
  private final Texts texts;

  /**
   * @param cases the folder with the files
   * @param vocabularies the folder with albert/, bert/ and so on
   * @param scratch an empty folder
   */
  public CaseRunner(Path cases, Path vocabularies, Path scratch) {
    this.cases = cases;
    this.vocabularies = new Vocabularies(vocabularies, scratch);
    this.texts = Texts.of(cases);
  }

  /** The files of cases, by their path below the folder. */
  public static List<String> files(Path cases) throws IOException {
    try (var files = Files.walk(cases)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> cases.relativize(file).toString().replace('\\', '/'))
          .filter(name -> !name.equals("text.jsonl"))
          .sorted()
          .toList();
    }
  }

  /** Runs one of {@link #files}. */
  public CaseReport run(String name) {
    var report = new CaseReport(name);
    report.record(name, () -> run(name, report));
    return report;
  }

  private void run(String name, CaseReport report) {
    Path file = cases.resolve(name);
    var others = new OtherCases(vocabularies, texts, report);
    if (name.startsWith("codepoints/")) {
      new CodePointCases(vocabularies, report).check(file);
    } else if (name.equals("api.json")) {
      var api = new ApiCases(vocabularies, report);
      Texts.json(file).properties().forEach(e -> api.check(e.getKey(), e.getValue()));
    } else if (name.equals("albert_sampling.json")) {
      var model = sentencePiece("spiece.model");
      Texts.json(file).forEach(record -> new SentencePieceCases(model, report).sampling(record));
    } else if (name.equals("albert-v5" + LINES)) {
      var tokenizer = vocabularies.get("albert-fast");
      each(file, report, record -> others.version5(tokenizer, record));
    } else if (name.startsWith("spm")) {
      String model =
          switch (name.substring(0, name.indexOf('.'))) {
            case "spm_small" -> "test_sentencepiece.model";
            case "spm_bytes" -> "bytes_sentencepiece.model";
            default -> "spiece.model";
          };
      var pieces = new SentencePieceCases(sentencePiece(model), report);
      each(file, report, record -> pieces.check(record, texts.get(record)));
    } else if (name.startsWith("variants")) {
      each(file, report, others::variants);
    } else if (name.endsWith(".batch" + LINES)) {
      var tokenizer = vocabularies.get(stem(name, ".batch"));
      each(file, report, record -> others.batch(tokenizer, record));
    } else if (name.endsWith(".pretok" + LINES)) {
      var tokenizer = vocabularies.get(stem(name, ".pretok"));
      each(file, report, record -> others.words(tokenizer, record));
    } else if (name.endsWith("-slow" + LINES)) {
      var slow = new SlowCases(vocabularies.get(stem(name, "")), report);
      each(file, report, record -> slow.check(record, texts.get(record)));
    } else if (name.endsWith("-fast" + LINES)) {
      var fast = new FastCases(vocabularies.get(stem(name, "")), report);
      each(file, report, record -> fast.check(record, texts.get(record)));
    } else {
      report.difference("a file that this runner does not know");
    }
  }

  private static String stem(String name, String kind) {
    return name.substring(0, name.length() - kind.length() - LINES.length());
  }

  private SentencePiece sentencePiece(String name) {
    return SentencePiece.load(vocabularies.file("albert").resolve(name));
  }

  private static void each(Path file, CaseReport report, Consumer<JsonNode> check) {
    Texts.forEachLine(
        file,
        record -> {
          var id = record.has("id") ? record.get("id") : record.path("batch");
          report.record(id.toString(), () -> check.accept(record));
        });
  }
}
