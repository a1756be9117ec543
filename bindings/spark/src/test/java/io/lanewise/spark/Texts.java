package io.lanewise.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Texts of many lengths, the same in every run. */
final class Texts {
  private static final String[] WORDS =
      ("the a cat sits on mat of house in Paris is capital France film joy worst year and it was"
              + " very good bad mountain 3,403 metres high, Rome!")
          .split(" ");

  private Texts() {}

  /** So many, of 1 to {@code longest} words. */
  static List<String> some(int count, int longest) {
    var random = new Random(21);
    var texts = new ArrayList<String>(count);
    for (int i = 0; i < count; i++) {
      var words = new ArrayList<String>();
      for (int left = 1 + random.nextInt(longest); left > 0; left--) {
        words.add(WORDS[random.nextInt(WORDS.length)]);
      }
      texts.add(String.join(" ", words));
    }
    return texts;
  }
}
