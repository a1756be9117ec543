package io.lanewise.model;

import io.lanewise.checkpoint.Config;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * A small model with random weights of every family, for tests of what holds for all of them.
 *
 * @param name the family, and its kind where it has several
 */
public record TinyModel(String name, Config config) {
  /** Tokens that every one of them takes. */
  public static final int LONGEST = TinyBert.LONGEST;

  /** All of them. */
  public static List<TinyModel> all() {
    var all = new ArrayList<TinyModel>();
    all.add(new TinyModel("ALBERT", TinyAlbert.config()));
    all.add(new TinyModel("BART", TinyBart.config()));
    var roberta = TinyBert.ROBERTA.config();
    all.add(
        new TinyModel(
            "LONGFORMER", roberta.with("model_type", "longformer").with("attention_window", 4)));
    all.add(new TinyModel("XLM_ROBERTA", roberta.with("model_type", "xlm-roberta")));
    all.add(new TinyModel("CAMEMBERT", roberta.with("model_type", "camembert")));
    Stream.of(TinyBert.values())
        .map(each -> new TinyModel(each.name(), each.config()))
        .forEach(all::add);
    Stream.of(TinyDeberta.values())
        .map(each -> new TinyModel("DEBERTA_" + each.name(), each.config()))
        .forEach(all::add);
    Stream.of(TinyRotary.values())
        .map(each -> new TinyModel(each.name(), each.config()))
        .forEach(all::add);
    return List.copyOf(all);
  }

  /**
   * The same with twice as many numbers to a token, and weights half as large. In few numbers
   * single rounding errors show, and in large weights a softmax magnifies them.
   */
  public TinyModel wide() {
    boolean bart = name.equals("BART");
    return new TinyModel(
        name,
        config
            .with(bart ? "d_model" : "hidden_size", 2 * TinyBert.HIDDEN)
            .with(bart ? "init_std" : "initializer_range", 0.15));
  }

  /** The model, with whatever the options say. */
  public Model model(Options options) {
    return Model.random(config, options);
  }

  /** Ids [batch, tokens] that it takes. */
  public static long[][] ids(long seed, int batch, int tokens) {
    return TinyBert.ids(new Random(seed), batch, tokens);
  }

  @Override
  public String toString() {
    return name;
  }
}
