package io.lanewise.bench;

import io.lanewise.model.Options;
import io.lanewise.task.Embedder;
import io.lanewise.tokenizer.EncodeOptions;
import io.lanewise.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Texts to vectors by Lanewise, asked by the line: {@code TextsWorker FOLDER TEXTS THREADS}. After
 * {@code ready} each line {@code FROM COUNT ORDER} is answered with the milliseconds that so many
 * texts took from text to vectors, their tokens, and a hash of their ids. The order is for engines
 * that pad: here it makes no difference.
 */
public final class TextsWorker {
  private TextsWorker() {}

  /** Answers until an empty line. */
  public static void main(String[] arguments) throws IOException {
    var folder = Path.of(arguments[0]);
    var texts = Files.readAllLines(Path.of(arguments[1]));
    var options = Options.DEFAULT.withThreads(Integer.parseInt(arguments[2]));
    var tokenizer = Tokenizer.load(folder);
    try (var embedder = Embedder.load(folder, options)) {
      System.out.println("ready");
      for (String line; (line = IO.readln()) != null && !line.isBlank(); ) {
        String[] words = line.split(" ", -1);
        int from = Integer.parseInt(words[0]);
        var asked = texts.subList(from, from + Integer.parseInt(words[1]));
        long start = System.nanoTime();
        int vectors = embedder.predictAll(asked).size();
        double millis = (System.nanoTime() - start) / 1e6;
        if (vectors != asked.size()) {
          throw new IllegalStateException(vectors + " vectors of " + asked.size() + " texts");
        }
        System.out.println(millis + " " + tokens(tokenizer, asked));
      }
    }
  }

  /** How many tokens the texts have, and a hash of them. */
  private static String tokens(Tokenizer tokenizer, List<String> texts) {
    long tokens = 0;
    long hash = 0;
    for (String text : texts) {
      int[] ids = tokenizer.encode(text, EncodeOptions.DEFAULT.withMaxLength(512)).ids();
      tokens += ids.length;
      for (int id : ids) {
        hash = hash * 1_000_003 + id + 1;
      }
    }
    return tokens + " " + hash;
  }
}
