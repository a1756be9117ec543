package io.lanewise.tokenizer;

/**
 * A truncated encoding and what it lost, as Hugging Face's slow tokenizers tell it with {@code
 * return_overflowing_tokens}.
 *
 * @param encoding what is left, specials included
 * @param overflowingIds the ids cut off and, beside them, {@code stride} of those that stayed, in
 *     the order of the text; empty where a pair lost from both texts
 * @param truncatedCount how many tokens were too many; 0 or less if nothing was cut off
 */
public record TruncatedEncoding(Encoding encoding, int[] overflowingIds, int truncatedCount) {
  @Override
  public boolean equals(Object other) {
    return other instanceof TruncatedEncoding that
        && encoding.equals(that.encoding)
        && java.util.Arrays.equals(overflowingIds, that.overflowingIds)
        && truncatedCount == that.truncatedCount;
  }

  @Override
  public int hashCode() {
    return encoding.hashCode();
  }
}
