package io.lanewise.family;

import io.lanewise.checkpoint.weights.Weights;
import io.lanewise.family.head.HeadLayers;
import io.lanewise.family.load.FamilySettings;
import io.lanewise.family.load.LayerSource;
import io.lanewise.model.Head;
import io.lanewise.nn.EmbeddingTable;
import io.lanewise.nn.Linear;
import io.lanewise.nn.Packing;
import io.lanewise.nn.Pooler;
import java.util.ArrayList;
import java.util.List;

/** The words of BART, which its halves and its output share, and the heads under its names. */
final class BartHeads {
  /** Labels of a classification whose config names none. */
  static final int LABELS = 3;

  private BartHeads() {}

  /** One table under up to three names, of which a file may hold any. */
  static EmbeddingTable words(BartSizes sizes, Weights root, boolean alone) {
    var names = new ArrayList<>(List.of("shared", "decoder.embed_tokens", "encoder.embed_tokens"));
    if (alone) {
      names.addFirst(names.remove(1));
    }
    var stored =
        names.stream().filter(name -> root.has(name + ".weight")).findFirst().orElse(names.get(0));
    for (var name : names) {
      if (!name.equals(stored)) {
        root.tied(name + ".weight", "model." + stored + ".weight");
      }
      if (!sizes.tied() && !alone && !name.equals(names.get(0))) {
        // Hugging Face, too, joins the three only where the settings tie them.
        root.at(stored, name).keep("weight", sizes.vocabulary(), sizes.hidden());
      }
    }
    return EmbeddingTable.load(sizes.vocabulary(), sizes.hidden(), root.at(stored, names.get(0)));
  }

  /**
   * How the decoder is packed, and what stands on it: to make one token after another where that is
   * all the model does, for whole texts otherwise.
   */
  static Packing packing(LayerSource from, Head kind) {
    return kind == Head.CONDITIONAL_GENERATION ? from.packing().forFewRows() : from.packing();
  }

  /** Loads a head. */
  static HeadLayers load(LayerSource from, BartSizes sizes, Head kind, EmbeddingTable words) {
    int hidden = sizes.hidden();
    return switch (kind) {
      case MODEL -> new HeadLayers.None(null);
      case CONDITIONAL_GENERATION, CAUSAL_LM ->
          new HeadLayers.Words(scores(from, sizes, kind, words));
      case SEQUENCE_CLASSIFICATION ->
          new HeadLayers.Sequence(
              Pooler.load(from.packing(), hidden, from.head().at("classification_head.dense")),
              from.linear(hidden, from.config().labelCount(LABELS), "classification_head.out_proj"),
              from.problemType());
      case QUESTION_ANSWERING -> new HeadLayers.Span(from.linear(hidden, 2, "qa_outputs"));
      case PRE_TRAINING,
          MASKED_LM,
          MULTIPLE_CHOICE,
          TOKEN_CLASSIFICATION,
          NEXT_SENTENCE_PREDICTION ->
          throw FamilySettings.noHead("bart", kind);
    };
  }

  /**
   * {@code lm_head}; {@code final_logits_bias} is a constant, zero unless a file says otherwise.
   */
  private static Linear scores(LayerSource from, BartSizes sizes, Head kind, EmbeddingTable words) {
    int vocabulary = sizes.vocabulary();
    var at = from.head();
    var packing = packing(from, kind);
    try (var scratch = Packing.scratch()) {
      var bias =
          kind == Head.CONDITIONAL_GENERATION
              ? at.allowNew(true)
                  .matrix("final_logits_bias", 1, vocabulary, Weights.Init.ZEROS)
                  .data()
              : scratch.floats(vocabulary);
      if (sizes.tied()) {
        at.tied("lm_head.weight", "model.shared.weight");
        var scores = Linear.of(packing, words.table(), bias);
        at.release(words.table());
        return scores;
      }
      var weight = at.borrow("lm_head.weight", vocabulary, sizes.hidden(), scratch);
      var scores = Linear.of(packing, weight, bias);
      at.release(weight);
      return scores;
    }
  }
}
