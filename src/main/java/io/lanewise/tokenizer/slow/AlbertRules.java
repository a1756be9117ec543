package io.lanewise.tokenizer.slow;

import io.lanewise.tokenizer.files.JsonPart;
import io.lanewise.tokenizer.normalize.AlignedText;
import io.lanewise.tokenizer.normalize.CodePoints;
import io.lanewise.tokenizer.normalize.Decomposition;
import io.lanewise.tokenizer.normalize.Normalizer;
import java.text.Normalizer.Form;
import java.util.Locale;

/**
 * The preprocessing of the slow {@code AlbertTokenizer}: {@code preprocess_text} in Hugging Face's
 * tokenization_albert.py.
 *
 * @param lowerCase {@code do_lower_case}
 * @param removeSpace {@code remove_space}: trims and collapses white space
 * @param keepAccents {@code keep_accents}
 * @param tables the JDK's decompositions, NFKD
 */
public record AlbertRules(
    boolean lowerCase, boolean removeSpace, boolean keepAccents, Decomposition tables) {
  private static final Normalizer.Replace BACKTICKS = new Normalizer.Replace("``", "\"");
  private static final Normalizer.Replace APOSTROPHES = new Normalizer.Replace("''", "\"");

  AlbertRules(boolean lowerCase, boolean removeSpace, boolean keepAccents) {
    this(lowerCase, removeSpace, keepAccents, new Decomposition(Form.NFKD, false));
  }

  /** The rules in tokenizer_config.json. */
  public static AlbertRules of(JsonPart config) {
    return new AlbertRules(
        config.bool("do_lower_case", true),
        config.bool("remove_space", true),
        config.bool("keep_accents", false));
  }

  /** {@code preprocess_text}. */
  AlignedText prepare(AlignedText part) {
    var now = part;
    if (removeSpace) {
      now = collapse(now);
    }
    now = apply(BACKTICKS, now);
    now = apply(APOSTROPHES, now);
    if (!keepAccents) {
      var decomposed = new AlignedText(now.length + 16);
      tables.apply(now, decomposed);
      now = dropMarks(decomposed);
    }
    return lowerCase ? lowerAll(now) : now;
  }

  private static AlignedText apply(Normalizer normalizer, AlignedText source) {
    var target = new AlignedText(source.length);
    normalizer.apply(source, target);
    return target;
  }

  /** Python's {@code " ".join(text.split())}. */
  private static AlignedText collapse(AlignedText source) {
    var target = new AlignedText(source.length);
    int i = 0;
    while (i < source.length) {
      int spaces = i;
      while (i < source.length && CodePoints.isPythonSpace(source.chars[i])) {
        i++;
      }
      if (i > spaces && i < source.length && target.length > 0) {
        target.append(' ', source.starts[spaces], source.ends[i - 1]);
      }
      while (i < source.length && !CodePoints.isPythonSpace(source.chars[i])) {
        target.append(source, i, i + 1);
        i++;
      }
    }
    return target;
  }

  private AlignedText dropMarks(AlignedText source) {
    var target = new AlignedText(source.length);
    for (int i = 0; i < source.length; ) {
      int c = source.codePointAt(i);
      int next = i + Character.charCount(c);
      if (tables.classOf(c) == 0) {
        target.append(source, i, next);
      }
      i = next;
    }
    return target;
  }

  /** Lower case of each character separately. */
  static void lowerEach(AlignedText source, AlignedText target) {
    for (int i = 0; i < source.length; ) {
      int c = source.codePointAt(i);
      if (c == 0x130) {
        target.append('i', source.starts[i], source.ends[i]);
        target.append('\u0307', source.starts[i], source.ends[i]);
      } else {
        target.appendCodePoint(Character.toLowerCase(c), source.starts[i], source.ends[i]);
      }
      i += Character.charCount(c);
    }
  }

  /** Lower case of the whole text, where a sigma at the end of a word becomes a final sigma. */
  private static AlignedText lowerAll(AlignedText source) {
    var target = new AlignedText(source.length);
    lowerEach(source, target);
    for (int i = 0; i < source.length; i++) {
      if (source.chars[i] == 'Σ') {
        // Only sigmas differ from the lower case of each character; the length is the same.
        source.toString().toLowerCase(Locale.ROOT).getChars(0, target.length, target.chars, 0);
        break;
      }
    }
    return target;
  }

  /**
   * Python's {@code str.isdigit}: decimal digits, and other digits such as superscripts and digits
   * in circles.
   */
  public static boolean isDigit(int c) {
    if (c < 0x80) {
      return c >= '0' && c <= '9';
    }
    return Character.isDigit(c) || OTHER_DIGITS.contains(c);
  }

  private static final CodePoints OTHER_DIGITS =
      CodePoints.of(
          "b2-b3 b9 1369-1371 19da 2070 2074-2079 2080-2089 2460-2468 2474-247c 2488-2490 24ea"
              + " 24f5-24fd 24ff 2776-277e 2780-2788 278a-2792 10a40-10a43 10e60-10e68 11052-1105a"
              + " 1f100-1f10a");
}
