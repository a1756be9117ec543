package io.lanewise.task;

import java.util.List;

/**
 * How likely a text is, token by token.
 *
 * <pre>{@code
 * try (var scorer = Scorer.load(Path.of("my-model"))) {
 *   var likelihood = scorer.predict("Paris is the capital of France.");
 *   for (var token : likelihood.tokens()) {
 *     System.out.println(token.token() + " " + token.logProbability());
 *   }
 * }
 * }</pre>
 *
 * @param tokens those that have a probability, in the order of the text
 * @param sum of their log-probabilities, in nats; 0 if there are none
 * @param perplexity {@code e^(−sum / tokens)}, 1 for a text that could not have been otherwise; NaN
 *     if no token has a probability
 */
public record Likelihood(List<Token> tokens, double sum, double perplexity) {
  /**
   * One token.
   *
   * @param token as the vocabulary writes it
   * @param start of its text, in chars
   * @param end behind its text; as start for a special token
   * @param logProbability natural logarithm
   */
  public record Token(int id, String token, int start, int end, double logProbability) {}

  static Likelihood of(List<Token> tokens) {
    double sum = tokens.stream().mapToDouble(Token::logProbability).sum();
    return new Likelihood(List.copyOf(tokens), sum, Math.exp(-sum / tokens.size()));
  }
}
