package io.lanewise.tokenizer;

/**
 * A truncated encoding and the removed tokens, as Hugging Face's slow tokenizers return them with
 * {@code return_overflowing_tokens} ({@code PreTrainedTokenizerBase.prepare_for_model} in
 * tokenization_utils_base.py).
 *
 * @param encoding the remaining tokens, special tokens included
 * @param overflowingIds the removed ids and {@code stride} of the remaining ids beside them, in the
 *     order of the text; empty if both texts of a pair were shortened
 * @param truncatedCount number of tokens beyond the maximum; 0 or less if nothing was removed
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
