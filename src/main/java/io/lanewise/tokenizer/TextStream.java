package io.lanewise.tokenizer;

import io.lanewise.tokenizer.decode.CleanUpStream;
import java.util.Arrays;

/**
 * Decodes ids one after another while they are generated. A character of several tokens is returned
 * when it is complete. Not thread-safe.
 *
 * <pre>{@code
 * var tokenizer = Tokenizer.load(folder);
 * var stream = tokenizer.stream(true);
 * for (int id : tokenizer.encode("naïve café").ids()) {
 *   System.out.print(stream.add(id));
 * }
 * System.out.println(stream.finish());
 * }</pre>
 *
 * <p>The parts together are {@link Tokenizer#decode(int[], boolean, boolean)}, wherever decoding
 * more ids only adds to the text. With clean-up a part waits until no rule can change it any more.
 */
public final class TextStream {
  private static final char INCOMPLETE = '\uFFFD';

  private final Tokenizer tokenizer;
  private final boolean skipSpecialTokens;
  private final CleanUpStream cleanUp; // null for none

  /**
   * The ids that are decoded together with the next one: those of the last part, then those held
   * back.
   */
  private int[] ids = new int[16];

  private int count;

  /** Number of ids whose text has been returned. */
  private int done;

  /** The text of those ids. */
  private String context = "";

  TextStream(Tokenizer tokenizer, boolean skipSpecialTokens, boolean cleanUpSpaces) {
    this.tokenizer = tokenizer;
    this.skipSpecialTokens = skipSpecialTokens;
    this.cleanUp = cleanUpSpaces ? new CleanUpStream() : null;
  }

  /**
   * The text that an id completes; empty while a character is incomplete.
   *
   * @throws io.lanewise.TokenizerException if the id is not in the vocabulary
   */
  public String add(int id) {
    String part = completed(id);
    return cleanUp == null ? part : cleanUp.add(part);
  }

  private String completed(int id) {
    tokenizer.token(id);
    if (count == ids.length) {
      ids = Arrays.copyOf(ids, count * 2);
    }
    ids[count++] = id;
    String text = decode(0, count);
    boolean whole = text.isEmpty() || text.charAt(text.length() - 1) != INCOMPLETE;
    if (text.length() <= context.length() || !whole || !text.startsWith(context)) {
      return "";
    }
    String part = text.substring(context.length());
    System.arraycopy(ids, done, ids, 0, count - done);
    count -= done;
    done = count;
    context = decode(0, count);
    return part;
  }

  /**
   * The text that was held back, incomplete characters as U+FFFD. The stream starts again
   * afterwards.
   */
  public String finish() {
    String text = decode(0, count);
    String part = text.startsWith(context) ? text.substring(context.length()) : text;
    count = 0;
    done = 0;
    context = "";
    return cleanUp == null ? part : cleanUp.add(part) + cleanUp.finish();
  }

  private String decode(int from, int to) {
    return tokenizer.decode(Arrays.copyOfRange(ids, from, to), skipSpecialTokens, false);
  }
}
