package io.lanewise.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.checkpoint.Config;
import io.lanewise.kernel.Backend;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What users choose from is all that there is, under the same names. */
class ChoicesTest {
  private static final Config SMALL =
      Config.of(
          Map.of(
              "model_type",
              "bert",
              "architectures",
              List.of("BertModel"),
              "hidden_size",
              8,
              "intermediate_size",
              16,
              "num_attention_heads",
              2,
              "num_hidden_layers",
              1,
              "vocab_size",
              30));

  private static List<String> names(Enum<?>... values) {
    return Stream.of(values).map(Enum::name).toList();
  }

  @Test
  void kernels() {
    assertThat(names(KernelChoice.values())).isEqualTo(names(Backend.Choice.values()));
    for (var choice : KernelChoice.values()) {
      assertThat(choice.internal().name()).isEqualTo(choice.name());
    }
  }

  @Test
  void precisions() {
    assertThat(names(Precision.values())).isEqualTo(names(io.lanewise.kernel.Precision.values()));
    for (var precision : Precision.values()) {
      assertThat(precision.internal().name()).isEqualTo(precision.name());
      assertThat(precision.label()).isEqualTo(precision.internal().label());
    }
  }

  @Test
  void loadings() {
    assertThat(names(Loading.values()))
        .isEqualTo(names(io.lanewise.checkpoint.format.Loading.values()));
    for (var loading : Loading.values()) {
      assertThat(loading.internal().name()).isEqualTo(loading.name());
    }
  }

  @Test
  void theListenerIsToldWhatTheModelSays() {
    var told = new ArrayList<Kernels>();
    var options = Options.DEFAULT.withBackend(KernelChoice.SCALAR).withListener(told::add);
    try (var model = Model.random(SMALL, options)) {
      assertThat(told).containsExactly(model.kernels());
      assertThat(model.kernels().reasons()).contains("scalar kernels: demanded");
      assertThat(model.kernels().narrow()).isFalse();
    }
  }

  @Test
  void aCacheTellsWhatItHolds() {
    var budget = MemoryBudget.of(1 << 26);
    var options = Options.DEFAULT.withMemory(budget).withSetting("is_decoder", true);
    try (var model = Model.random(SMALL, options.withHead(Head.CAUSAL_LM));
        var cache = model.newCache()) {
      assertThat(model.memory()).isSameAs(budget);
      model.forward(Inputs.ids(new int[][] {{1, 2, 3}, {4, 5, 6}}), cache);
      assertThat(List.of(cache.batch(), cache.tokens(), cache.slots())).containsExactly(2, 3, 0);
      assertThat(cache.bytes()).isBetween(1L, budget.used());
      cache.select(new int[] {1});
      assertThat(cache.batch()).isEqualTo(1);
      try (var slots = model.initCache(2, 5)) {
        assertThat(slots.slots()).isEqualTo(5);
      }
    }
  }
}
