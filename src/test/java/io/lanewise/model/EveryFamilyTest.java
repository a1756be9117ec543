package io.lanewise.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.CheckpointException;
import io.lanewise.cli.InProcess;
import io.lanewise.family.Family;
import io.lanewise.task.Embedding;
import io.lanewise.tensor.Tensor;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Weights of fewer bits, in memory and in files, and batches without padding: in every family. */
@Tag("every-vector-width")
class EveryFamilyTest {
  private static final String STATES = "last_hidden_state";
  private static final int BATCH = 3;
  private static final int TOKENS = 13;

  /** The least cosine of a token's states, the limits of the models that ship. */
  private static final Map<Precision, Float> LEAST =
      Map.of(Precision.BFLOAT16, 0.9995f, Precision.INT8, 0.999f);

  static List<TinyModel> models() {
    return TinyModel.all();
  }

  private static Options options(KernelChoice kernels, Precision precision) {
    return Options.DEFAULT
        .withBackend(Backends.hereOrAuto(kernels, precision))
        .withPrecision(precision)
        .withThreads(2)
        .withSeed(4);
  }

  @Test
  void everyFamilyIsHere() {
    assertThat(models().stream().map(each -> each.config().text("model_type").orElseThrow()))
        .containsAll(Family.NAMES);
  }

  @ParameterizedTest
  @MethodSource("models")
  void narrowWeightsPointTheSameWay(TinyModel kind) {
    var inputs = Inputs.ids(TinyModel.ids(8, BATCH, TOKENS));
    var expected = states(kind, KernelChoice.SCALAR, Precision.FLOAT32, inputs);
    for (var kernels : List.of(KernelChoice.VECTOR, KernelChoice.ONEDNN)) {
      LEAST.forEach(
          (precision, least) -> {
            var actual = states(kind, kernels, precision, inputs);
            assertThat(actual).as("%s %s", kernels, precision).isNotEqualTo(expected);
            for (int row = 0; row < BATCH; row++) {
              for (int t = 0; t < TOKENS; t++) {
                assertThat(
                        new Embedding(actual.row(row, t))
                            .cosine(new Embedding(expected.row(row, t))))
                    .as("%s %s, token %d of row %d", kernels, precision, t, row)
                    .isGreaterThanOrEqualTo(least);
              }
            }
          });
    }
  }

  private static Tensor states(
      TinyModel kind, KernelChoice kernels, Precision precision, Inputs inputs) {
    try (var model = kind.wide().model(options(kernels, precision))) {
      return model.forward(inputs).tensors().get(STATES);
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void paddingThatIsNotReadChangesNoBitOfNarrowWeights(TinyModel kind) {
    var seen = new long[BATCH][TOKENS];
    for (int row = 0; row < BATCH; row++) {
      Arrays.fill(seen[row], 0, TOKENS - 5 * row, 1);
    }
    var inputs = Inputs.ids(TinyModel.ids(9, BATCH, TOKENS)).with("attention_mask", seen);
    for (var kernels : List.of(KernelChoice.VECTOR, KernelChoice.ONEDNN)) {
      for (var precision : LEAST.keySet()) {
        var padded = states(kind, kernels, precision, inputs);
        var unpadded = states(kind, kernels, precision, inputs.withPaddingUnread());
        for (int row = 0; row < BATCH; row++) {
          for (int t = 0; t < TOKENS && seen[row][t] == 1; t++) {
            assertThat(unpadded.row(row, t))
                .as("%s %s, token %d of row %d", kernels, precision, t, row)
                .isEqualTo(padded.row(row, t));
          }
        }
      }
    }
  }

  /** Saved, converted to each type and back, a model gives what its weights give. */
  @ParameterizedTest
  @MethodSource("models")
  void aConvertedFileGivesWhatItsWeightsGive(TinyModel kind, @TempDir Path folder) {
    for (var head : List.of(Head.SEQUENCE_CLASSIFICATION, Head.MASKED_LM)) {
      var saved = folder.resolve(head + "-saved");
      try (var model = kind.model(options(KernelChoice.SCALAR, Precision.FLOAT32).withHead(head))) {
        model.save(saved);
        assertThat(run(saved, Precision.FLOAT32)).isEqualTo(run(model));
      } catch (CheckpointException e) {
        assertThat(head).isEqualTo(Head.MASKED_LM); // BART has no such head
        assertThat(e).hasMessageContaining("has no head");
        continue;
      }
      var bf16 = convert(saved, "bf16");
      var back = convert(bf16, "f32");
      for (var precision : Precision.values()) {
        assertThat(run(back, precision)).isEqualTo(run(bf16, precision));
      }
      var int8 = convert(saved, "int8");
      assertThat(run(int8, Precision.INT8)).isEqualTo(run(saved, Precision.INT8));
      assertThat(run(convert(saved, "f32"), Precision.FLOAT32))
          .isEqualTo(run(saved, Precision.FLOAT32));
    }
  }

  private static Path convert(Path from, String type) {
    var out = from.resolveSibling(from.getFileName() + "-" + type);
    var ended =
        InProcess.run(
            InputStream.nullInputStream(),
            "convert",
            "--model",
            from.toString(),
            "--out",
            out.toString(),
            "--dtype",
            type);
    assertThat(ended.code()).as(ended.err()).isZero();
    return out;
  }

  private static SequencedMap<String, Tensor> run(Path folder, Precision precision) {
    try (var model = Model.load(folder, options(KernelChoice.SCALAR, precision))) {
      assertThat(model.report().missing()).isEmpty();
      assertThat(model.report().unexpected()).isEmpty();
      return run(model);
    }
  }

  private static SequencedMap<String, Tensor> run(Model model) {
    var ids = TinyModel.ids(10, 2, 9);
    for (var row : ids) {
      Arrays.setAll(
          row, t -> t == row.length - 1 ? TinyBart.END : Math.max(row[t], TinyBart.END + 1));
    }
    return model.forward(Inputs.ids(ids)).tensors();
  }
}
