package io.lanewise.task;

import io.lanewise.InputException;
import io.lanewise.task.text.Given;
import io.lanewise.task.text.TextModel;
import io.lanewise.tokenizer.Encoding;
import java.util.List;
import java.util.function.Function;

/**
 * A question about two texts that is answered with yes or no: what {@link NextSentence} and {@link
 * SentenceOrder} share.
 *
 * @param logits [2] for each encoding, in their order: the first is for yes
 */
record SentencePairs(TextModel texts, Function<List<Encoding>, List<float[]>> logits) {
  /**
   * For each pair the answer.
   *
   * @param answer of the probability of yes
   * @throws InputException if a second text is missing, or a pair has more tokens than the model
   *     takes
   */
  <A> List<A> answers(List<TextPair> inputs, Function<Float, A> answer) {
    Given.inputs(inputs);
    var encodings = inputs.stream().map(texts::encodePair).toList();
    return logits.apply(encodings).stream()
        .map(each -> answer.apply(ScoreFunction.SOFTMAX.apply(each)[0]))
        .toList();
  }
}
