package io.lanewise.task.text;

import io.lanewise.model.Output;
import io.lanewise.tokenizer.EncodeOptions;
import io.lanewise.tokenizer.Encoding;
import java.util.List;
import java.util.Optional;

/**
 * Runs the forward passes of somebody else's calls of tasks, together with those of others: a
 * server's. The calls are made {@link Passes#within} it.
 */
public interface PassRunner {
  /**
   * How texts are to be cut in this call.
   *
   * @param options as the task says
   * @param longest tokens that a text may have, specials counted
   */
  EncodeOptions cutting(EncodeOptions options, int longest);

  /**
   * Told of a text with too many tokens, which is then refused; it may refuse it in words of its
   * own.
   */
  void tooLong(int tokens, int longest);

  /**
   * Told of all sequences of a call before any of them is computed; it may refuse them.
   *
   * @param tokens of all together
   */
  void begin(int sequences, long tokens);

  /**
   * Runs sequences, each as if it were alone.
   *
   * @param positions the tokens of each sequence whose results are read; empty for all
   * @return what {@link TextModel#forward} gives for these sequences; what lies beside a shorter
   *     sequence is anything
   */
  Output forward(TextModel texts, List<Encoding> batch, Optional<int[][]> positions);
}
