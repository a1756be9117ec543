package io.lanewise.cases;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;

/** Runs every file of tokenizer cases of a folder; what {@code tools/tokenizer-cases} starts. */
public final class TokenizerCases {
  private static final String USAGE =
      "usage: tools/tokenizer-cases CASES_DIR --vocab VOCAB_DIR [FILE...]";

  private TokenizerCases() {}

  public static void main(String[] arguments) throws IOException {
    System.exit(run(arguments));
  }

  private static int run(String[] arguments) throws IOException {
    Path cases = null;
    Path vocabularies = null;
    var chosen = new ArrayList<String>();
    for (int i = 0; i < arguments.length; i++) {
      if (arguments[i].equals("--vocab") && i + 1 < arguments.length) {
        vocabularies = Path.of(arguments[++i]);
      } else if (cases == null) {
        cases = Path.of(arguments[i]);
      } else {
        chosen.add(arguments[i]);
      }
    }
    if (cases == null
        || vocabularies == null
        || !Files.isRegularFile(cases.resolve("text.jsonl"))
        || !Files.isDirectory(vocabularies)) {
      System.err.println(USAGE);
      return 2;
    }
    Path scratch = Files.createTempDirectory("tokenizer-cases");
    try {
      var runner = new CaseRunner(cases, vocabularies, scratch);
      long comparisons = 0;
      long differences = 0;
      for (String name : CaseRunner.files(cases)) {
        if (!chosen.isEmpty() && chosen.stream().noneMatch(name::startsWith)) {
          continue;
        }
        var report = runner.run(name);
        System.out.println(report.line());
        report.first().forEach(difference -> System.out.println("    " + difference));
        comparisons += report.comparisons();
        differences += report.differences();
      }
      System.out.println(comparisons + " comparisons, " + differences + " differences");
      return differences == 0 && comparisons > 0 ? 0 : 1;
    } finally {
      delete(scratch);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
