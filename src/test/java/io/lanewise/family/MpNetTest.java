package io.lanewise.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lanewise.InputException;
import io.lanewise.checkpoint.weights.Weights;
import io.lanewise.family.load.LayerSource;
import io.lanewise.family.load.PrunedHeads;
import io.lanewise.family.stack.BertStack;
import io.lanewise.kernel.Backend;
import io.lanewise.memory.Region;
import io.lanewise.memory.Slab;
import io.lanewise.model.Edits;
import io.lanewise.model.Head;
import io.lanewise.model.Inputs;
import io.lanewise.model.Model;
import io.lanewise.model.Options;
import io.lanewise.model.TinyBert;
import io.lanewise.nn.Packing;
import io.lanewise.nn.Pass;
import io.lanewise.nn.attention.BucketedDistances;
import io.lanewise.nn.attention.Distances;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MpNetTest {
  private static final Inputs FIVE = Inputs.ids(TinyBert.ids(new Random(6), 2, 5));

  @Test
  void withATableOfZerosItIsAsWithout() {
    var config = TinyBert.MPNET.config();
    try (var backend = Backend.of(Backend.Choice.SCALAR, 1);
        var region = Region.open();
        var slab = new Slab()) {
      var packing = new Packing(backend.gemm(), region);
      var weights = Weights.random(5, 0.3f, region);
      var pruned = PrunedHeads.of(config, Map.of());
      var source = new LayerSource(config, weights, packing, true, true, pruned);
      var whole = (MpNet) MpNet.TYPE.load(source, Head.MODEL);
      var zeros = new BucketedDistances(new float[TinyBert.HEADS][257]);
      var expected = state(with(source, whole, null), backend, slab);
      assertThat(state(with(source, whole, zeros), backend, slab))
          .containsExactly(expected, within(1e-6f));
      assertThat(state(whole, backend, slab)[0]).isNotCloseTo(expected[0], within(1e-3f));
    }
  }

  private static MpNet with(LayerSource source, MpNet whole, Distances distances) {
    var sizes = MpNet.settings(source.config());
    var encoder = source.weights().base("mpnet").at("encoder");
    var stack = BertStack.load(source, sizes, encoder, MpNet.NAMES, (self, cross) -> distances);
    return new MpNet(stack, whole.buckets(), whole.embeddings(), whole.head());
  }

  private static float[] state(Family family, Backend backend, Slab slab) {
    var output = family.forward(new Pass(backend, slab), FIVE, null, Set.of());
    return output.tensors().get("last_hidden_state").floats();
  }

  @Test
  void refusesDistancesThatTheTableDoesNotKnow() {
    var config = TinyBert.MPNET.config().with("relative_attention_num_buckets", 20);
    try (var model = Model.random(config, Options.DEFAULT)) {
      model.forward(Inputs.ids(TinyBert.ids(new Random(6), 2, 4)));
      var positions = FIVE.with("position_ids", new long[][] {{2, 3, 4, 5, 6}, {2, 3, 4, 5, 6}});
      assertThatThrownBy(() -> model.forward(positions))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("relative_attention_num_buckets is 20");
    }
  }

  /** Hugging Face's tokenizer may give them, and its model takes and forgets them. */
  @Test
  void typesOfTokensCountForNothing() {
    try (var model = TinyBert.MPNET.encoder(Options.DEFAULT)) {
      var types = FIVE.with("token_type_ids", new long[][] {{0, 0, 1, 1, 1}, {0, 1, 1, 1, 1}});
      assertThat(model.forward(types).tensors()).isEqualTo(model.forward(FIVE).tensors());
    }
    try (var model = TinyBert.MPNET.encoder(Options.DEFAULT.withHead(Head.MASKED_LM))) {
      var types = FIVE.with("token_type_ids", new long[][] {{0, 0, 1, 1, 1}, {0, 1, 1, 1, 1}});
      assertThatThrownBy(() -> model.forward(types))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("token_type_ids: no input of MPNetForMaskedLM");
    }
  }

  /** A head that is pruned takes its column of the table along: as a mask of 0 on it. */
  @Test
  void prunedHeadsTakeTheirDistancesAlong() {
    var pruned = Edits.NONE.withPrunedHeads(Map.of(0, Set.of(0, 3)));
    try (var whole = TinyBert.MPNET.encoder(Options.DEFAULT);
        var less = TinyBert.MPNET.encoder(Options.DEFAULT.withEdits(pruned))) {
      var mask = new float[][] {{0, 1, 1, 0, 1}, {1, 1, 1, 1, 1}, {1, 1, 1, 1, 1}};
      var expected = whole.forward(FIVE.with("head_mask", mask)).tensors();
      assertThat(less.forward(FIVE).tensors().get("last_hidden_state").floats())
          .containsExactly(expected.get("last_hidden_state").floats(), within(2e-5f));
    }
  }
}
