package io.lanewise.bench;

import io.lanewise.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Random;

/**
 * Writes texts whose lengths are like those that people have: log-normal with median {@value
 * #MEDIAN} tokens, at most {@value #LONGEST}, special tokens counted. The words are those of {@link
 * JdkText}, each used once.
 */
public final class MixedCorpus {
  private static final int MEDIAN = 40;
  private static final double SPREAD = 0.8;
  private static final int SHORTEST = 4;
  private static final int LONGEST = 512;

  private final Tokenizer tokenizer;
  private final String[] words;
  private int next;

  private MixedCorpus(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
    this.words = String.join(" ", JdkText.english()).split(" ", -1);
  }

  /** {@code MixedCorpus FOLDER_WITH_TOKENIZER TEXTS OUT}: a text a line. */
  public static void main(String[] arguments) throws IOException {
    var corpus = new MixedCorpus(Tokenizer.load(Path.of(arguments[0])));
    var random = new Random(7);
    var texts = new ArrayList<String>();
    for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
      double length = MEDIAN * Math.exp(SPREAD * random.nextGaussian());
      texts.add(corpus.text(Math.clamp(Math.round(length), SHORTEST, LONGEST)));
    }
    Files.write(Path.of(arguments[2]), texts);
  }

  /** The next words, as many as {@code tokens} hold, but at least one. */
  private String text(int tokens) {
    var text = new StringBuilder(words[next++]);
    while (tokenizer.encode(text + " " + words[next]).length() <= tokens) {
      text.append(' ').append(words[next++]);
    }
    return text.toString();
  }
}
