package io.lanewise.laws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lanewise.CheckpointException;
import io.lanewise.checkpoint.Safetensors;
import io.lanewise.model.Backends;
import io.lanewise.model.Head;
import io.lanewise.model.Inputs;
import io.lanewise.model.Keep;
import io.lanewise.model.KernelChoice;
import io.lanewise.model.Model;
import io.lanewise.model.Options;
import io.lanewise.model.Precision;
import io.lanewise.model.TinyBert;
import io.lanewise.model.TinyDeberta;
import io.lanewise.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds for DeBERTa whatever its numbers are; no reference is needed. */
@Tag("every-vector-width")
class DebertaLawsTest {
  private static final int TRIES = 40;

  private static Options options(KernelChoice backend, long seed) {
    return Options.DEFAULT
        .withHead(Head.MODEL)
        .withBackend(Backends.hereOrAuto(backend))
        .withThreads(2)
        .withSeed(seed);
  }

  private static SequencedMap<String, Tensor> run(Model model, Inputs inputs) {
    return model.forward(inputs, Keep.HIDDEN_STATES, Keep.ATTENTIONS).tensors();
  }

  private static long[][] seen(Random random, int batch, int tokens) {
    var seen = new long[batch][tokens];
    for (var row : seen) {
      Arrays.fill(row, 0, 1 + random.nextInt(tokens), 1);
    }
    return seen;
  }

  @Property(tries = TRIES, seed = Agreement.SEED)
  void aRowAloneIsTheRowInABatch(
      @ForAll TinyDeberta kind,
      @ForAll KernelChoice backend,
      @ForAll @IntRange(min = 2, max = 4) int batch,
      @ForAll @IntRange(min = 1, max = 30) int tokens,
      @ForAll long seed) {
    var random = new Random(seed);
    var ids = TinyBert.ids(random, batch, tokens);
    var seen = seen(random, batch, tokens);
    try (var model = kind.model(options(backend, seed))) {
      var all = run(model, Inputs.ids(ids).with("attention_mask", seen));
      for (int i = 0; i < batch; i++) {
        var one = Inputs.ids(new long[][] {ids[i]}).with("attention_mask", new long[][] {seen[i]});
        int row = i;
        run(model, one)
            .forEach(
                (name, tensor) -> {
                  int size = tensor.floats().length;
                  var part =
                      Arrays.copyOfRange(all.get(name).floats(), row * size, (row + 1) * size);
                  Agreement.assertSame(backend, name, part, tensor.floats());
                });
      }
    }
  }

  /** The padding itself attends to everything evenly, as in Hugging Face. */
  @Property(tries = TRIES, seed = Agreement.SEED)
  void paddingChangesNothing(
      @ForAll TinyDeberta kind,
      @ForAll KernelChoice backend,
      @ForAll @IntRange(min = 1, max = 12) int tokens,
      @ForAll @IntRange(min = 0, max = 4) int left,
      @ForAll @IntRange(min = 0, max = 4) int right,
      @ForAll long seed) {
    int all = left + tokens + right;
    var alone = TinyBert.ids(new Random(seed), 2, tokens);
    var ids = new long[2][all];
    var seen = new long[2][all];
    for (int row = 0; row < 2; row++) {
      System.arraycopy(alone[row], 0, ids[row], left, tokens);
      Arrays.fill(seen[row], left, left + tokens, 1);
    }
    try (var model = kind.model(options(backend, seed))) {
      var expected = run(model, Inputs.ids(alone)).get("last_hidden_state");
      var padded = run(model, Inputs.ids(ids).with("attention_mask", seen));
      for (int row = 0; row < 2; row++) {
        for (int t = 0; t < all; t++) {
          var probabilities = padded.get("attentions.0").row(row, 1, t);
          for (int key = 0; key < all; key++) {
            if (seen[row][t] == 0) {
              boolean mixed = kind == TinyDeberta.V1_TALKING;
              float even = mixed ? probabilities[0] : 1f / all; // mixed rows have another sum
              assertThat(probabilities[key]).isCloseTo(even, within(1e-6f));
            } else if (seen[row][key] == 0) {
              assertThat(probabilities[key]).isZero();
            }
          }
          if (seen[row][t] == 1) {
            assertThat(padded.get("last_hidden_state").row(row, t))
                .containsExactly(expected.row(row, t - left), within(2e-5f));
          }
        }
      }
    }
  }

  /**
   * A head that reads the first token lets the layers leave out the padding, and most of the last
   * layer.
   */
  @Property(tries = TRIES, seed = Agreement.SEED)
  void whatNobodyReadsChangesNothing(
      @ForAll TinyDeberta kind,
      @ForAll boolean one,
      @ForAll @IntRange(min = 2, max = 4) int batch,
      @ForAll @IntRange(min = 2, max = 30) int tokens,
      @ForAll long seed) {
    var random = new Random(seed);
    var ids = TinyBert.ids(random, batch, tokens);
    var seen = seen(random, batch, tokens);
    var inputs = Inputs.ids(ids).with("attention_mask", seen);
    var backend = seed % 2 == 0 ? KernelChoice.VECTOR : KernelChoice.SCALAR;
    boolean first = one || kind.hasNoChoice();
    var head = first ? Head.SEQUENCE_CLASSIFICATION : Head.MULTIPLE_CHOICE;
    var chosen = options(backend, seed).withHead(head).withAllowNewHead(true);
    var shaped =
        first
            ? inputs
            : Inputs.of(
                Map.of(
                    "input_ids", choices(inputs, "input_ids"),
                    "attention_mask", choices(inputs, "attention_mask")));
    try (var model = kind.model(chosen)) {
      var least = model.forward(shaped).tensors().get("logits");
      var whole = run(model, shaped).get("logits");
      assertThat(least.floats()).isEqualTo(whole.floats());
    }
  }

