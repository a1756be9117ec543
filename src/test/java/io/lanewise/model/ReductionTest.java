package io.lanewise.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lanewise.InputException;
import io.lanewise.tensor.Tensor;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Losses that are not reduced, beside the losses of each example on its own. */
class ReductionTest {
  private static final long[][] IDS = TinyBert.ids(new Random(3), 3, 7);

  private static Model model(Head head) {
    return TinyBert.BERT.encoder(Options.DEFAULT.withHead(head).withSetting("num_labels", 4));
  }

  private static float[] unreduced(Model model, Inputs inputs) {
    var loss = model.forward(inputs.withReduction(Inputs.Reduction.NONE)).loss().orElseThrow();
    assertThat(loss.shape().rank()).isEqualTo(1);
    return loss.floats();
  }

  private static float mean(Model model, Inputs inputs) {
    var loss = model.forward(inputs).loss().orElseThrow();
    assertThat(loss.shape().rank()).isZero();
    return loss.at();
  }

  private static Inputs row(int i) {
    return Inputs.ids(new long[][] {IDS[i]});
  }

  @Test
  void ofSequences() {
    try (var model = model(Head.SEQUENCE_CLASSIFICATION)) {
      var losses = unreduced(model, Inputs.ids(IDS).with("labels", new long[] {2, -100, 0}));
      assertThat(losses)
          .containsExactly(
              mean(model, row(0).with("labels", new long[] {2})),
              0,
              mean(model, row(2).with("labels", new long[] {0})));
    }
  }

  @Test
  void ofSequencesWithSeveralNumbersEach() {
    var numbers = new float[][] {{1, 2, 3, 4}, {0, 0.5f, 1, 0}, {-1, 0, 1, 0}};
    var truths = new float[][] {{1, 0, 1, 1}, {0, 0, 1, 0}, {0, 0, 0, 0}};
    var options = Options.DEFAULT.withHead(Head.SEQUENCE_CLASSIFICATION);
    for (var type : new String[] {"regression", "multi_label_classification"}) {
      var labels = type.equals("regression") ? numbers : truths;
      var chosen = options.withSetting("num_labels", 4).withSetting("problem_type", type);
      try (var model = TinyBert.BERT.encoder(chosen)) {
        var losses = unreduced(model, Inputs.ids(IDS).with("labels", labels));
        assertThat(losses).hasSize(3);
        for (int i = 0; i < 3; i++) {
          var one = row(i).with("labels", new float[][] {labels[i]});
          assertThat(losses[i]).isEqualTo(mean(model, one));
        }
      }
    }
  }

  @Test
  void ofChoicesAndOfSentences() {
    try (var model = model(Head.MULTIPLE_CHOICE)) {
      var ids = new long[] {2, 3, 4, 5, 6, 7, 8, 9};
      var both = Inputs.of(java.util.Map.of("input_ids", Tensor.of(ids, 2, 2, 2)));
      var losses = unreduced(model, both.with("labels", new long[] {1, 0}));
      assertThat(losses).hasSize(2);
      assertThat((losses[0] + losses[1]) / 2)
          .isCloseTo(mean(model, both.with("labels", new long[] {1, 0})), within(1e-6f));
      assertThat(losses[0]).isEqualTo(mean(model, both.with("labels", new long[] {1, -100})));
    }
    try (var model = model(Head.NEXT_SENTENCE_PREDICTION)) {
      var losses = unreduced(model, Inputs.ids(IDS).with("labels", new long[] {0, 1, -100}));
      assertThat(losses)
          .containsExactly(
              mean(model, row(0).with("labels", new long[] {0})),
              mean(model, row(1).with("labels", new long[] {1})),
              0);
    }
  }

  @Test
  void ofAnswers() {
    try (var model = model(Head.QUESTION_ANSWERING)) {
      var starts = new long[] {0, 3, 5};
      var ends = new long[] {6, 3, 6};
      var inputs = Inputs.ids(IDS).with("start_positions", starts).with("end_positions", ends);
      var losses = unreduced(model, inputs);
      assertThat(losses).hasSize(3);
      for (int i = 0; i < 3; i++) {
        var one =
            row(i)
                .with("start_positions", new long[] {starts[i]})
                .with("end_positions", new long[] {ends[i]});
        assertThat(losses[i]).isEqualTo(mean(model, one));
      }
      var outside = inputs.with("end_positions", new long[] {6, 7, 6});
      mean(model, outside);
      assertThatThrownBy(() -> unreduced(model, outside))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("end_positions: 7 at [1]");
    }
  }

  @Test
  void ofTokensItIsTheMeanEvenSo() {
    for (var head : new Head[] {Head.MASKED_LM, Head.CAUSAL_LM, Head.TOKEN_CLASSIFICATION}) {
      try (var model = model(head)) {
        var inputs =
            Inputs.ids(IDS)
                .with("labels", new long[][] {{0, 1, 2, 3, 0, 1, -100}, new long[7], new long[7]});
        assertThat(unreduced(model, inputs)).containsExactly(mean(model, inputs));
      }
    }
    try (var model = model(Head.PRE_TRAINING)) {
      var inputs =
          Inputs.ids(IDS)
              .with("labels", new long[3][7])
              .with("next_sentence_label", new long[] {0, 1, 1});
      assertThat(unreduced(model, inputs)).containsExactly(mean(model, inputs));
    }
  }

  @Test
  void withoutLabelsThereIsNone() {
    try (var model = model(Head.SEQUENCE_CLASSIFICATION)) {
      var inputs = Inputs.ids(IDS).withReduction(Inputs.Reduction.NONE);
      assertThat(model.forward(inputs).loss()).isEmpty();
    }
  }
}
