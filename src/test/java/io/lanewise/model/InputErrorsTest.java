package io.lanewise.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.InputException;
import io.lanewise.family.input.CheckedInputs;
import io.lanewise.kernel.Backend;
import io.lanewise.tensor.Tensor;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every wrong input is an error that names it. */
class InputErrorsTest {
  private static final Options SCALAR =
      Options.DEFAULT.withBackend(Backend.Choice.SCALAR).withThreads(1);
  private static final Inputs GOOD = Inputs.ids(new long[][] {{1, 2, 3}, {4, 5, 6}});

  private static Model model(Head head) {
    return TinyAlbert.model(SCALAR.withHead(head));
  }

  private static void refused(Head head, Inputs inputs, String... message) {
    try (var model = model(head)) {
      assertThatThrownBy(() -> model.forward(inputs))
          .isInstanceOf(InputException.class)
          .message()
          .contains(message);
    }
  }

  private static Tensor zeros(long... dims) {
    long count = 1;
    for (long dim : dims) {
      count *= dim;
    }
    return Tensor.of(new long[(int) count], dims);
  }

  private static Tensor floats(long... dims) {
    return Tensor.of(new float[zeros(dims).longs().length], dims);
  }

  @Test
  void idsOrEmbeddings() {
    refused(Head.MODEL, Inputs.of(Map.of()), "neither input_ids nor inputs_embeds");
    refused(Head.MODEL, GOOD.with("inputs_embeds", floats(2, 3, 6)), "input_ids and inputs_embeds");
    refused(
        Head.MODEL,
        Inputs.of(Map.of("inputs_embeds", floats(2, 3, 20))),
        "inputs_embeds",
        "[2, 3, 20]",
        "[2, 3, 6]");
  }

  @Test
  void unknownNames() {
    refused(
        Head.MODEL,
        GOOD.with("labels", zeros(2, 3)),
        "labels: no input of AlbertModel; it takes input_ids, inputs_embeds, attention_mask");
    refused(Head.MASKED_LM, GOOD.with("attention_masks", zeros(2, 3)), "attention_masks");
    refused(Head.QUESTION_ANSWERING, GOOD.with("labels", zeros(2)), "labels");
    refused(Head.MASKED_LM, GOOD.with("sentence_order_label", zeros(2)), "sentence_order_label");
  }

  @Test
  void idsOutOfRange() {
    refused(
        Head.MODEL,
        Inputs.ids(new long[][] {{1, 2}, {3, 37}}),
        "input_ids: 37 at [1, 1] is not from 0 to 36: vocab_size is 37");
    refused(Head.MODEL, Inputs.ids(new long[][] {{-1}}), "input_ids: -1 at [0, 0]");
    refused(Head.MODEL, Inputs.ids(new long[][] {{1L << 40}}), "input_ids: 1099511627776");
    refused(Head.MODEL, Inputs.ids(new long[][] {{(1L << 32) + 1}}), "input_ids: 4294967297");
    refused(Head.MODEL, GOOD.with("token_type_ids", Tensor.of(new long[] {0, 0, 2}, 1, 3)), "type");
    refused(
        Head.MODEL,
        GOOD.with("position_ids", Tensor.of(new long[] {0, 1, 16}, 1, 3)),
        "position_ids: 16 at [0, 2]",
        "max_position_embeddings is 16");
  }

  @Test
  void shapes() {
    refused(Head.MODEL, Inputs.of(Map.of("input_ids", zeros(3))), "input_ids", "[batch, tokens]");
    refused(
        Head.MULTIPLE_CHOICE,
        Inputs.of(Map.of("input_ids", zeros(2, 3))),
        "input_ids",
        "[batch, choices, tokens]");
    refused(
        Head.MODEL,
        GOOD.with("attention_mask", zeros(2, 4)),
        "attention_mask: its shape is [2, 4], it must be [2, 3] or [1, 3]");
    refused(Head.MODEL, GOOD.with("attention_mask", zeros(3, 3)), "attention_mask", "[3, 3]");
    refused(Head.MODEL, GOOD.with("attention_mask", zeros(2, 3, 3)), "attention_mask");
    refused(Head.MODEL, GOOD.with("token_type_ids", zeros(2)), "token_type_ids");
    refused(Head.MODEL, GOOD.with("position_ids", zeros(6)), "position_ids");
    refused(Head.MODEL, GOOD.with("head_mask", zeros(4)), "head_mask", "[5] or [3, 5]");
    refused(Head.MODEL, GOOD.with("head_mask", zeros(5, 3)), "head_mask");
  }

  @Test
  void lengths() {
    refused(Head.MODEL, Inputs.of(Map.of("input_ids", zeros(2, 0))), "input_ids", "no token");
    refused(Head.MODEL, Inputs.of(Map.of("input_ids", zeros(0, 2))), "input_ids", "no token");
    refused(
        Head.MODEL,
        Inputs.of(Map.of("input_ids", zeros(1, 17))),
        "input_ids: 17 tokens are too many: 16 fit, since max_position_embeddings is 16");
    refused(Head.MODEL, Inputs.of(Map.of("inputs_embeds", floats(1, 17, 6))), "inputs_embeds: 17");
    refused(Head.MULTIPLE_CHOICE, Inputs.of(Map.of("input_ids", zeros(2, 0, 3))), "input_ids");
  }

