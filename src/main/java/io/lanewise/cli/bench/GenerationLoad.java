package io.lanewise.cli.bench;

import io.lanewise.checkpoint.Config;
import io.lanewise.generate.Generator;
import io.lanewise.model.Model;
import io.lanewise.model.Precision;

/**
 * What is asked of a generation that is measured: for each text so many new tokens, no fewer, by so
 * many beams.
 *
 * @param tokens new ones of each text
 * @param beams 1 for the best token at a time
 */
public record GenerationLoad(int tokens, int beams) {
  /** A generator of just that many tokens. */
  public Generator generator(Model model) {
    return Generator.of(model)
        .with("num_beams", beams)
        .with("min_new_tokens", tokens)
        .with("max_new_tokens", tokens);
  }

  /**
   * Bytes that have to come from memory while BART's decoder makes all tokens of one call: for each
   * step all weights of the decoder, and the keys and values of both attentions. The encoder's work
   * before the first step and what each step writes are not counted. Greedy search in fp32 reads
   * the vocabulary's matrix as int8, and a few rows of floats that are not counted.
   */
  public double bytes(Config config, Precision precision, Measurement.Shape shape) {
    double layers = config.integer("decoder_layers", 0);
    double hidden = config.integer("d_model", 0);
    double weights =
        layers * (6 * hidden * hidden + 2 * hidden * config.integer("decoder_ffn_dim", 0));
    double words = config.integer("vocab_size", 0) * hidden;
    boolean greedy = beams == 1 && precision == Precision.FLOAT32;
    double own = (double) beams * tokens / 2;
    double keysAndValues = layers * shape.batch() * (shape.tokens() + own) * 2 * hidden;
    return tokens
        * (weights * bytes(precision)
            + words * (greedy ? Byte.BYTES : bytes(precision))
            + keysAndValues * Float.BYTES);
  }

  private static int bytes(Precision precision) {
    return switch (precision) {
      case FLOAT32 -> Float.BYTES;
      case BFLOAT16 -> Short.BYTES;
      case INT8 -> Byte.BYTES;
    };
  }
}
