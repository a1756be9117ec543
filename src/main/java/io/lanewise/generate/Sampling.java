package io.lanewise.generate;

import io.lanewise.checkpoint.Config;
import java.util.ArrayList;
import java.util.List;

/**
 * Settings for sampling the next token. The filters are combined in the order of these settings;
 * each uses the probabilities after the filter before it.
 *
 * <pre>{@code
 * try (var model = Model.load(Path.of("my-model"), Options.DEFAULT)) {
 *   var drawn = GenerationOptions.DEFAULT.withSampling(true).withTopP(0.9);
 *   var sampling = Generator.of(model).with(drawn).config().sampling();
 *   System.out.println(sampling.topP() + " " + sampling.temperature());
 * }
 * }</pre>
 *
 * @param on {@code do_sample}
 * @param temperature scores are divided by it: below 1, likely tokens become more likely
 * @param topK {@code top_k}: keeps this number of best tokens, and tokens as good as the last of
 *     them; 0 for all
 * @param topP {@code top_p}: keeps the fewest best tokens whose probabilities sum to more than this
 *     (Holtzman et al. 2020)
 * @param minP {@code min_p}: removes tokens with less than this share of the best one's probability
 *     (Nguyen et al. 2024); 0 for none
 * @param typicalP {@code typical_p}: keeps tokens of typical information whose probabilities sum to
 *     this (Meister et al. 2023); 1 for all
 * @param epsilonCutoff {@code epsilon_cutoff}: removes tokens with less probability (Hewitt et al.
 *     2022); 0 for none
 * @param etaCutoff {@code eta_cutoff}: the same with a bound that decreases with the entropy; 0 for
 *     none
 */
public record Sampling(
    boolean on,
    double temperature,
    int topK,
    double topP,
    double minP,
    double typicalP,
    double epsilonCutoff,
    double etaCutoff) {

  static Sampling of(Config config) {
    boolean on = config.bool("do_sample", false);
    if (!on) {
      return new Sampling(false, 1, 50, 1, 0, 1, 0, 0); // files often have values without effect
    }
    return new Sampling(
        true,
        config.decimal("temperature", 1, 1e-6, 1e6),
        config.bounded("top_k", 50, 0, Config.LARGEST),
        config.decimal("top_p", 1, 0, 1),
        config.decimal("min_p", 0, 0, 1),
        config.decimal("typical_p", 1, 1e-6, 1),
        config.decimal("epsilon_cutoff", 0, 0, 1),
        config.decimal("eta_cutoff", 0, 0, 1));
  }

  /**
   * The filters, in the order of {@code GenerationMixin._get_logits_processor} in
   * generation/utils.py.
   *
   * @param least number of tokens that every filter keeps
   */
  List<Warper> warpers(int least) {
    var warpers = new ArrayList<Warper>();
    if (!on) {
      return warpers;
    }
    if (temperature != 1) {
      warpers.add(new Warper.Temperature((float) temperature));
    }
    if (topK > 0) {
      warpers.add(new Warper.TopK(Math.max(topK, least)));
    }
    if (topP < 1) {
      warpers.add(new Warper.TopP(topP, least));
    }
    if (minP > 0) {
      warpers.add(new Warper.MinP(minP, least));
    }
    if (typicalP < 1) {
      warpers.add(new Warper.Typical(typicalP, least));
    }
    if (epsilonCutoff > 0 && epsilonCutoff < 1) {
      warpers.add(new Warper.Epsilon(epsilonCutoff, least));
    }
    if (etaCutoff > 0 && etaCutoff < 1) {
      warpers.add(new Warper.Eta(etaCutoff, least));
    }
    return warpers;
  }
}