  @Test
  void types() {
    refused(
        Head.MODEL,
        Inputs.of(Map.of("input_ids", floats(2, 3))),
        "input_ids: integers are needed, F32[2, 3] was given");
    refused(Head.MASKED_LM, GOOD.with("labels", floats(2, 3)), "labels: integers");
  }

  @Test
  void masksThatAreNone() {
    for (float value : new float[] {-1, 1.5f, 2, -10000, Float.NaN, Float.NEGATIVE_INFINITY}) {
      var mask = Tensor.of(new float[] {1, value, 1}, 1, 3);
      refused(Head.MODEL, GOOD.with("attention_mask", mask), "attention_mask", "at [0, 1]");
    }
  }

  @Test
  void labelsOfEachHead() {
    refused(
        Head.MASKED_LM,
        GOOD.with("labels", Tensor.of(new long[] {0, -100, 36, 37, 0, 0}, 2, 3)),
        "labels: 37 at [1, 0] is not from 0 to 36 or -100");
    refused(
        Head.MASKED_LM, GOOD.with("labels", Tensor.of(new long[] {-1, 0, 0, 0, 0, 0}, 2, 3)), "-1");
    refused(Head.MASKED_LM, GOOD.with("labels", zeros(2, 2)), "labels");
    refused(Head.SEQUENCE_CLASSIFICATION, GOOD.with("labels", new long[] {0, 2}), "labels: 2");
    refused(Head.SEQUENCE_CLASSIFICATION, GOOD.with("labels", new long[] {0}), "labels", "[2]");
    refused(Head.SEQUENCE_CLASSIFICATION, GOOD.with("labels", new float[] {0, 1}), "labels");
    refused(Head.TOKEN_CLASSIFICATION, GOOD.with("labels", zeros(2)), "labels", "[2, 3]");
    refused(Head.PRE_TRAINING, GOOD.with("sentence_order_label", new long[] {0, 2}), "sentence");
    refused(Head.QUESTION_ANSWERING, GOOD.with("start_positions", zeros(3)), "start_positions");
    refused(Head.QUESTION_ANSWERING, GOOD.with("end_positions", floats(2)), "end_positions");
    refused(
        Head.MULTIPLE_CHOICE,
        Inputs.of(Map.of("input_ids", zeros(2, 4, 3))).with("labels", new long[] {3, 4}),
        "labels: 4 at [1] is not from 0 to 3 or -100: the number of choices is 4");
  }

  @Test
  void labelsByProblemType() {
    var regression = SCALAR.withHead(Head.SEQUENCE_CLASSIFICATION).withSetting("num_labels", 1);
    try (var model = TinyAlbert.model(regression)) {
      assertThat(model.forward(GOOD.with("labels", new long[] {3, -7})).loss()).isNotNull();
      assertThatThrownBy(() -> model.forward(GOOD.with("labels", new float[] {1})))
          .isInstanceOf(InputException.class);
    }
    var single =
        SCALAR
            .withHead(Head.SEQUENCE_CLASSIFICATION)
            .withSetting("problem_type", "single_label_classification");
    try (var model = TinyAlbert.model(single)) {
      assertThatThrownBy(() -> model.forward(GOOD.with("labels", new float[][] {{0, 1}, {1, 0}})))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("labels");
    }
  }

  @Test
  void rowsOfDifferentLength() {
    assertThatThrownBy(() -> Inputs.ids(new long[][] {{1, 2}, {3}}))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("input_ids")
        .hasMessageContaining("pad");
    assertThatThrownBy(() -> Inputs.ids(new int[][] {{1, 2}, {3}}))
        .isInstanceOf(InputException.class);
    assertThatThrownBy(() -> GOOD.with("labels", new float[][] {{1, 2}, {3}}))
        .isInstanceOf(InputException.class);
  }

  @Test
  void resultsTooLargeForAnArray() {
    assertThatThrownBy(() -> CheckedInputs.checkSize("the logits", 4096, 512, 30000))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("the logits [4096, 512, 30000]")
        .hasMessageContaining("split the batch");
    assertThatThrownBy(
            () -> CheckedInputs.checkSize("x", Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE))
        .isInstanceOf(InputException.class);
    CheckedInputs.checkSize("x", Integer.MAX_VALUE - 8);
  }

  /** A call that was refused takes nothing with it. */
  @ParameterizedTest
  @EnumSource(
      value = Head.class,
      names = {"MODEL", "MASKED_LM", "PRE_TRAINING", "TOKEN_CLASSIFICATION", "QUESTION_ANSWERING"})
  void goodCallsGoOnAfterBadOnes(Head head) {
    try (var model = model(head)) {
      var before = model.forward(GOOD).tensors();
      assertThatThrownBy(() -> model.forward(Inputs.ids(new long[][] {{99}})))
          .isInstanceOf(InputException.class);
      assertThat(model.forward(GOOD).tensors()).isEqualTo(before);
    }
  }
}
