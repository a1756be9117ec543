package io.lanewise.tokenizer.normalize;

import java.text.Normalizer.Form;

/**
 * {@code BertNormalizer} (normalizers/bert.rs in Hugging Face's tokenizers library): cleans the
 * text, puts spaces around ideographs, removes accents, converts to lower case.
 *
 * <p>The result for a character hardly ever depends on its neighbours. So the four steps run once
 * for each character, and the results are kept in pages of 256, which are filled at the first use.
 * Only marks that are reordered and kept need the separate steps. Safe for threads, as {@link
 * Decomposition} is.
 */
public final class BertNormalizer implements Normalizer {
  /** In a page's singles: no character, or several. */
  private static final int OTHER = -1;

  private static final int[] NOTHING = {};

  private final boolean cleanText;
  private final boolean spaceIdeographs;
  private final boolean stripAccents;
  private final boolean lowerCase;
  private final Decomposition tables = new Decomposition(Form.NFD, true);
  private final Page[] pages = new Page[(Character.MAX_CODE_POINT + 1) >> 8];

  /**
   * @param singles the result for each character; {@link #OTHER} for none or several characters
   * @param many the characters for those; null if the separate steps are needed
   */
  private record Page(int[] singles, int[][] many) {}

  /**
   * @param cleanText {@code clean_text}
   * @param spaceIdeographs {@code handle_chinese_chars}
   * @param stripAccents {@code strip_accents}; if that is null, the value of lowerCase
   * @param lowerCase the file's setting of that name
   */
  public BertNormalizer(
      boolean cleanText, boolean spaceIdeographs, boolean stripAccents, boolean lowerCase) {
    this.cleanText = cleanText;
    this.spaceIdeographs = spaceIdeographs;
    this.stripAccents = stripAccents;
    this.lowerCase = lowerCase;
  }

  private Page page(int c) {
    Page page = pages[c >> 8];
    if (page == null) {
      page = fill(c & ~0xFF);
      pages[c >> 8] = page;
    }
    return page;
  }

  private Page fill(int first) {
    var singles = new int[256];
    var many = new int[256][];
    var one = new AlignedText(2);
    var cleaned = new AlignedText(8);
    var result = new AlignedText(16);
    for (int i = 0; i < 256; i++) {
      one.clear();
      cleaned.clear();
      result.clear();
      one.appendCodePoint(first + i, 0, 1);
      clean(one, cleaned);
      finish(cleaned, result);
      int[] image = result.toString().codePoints().toArray();
      if (stripAccents && keepsMark(image)) {
        singles[i] = OTHER;
      } else if (image.length == 1) {
        singles[i] = image[0];
      } else {
        singles[i] = OTHER;
        many[i] = image.length == 0 ? NOTHING : image;
      }
    }
    return new Page(singles, many);
  }

  private boolean keepsMark(int[] image) {
    for (int c : image) {
      if (tables.classOf(c) != 0) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void apply(AlignedText source, AlignedText target) {
    int before = target.length;
    target.reserve(source.length);
    int length = source.length;
    for (int i = 0; i < length; ) {
      int c = source.codePointAt(i);
      int start = source.starts[i];
      int end = source.ends[i];
      i += Character.charCount(c);
      var page = page(c);
      int single = page.singles[c & 0xFF];
      if (single >= 0) {
        target.appendCodePoint(single, start, end);
        continue;
      }
      int[] many = page.many[c & 0xFF];
      if (many == null) {
        target.length = before;
        applySteps(source, target);
        return;
      }
      for (int image : many) {
        target.appendCodePoint(image, start, end);
      }
    }
  }

  private void applySteps(AlignedText source, AlignedText target) {
    var cleaned = new AlignedText(source.length + 16);
    clean(source, cleaned);
    finish(cleaned, target);
  }

  private void clean(AlignedText source, AlignedText target) {
    for (int i = 0; i < source.length; ) {
      int c = source.codePointAt(i);
      int start = source.starts[i];
      int end = source.ends[i];
      i += Character.charCount(c);
      if (cleanText && isRemoved(c)) {
        continue;
      }
      int cleaned = cleanText && CodePoints.isWhiteSpace(c) ? ' ' : c;
      boolean spaced = spaceIdeographs && CrateTables.isIdeograph(cleaned);
      if (spaced) {
        target.append(' ', start, end);
      }
      target.appendCodePoint(cleaned, start, end);
      if (spaced) {
        target.append(' ', start, end);
      }
    }
  }

  private static boolean isRemoved(int c) {
    return c == 0
        || c == 0xFFFD
        || (CrateTables.isControl(c) && c != '\t' && c != '\n' && c != '\r');
  }

  private void finish(AlignedText cleaned, AlignedText target) {
    var now = cleaned;
    if (stripAccents) {
      var decomposed = new AlignedText(now.length + 16);
      tables.apply(now, decomposed);
      now = dropMarks(decomposed);
    }
    if (lowerCase) {
      new Lowercase().apply(now, target);
    } else {
      target.append(now, 0, now.length);
    }
  }

  private static AlignedText dropMarks(AlignedText source) {
    var target = new AlignedText(source.length);
    for (int i = 0; i < source.length; ) {
      int c = source.codePointAt(i);
      int next = i + Character.charCount(c);
      if (!CrateTables.isNonSpacingMark(c)) {
        target.append(source, i, next);
      }
      i = next;
    }
    return target;
  }

  @Override
  public int ascii(int c) {
    int single = page(c).singles[c];
    return single >= 0 && single < 128 ? single : DEPENDS;
  }
}
