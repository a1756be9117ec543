package io.lanewise.generate;

import io.lanewise.checkpoint.Config;
import java.util.ArrayList;
import java.util.List;

/**
 * How the next token is drawn, where it is not simply the best one. The filters hold together, in
 * the order of these settings; each sees the probabilities that the one before left.
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
 * @param temperature scores are divided by it: below 1 the likely tokens become likelier
 * @param topK {@code top_k}: so many of the best tokens are left, and those as good as the last of
 *     them; 0 for all
 * @param topP {@code top_p}: the fewest of the best tokens are left whose probabilities come to
 *     more than this (Holtzman et al. 2020)
 * @param minP {@code min_p}: tokens with less than this share of the best one's probability go
 *     (Nguyen et al. 2024); 0 for none
 * @param typicalP {@code typical_p}: tokens of typical information are left, whose probabilities
 *     come to this (Meister et al. 2023); 1 for all
 * @param epsilonCutoff {@code epsilon_cutoff}: tokens with less probability go (Hewitt et al.
 *     2022); 0 for none
 * @param etaCutoff {@code eta_cutoff}: the same with a bound that falls with the entropy; 0 for
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
      return new Sampling(false, 1, 50, 1, 0, 1, 0, 0); // files often keep values that have no use
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
   * The filters in the order in which Hugging Face applies them.
   *
   * @param least tokens that no filter may go below
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
