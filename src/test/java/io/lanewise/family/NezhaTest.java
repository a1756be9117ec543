package io.lanewise.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lanewise.CheckpointException;
import io.lanewise.InputException;
import io.lanewise.checkpoint.weights.Weights;
import io.lanewise.family.head.HeadSource;
import io.lanewise.family.load.BertConfig;
import io.lanewise.family.load.LayerSource;
import io.lanewise.family.load.PrunedHeads;
import io.lanewise.family.stack.BertStack;
import io.lanewise.kernel.Backend;
import io.lanewise.memory.Region;
import io.lanewise.memory.Slab;
import io.lanewise.model.Head;
import io.lanewise.model.Inputs;
import io.lanewise.model.Model;
import io.lanewise.model.Options;
import io.lanewise.model.TinyBert;
import io.lanewise.nn.Linear;
import io.lanewise.nn.Packing;
import io.lanewise.nn.Pass;
import io.lanewise.nn.PositionType;
import io.lanewise.nn.TokenEmbeddings;
import io.lanewise.nn.attention.Distances;
import io.lanewise.nn.attention.SinusoidalDistances;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NezhaTest {
  /**
   * The distances are all that sets NEZHA apart from BERT: with zeros in their place it is BERT.
   */
  @Test
  void withoutDistancesItIsBertWithoutPositions() {
    var config = TinyBert.NEZHA.config();
    try (var backend = Backend.of(Backend.Choice.SCALAR, 1);
        var region = Region.open();
        var slab = new Slab()) {
      var packing = new Packing(backend.gemm(), region);
      var weights = Weights.random(5, 0.3f, region);
      var sizes = BertConfig.of(config, 1);
      var source =
          new LayerSource(config, weights, packing, true, true, PrunedHeads.of(config, Map.of()));
      var embeddings =
          TokenEmbeddings.load(
              weights.at("embeddings"),
              sizes.vocabulary(),
              sizes.types(),
              sizes.positions(),
              sizes.hidden(),
              sizes.epsilon(),
              false);
      var words = embeddings.words();
      var parts = new HeadSource(source, weights, sizes, words, "embeddings.word_embeddings");
      var head = Bert.TYPE.head(Head.MODEL).load(parts);
      var encoder = weights.at("encoder");
      var zero = zeroDistances(packing, region, sizes.headSize());
      var real = SinusoidalDistances.of(packing, 4, sizes.positions(), sizes.headSize());
      var bert = new Bert(stack(source, sizes, encoder, null), embeddings, head);
      var nezha = new Nezha(stack(source, sizes, encoder, zero), embeddings, head);
      var whole = new Nezha(stack(source, sizes, encoder, real), embeddings, head);
      var inputs = Inputs.ids(TinyBert.ids(new Random(6), 2, 11));
      var expected = state(bert, backend, slab, inputs);
      assertThat(sizes.positionType()).isEqualTo(PositionType.ABSOLUTE);
      assertThat(state(nezha, backend, slab, inputs)).containsExactly(expected, within(1e-6f));
      assertThat(state(whole, backend, slab, inputs)[0]).isNotCloseTo(expected[0], within(1e-3f));
    }
  }

  private static BertStack stack(
      LayerSource source, BertConfig sizes, Weights encoder, Distances distances) {
    return BertStack.load(source, sizes, encoder, (attention, cross) -> distances);
  }

  private static SinusoidalDistances zeroDistances(Packing packing, Region region, int headSize) {
    return new SinusoidalDistances(
        Linear.of(packing, region.matrix(9, headSize), region.floats(9)),
        Linear.of(packing, region.matrix(headSize, 9), region.floats(headSize)),
        4);
  }

  private static float[] state(Family family, Backend backend, Slab slab, Inputs inputs) {
    var output = family.forward(new Pass(backend, slab), inputs, null, Set.of());
    return output.tensors().get("last_hidden_state").floats();
  }

  @Test
  void takesNoPositions() {
    try (var model = TinyBert.NEZHA.encoder(Options.DEFAULT)) {
      var inputs = Inputs.ids(new long[][] {{2, 3}}).with("position_ids", new long[][] {{0, 1}});
      assertThatThrownBy(() -> model.forward(inputs))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("position_ids: no input of NezhaModel");
    }
  }

  @Test
  void refusesLearntDistances() {
    var config = TinyBert.NEZHA.config().with("position_embedding_type", "relative_key");
    assertThatThrownBy(() -> Model.random(config, Options.DEFAULT))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("position_embedding_type");
  }

  @Test
  void boundsTheDistancesThatNoFileBounds() {
    var config = TinyBert.NEZHA.config().with("max_relative_position", 1 << 30);
    assertThatThrownBy(() -> Model.random(config, Options.DEFAULT))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("max_relative_position");
  }
}
