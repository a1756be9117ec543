package io.lanewise.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.InputException;
import io.lanewise.tensor.Tensor;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InputsTest {
  private static final long[][] IDS = {{2, 14, 3}};
  private static final long[][] SEEN = {{1, 1, 0}};

  @Test
  void arraysTensorsMapsAndListsAreTheSameInputs() {
    var byArrays = Inputs.ids(IDS).with("attention_mask", SEEN).tensors();
    var ids = Tensor.of(IDS);
    var seen = Tensor.of(SEEN);
    assertThat(Inputs.of(Map.of()).with("input_ids", ids).with("attention_mask", seen).tensors())
        .isEqualTo(byArrays);
    assertThat(Inputs.of(Map.of("attention_mask", seen, "input_ids", ids)).tensors())
        .isEqualTo(byArrays);
    assertThat(Inputs.inOrder(ids, seen).tensors()).isEqualTo(byArrays);
    assertThat(Inputs.ids(new int[][] {{2, 14, 3}}).with("attention_mask", SEEN).tensors())
        .isEqualTo(byArrays);
  }

  @Test
  void aListMayLeaveOut() {
    var types = Tensor.of(IDS);
    assertThat(Inputs.inOrder(null, null, types).tensors()).containsOnlyKeys("token_type_ids");
    assertThatThrownBy(() -> Inputs.inOrder(null, null, null, null, null, null, types))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("at most 6")
        .hasMessageContaining("position_ids");
  }

  @Test
  void eachChangeGivesNewInputs() {
    var first = Inputs.ids(IDS);
    var second = first.with("attention_mask", SEEN);
    assertThat(first.tensors()).containsOnlyKeys("input_ids");
    assertThat(second.withReduction(Inputs.Reduction.NONE).tensors()).isEqualTo(second.tensors());
    assertThat(second.reduction()).isEqualTo(Inputs.Reduction.MEAN);
  }
}
