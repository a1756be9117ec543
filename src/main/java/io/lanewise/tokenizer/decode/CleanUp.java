package io.lanewise.tokenizer.decode;

/**
 * {@code PreTrainedTokenizerBase.clean_up_tokenization} of Hugging Face's
 * tokenization_utils_base.py.
 */
public final class CleanUp {
  private static final String[][] RULES = {
    {" .", "."},
    {" ?", "?"},
    {" !", "!"},
    {" ,", ","},
    {" ' ", "'"},
    {" n't", "n't"},
    {" 'm", "'m"},
    {" 's", "'s"},
    {" 've", "'ve"},
    {" 're", "'re"}
  };

  private CleanUp() {}

  /** The text without the spaces before punctuation and in contractions. */
  public static String apply(String text) {
    String cleaned = text;
    for (String[] rule : RULES) {
      cleaned = cleaned.replace(rule[0], rule[1]);
    }
    return cleaned;
  }
}