  private static Tensor choices(Inputs inputs, String name) {
    var tensor = inputs.tensors().get(name);
    return Tensor.of(tensor.longs(), 1, tensor.shape().dim(0), tensor.shape().dim(1));
  }

  @Property(tries = 20, seed = Agreement.SEED)
  void threadsChangeNoBit(
      @ForAll TinyDeberta kind,
      @ForAll @IntRange(min = 1, max = 3) int batch,
      @ForAll @IntRange(min = 1, max = 70) int tokens,
      @ForAll long seed) {
    var ids = TinyBert.ids(new Random(seed), batch, tokens);
    var backend = seed % 2 == 0 ? KernelChoice.VECTOR : KernelChoice.SCALAR;
    try (var one = kind.model(options(backend, 5).withThreads(1));
        var three = kind.model(options(backend, 5).withThreads(3))) {
      var expected = run(one, Inputs.ids(ids));
      run(three, Inputs.ids(ids))
          .forEach(
              (name, tensor) ->
                  assertThat(tensor.floats()).as(name).isEqualTo(expected.get(name).floats()));
    }
  }

  /** Without distances and without embedded positions DeBERTa is BERT without positions. */
  @Test
  void withoutDistancesItIsBert(@TempDir Path folder) {
    var deberta = TinyDeberta.V2_PLAIN.model(options(KernelChoice.VECTOR, 3));
    try (deberta) {
      var tensors = new LinkedHashMap<String, Tensor>();
      deberta.save(folder);
      Safetensors.read(folder.resolve("model.safetensors"))
          .forEach((name, tensor) -> tensors.put(bertName(name), tensor));
      var zeros = new float[2 * TinyBert.HIDDEN];
      tensors.put("embeddings.token_type_embeddings.weight", Tensor.of(zeros, 2, TinyBert.HIDDEN));
      var none = new float[TinyBert.POSITIONS * TinyBert.HIDDEN];
      tensors.put(
          "embeddings.position_embeddings.weight",
          Tensor.of(none, TinyBert.POSITIONS, TinyBert.HIDDEN));
      var config = TinyBert.BERT.config();
      try (var bert =
          Model.of(config, tensors, options(KernelChoice.VECTOR, 3).withPooler(false))) {
        var ids = TinyBert.ids(new Random(8), 2, 11);
        var expected = run(bert, Inputs.ids(ids));
        var actual = run(deberta, Inputs.ids(ids));
        assertThat(actual.keySet()).isEqualTo(expected.keySet());
        actual.forEach(
            (name, tensor) ->
                assertThat(tensor.floats()).as(name).isEqualTo(expected.get(name).floats()));
      }
    }
  }

  private static String bertName(String name) {
    return name.replace("query_proj", "query")
        .replace("key_proj", "key")
        .replace("value_proj", "value");
  }

  /** The vectors of distances are rounded with the other weights. */
  @ParameterizedTest
  @EnumSource(TinyDeberta.class)
  void narrowWeightsStayNear(TinyDeberta kind) {
    var inputs = Inputs.ids(TinyBert.ids(new Random(8), 2, 25));
    var chosen = options(KernelChoice.AUTO, 4);
    try (var whole = kind.model(chosen)) {
      var expected = whole.forward(inputs).tensors().get("last_hidden_state").floats();
      for (var precision : new Precision[] {Precision.BFLOAT16, Precision.INT8}) {
        try (var model = kind.model(chosen.withPrecision(precision))) {
          var actual = model.forward(inputs).tensors().get("last_hidden_state").floats();
          double difference = 0;
          double size = 0;
          for (int i = 0; i < actual.length; i++) {
            difference += Math.pow((double) actual[i] - expected[i], 2);
            size += Math.pow(expected[i], 2);
          }
          double limit = precision == Precision.INT8 ? 0.04 : 0.015;
          assertThat(Math.sqrt(difference / size)).as("%s", precision).isBetween(1e-5, limit);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "conv_kernel_size, 4, is even",
    "attention_head_size, 3, heads share hidden_size",
    "pooler_hidden_size, 21, it is hidden_size 20",
  })
  void whatHuggingFaceCannotRunIsRefused(String key, int value, String why) {
    var config = TinyDeberta.V3.config().with(key, value);
    assertThatThrownBy(() -> Model.random(config, options(KernelChoice.SCALAR, 1)).close())
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(key)
        .hasMessageContaining(why);
  }

  @Test
  void theNewerHeadOfWordsCannotBeTied() {
    var config = TinyDeberta.V3.config().with("legacy", false);
    var chosen = options(KernelChoice.SCALAR, 1).withHead(Head.MASKED_LM);
    assertThatThrownBy(() -> Model.random(config, chosen).close())
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("legacy");
  }

  @ParameterizedTest
  @EnumSource(
      value = TinyDeberta.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = "V2_PLAIN") // has no distances
  void trainingThatWouldDropDistancesIsRefused(TinyDeberta kind) {
    var inputs = Inputs.ids(new long[][] {{1, 2, 3}});
    try (var model = kind.model(options(KernelChoice.SCALAR, 1))) {
      assertThatThrownBy(() -> model.forwardInTraining(1, inputs))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("hidden_dropout_prob");
    }
  }
}
