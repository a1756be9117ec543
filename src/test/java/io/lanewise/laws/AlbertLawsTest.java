package io.lanewise.laws;

import static io.lanewise.model.TinyAlbert.LAYERS;
import static io.lanewise.model.TinyAlbert.POSITIONS;
import static io.lanewise.model.TinyAlbert.layerName;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lanewise.checkpoint.Config;
import io.lanewise.model.Backends;
import io.lanewise.model.Head;
import io.lanewise.model.Inputs;
import io.lanewise.model.Keep;
import io.lanewise.model.KernelChoice;
import io.lanewise.model.Loading;
import io.lanewise.model.Model;
import io.lanewise.model.Options;
import io.lanewise.model.TinyAlbert;
import io.lanewise.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
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
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** What holds for ALBERT whatever its numbers are; no reference is needed. */
@Tag("every-vector-width")
class AlbertLawsTest {
  private static final int TRIES = 25;
  private static final String[] POSITION_TYPES = {"absolute", "relative_key", "relative_key_query"};

  private static Path folder;

  @BeforeContainer
  static void makeFolder() throws IOException {
    folder = Files.createTempDirectory("lanewise-laws");
  }

  @AfterContainer
  static void removeFolder() throws IOException {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static Options options(KernelChoice backend, long seed) {
    return Options.DEFAULT
        .withHead(Head.MASKED_LM)
        .withBackend(Backends.hereOrAuto(backend))
        .withThreads(2)
        .withSeed(seed);
  }

  /** The logits of all tokens, and every state and probability on the way. */
  private static SequencedMap<String, Tensor> run(Model model, Inputs inputs) {
    return model.forward(inputs, Keep.HIDDEN_STATES, Keep.ATTENTIONS).tensors();
  }

  private static SequencedMap<String, Tensor> load(
      Config config, Map<String, Tensor> tensors, Options options, Inputs inputs)
      throws IOException {
    TinyAlbert.write(folder, config, new LinkedHashMap<>(tensors));
    try (var model = Model.load(folder, options)) {
      return run(model, inputs);
    }
  }

  private static void assertClose(float[] actual, float[] expected) {
    assertThat(actual).containsExactly(expected, within(2e-5f));
  }

  @Property(tries = TRIES, seed = Agreement.SEED)
  void aRowAloneIsTheRowInABatch(
      @ForAll KernelChoice backend,
      @ForAll @IntRange(min = 2, max = 5) int batch,
      @ForAll @IntRange(min = 1, max = POSITIONS) int tokens,
      @ForAll @IntRange(max = 2) int positions,
      @ForAll long seed) {
    var random = new Random(seed);
    var ids = TinyAlbert.ids(random, batch, tokens);
    var seen = new long[batch][tokens];
    for (var row : seen) {
      Arrays.fill(row, 0, 1 + random.nextInt(tokens), 1);
    }
    var type = POSITION_TYPES[positions];
    var chosen = options(backend, seed).withSetting("position_embedding_type", type);
    try (var model = TinyAlbert.model(chosen)) {
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

  @Property(tries = TRIES, seed = Agreement.SEED)
  void paddingOnTheRightChangesNothing(
      @ForAll KernelChoice backend,
      @ForAll @IntRange(min = 1, max = 8) int tokens,
      @ForAll @IntRange(min = 1, max = 8) int more,
      @ForAll @IntRange(max = 2) int positions,
      @ForAll long seed) {
    padded(backend, tokens, more, 0, POSITION_TYPES[positions], seed);
  }

  @Property(tries = TRIES, seed = Agreement.SEED)
  void paddingOnTheLeftChangesNothingWhereOnlyDistancesCount(
      @ForAll KernelChoice backend,
      @ForAll @IntRange(min = 1, max = 8) int tokens,
      @ForAll @IntRange(min = 1, max = 8) int more,
      @ForAll @IntRange(min = 1, max = 2) int positions,
      @ForAll long seed) {
    padded(backend, tokens, more, more, POSITION_TYPES[positions], seed);
  }

  private static void padded(
      KernelChoice backend, int tokens, int more, int left, String positionType, long seed) {
    var ids = TinyAlbert.ids(new Random(seed), 2, tokens + more);
    var seen = new long[2][tokens + more];
    var alone = new long[2][];
    for (int row = 0; row < 2; row++) {
      Arrays.fill(seen[row], left, left + tokens, 1);
      alone[row] = Arrays.copyOfRange(ids[row], left, left + tokens);
    }
    var chosen = options(backend, seed).withSetting("position_embedding_type", positionType);
    try (var model = TinyAlbert.model(chosen)) {
      var expected = run(model, Inputs.ids(alone));
      var actual = run(model, Inputs.ids(ids).with("attention_mask", seen));
      for (int row = 0; row < 2; row++) {
        for (int t = 0; t < tokens; t++) {
          assertClose(actual.get("logits").row(row, left + t), expected.get("logits").row(row, t));
          var probabilities = actual.get("attentions.0").row(row, 1, left + t);
          for (int key = 0; key < tokens + more; key++) {
            if (seen[row][key] == 0) {
              assertThat(probabilities[key]).isZero();
            }
          }
        }
      }
    }
  }

  @Property(tries = 10)
  void sharingTheWeightsOfAGroupIsSharingThemInTheFile(
      @ForAll KernelChoice backend, @ForAll long seed) throws IOException {
    var shared = TinyAlbert.tensors(seed, 1, 1);
    var unshared = new LinkedHashMap<>(shared);
    for (int group = 1; group < LAYERS; group++) {
      copyLayer(shared, layerName(0, 0), unshared, layerName(group, 0));
    }
    var config = TinyAlbert.config();
    var inputs = Inputs.ids(TinyAlbert.ids(new Random(seed), 2, 9));
    var chosen = options(backend, seed);
    assertThat(load(config.with("num_hidden_groups", LAYERS), unshared, chosen, inputs))
        .isEqualTo(load(config, shared, chosen, inputs));
  }

  @Property(tries = 10)
  void innerLayersAreLayers(@ForAll KernelChoice backend, @ForAll long seed) throws IOException {
    var nested = TinyAlbert.tensors(seed, 2, 2);
    var flat = new LinkedHashMap<String, Tensor>();
    nested.forEach((name, tensor) -> flat.put(flatten(name), tensor));
    var config = TinyAlbert.config();
    var inputs = Inputs.ids(TinyAlbert.ids(new Random(seed), 2, 9));
    var chosen = options(backend, seed);
    var inner =
        config.with("num_hidden_layers", 2).with("num_hidden_groups", 2).with("inner_group_num", 2);
    var outer = config.with("num_hidden_layers", 4).with("num_hidden_groups", 4);
    var actual = load(inner, nested, chosen, inputs);
    var expected = load(outer, flat, chosen, inputs);
    for (var name : new String[] {"logits", "attentions.0", "attentions.1", "attentions.3"}) {
      assertThat(actual.get(name)).as(name).isEqualTo(expected.get(name));
    }
    assertThat(actual.get("hidden_states.1")).isEqualTo(expected.get("hidden_states.2"));
    assertThat(actual).doesNotContainKey("hidden_states.3");
  }

  private static String flatten(String name) {
    for (int group = 0; group < 2; group++) {
      for (int inner = 0; inner < 2; inner++) {
        if (name.startsWith(layerName(group, inner))) {
          return layerName(2 * group + inner, 0) + name.substring(layerName(group, inner).length());
        }
      }
    }
    return name;
  }

  private static void copyLayer(
      Map<String, Tensor> from, String name, Map<String, Tensor> to, String newName) {
    from.forEach(
        (key, tensor) -> {
          if (key.startsWith(name)) {
            to.put(newName + key.substring(name.length()), tensor);
          }
        });
  }

  @Property(tries = 10, seed = Agreement.SEED)
  void distancesWithoutVectorsAreNoPositionsAtAll(@ForAll KernelChoice backend, @ForAll long seed)
      throws IOException {
    var plain = TinyAlbert.tensors(seed, 1, 1);
    int size = TinyAlbert.HIDDEN / TinyAlbert.HEADS;
    var relative = new LinkedHashMap<>(plain);
    var zeros = Tensor.of(new float[(2 * POSITIONS - 1) * size], 2 * POSITIONS - 1, size);
    relative.put(layerName(0, 0) + "attention.distance_embedding.weight", zeros);
    var name = "albert.embeddings.position_embeddings.weight";
    plain.put(name, Tensor.of(new float[POSITIONS * TinyAlbert.EMBEDDING], POSITIONS, 6));
    var config = TinyAlbert.config();
    var inputs = Inputs.ids(TinyAlbert.ids(new Random(seed), 2, 9));
    var chosen = options(backend, seed);
    var expected = load(config, plain, chosen, inputs);
    for (int i = 1; i <= 2; i++) {
      var changed = config.with("position_embedding_type", POSITION_TYPES[i]);
      var actual = load(changed, relative, chosen, inputs);
      assertClose(actual.get("logits").floats(), expected.get("logits").floats());
    }
  }

  @Property(tries = 10)
  void defaultsAreWhatTheySay(@ForAll KernelChoice backend, @ForAll long seed) throws IOException {
    var tensors = TinyAlbert.tensors(seed, 1, 1);
    var ids = TinyAlbert.ids(new Random(seed), 2, 9);
    var words = tensors.get("albert.embeddings.word_embeddings.weight");
    var embedded = new float[2 * 9 * TinyAlbert.EMBEDDING];
    for (int i = 0; i < 18; i++) {
      System.arraycopy(words.row(ids[i / 9][i % 9]), 0, embedded, i * 6, 6);
    }
    var ones = new float[TinyAlbert.HEADS];
    Arrays.fill(ones, 1);
    var given =
        Inputs.of(Map.of("inputs_embeds", Tensor.of(embedded, 2, 9, 6)))
            .with("attention_mask", new long[][] {new long[9], new long[9]})
            .with("token_type_ids", new long[][] {new long[9], new long[9]})
            .with("position_ids", new long[][] {{0, 1, 2, 3, 4, 5, 6, 7, 8}})
            .with("head_mask", ones);
    for (var row : new int[] {0, 1}) {
      Arrays.fill(given.tensors().get("attention_mask").longs(), row * 9, row * 9 + 9, 1);
    }
    var chosen = options(backend, seed);
    var expected = load(TinyAlbert.config(), tensors, chosen, Inputs.ids(ids));
    assertThat(load(TinyAlbert.config(), tensors, chosen, given)).isEqualTo(expected);
  }

  @Property(tries = 10)
  void mappedIsCopied(@ForAll KernelChoice backend, @ForAll long seed) throws IOException {
    var tensors = TinyAlbert.tensors(seed, 1, 1);
    var inputs = Inputs.ids(TinyAlbert.ids(new Random(seed), 2, 9));
    var chosen = options(backend, seed);
    assertThat(load(TinyAlbert.config(), tensors, chosen.withLoading(Loading.COPY), inputs))
        .isEqualTo(load(TinyAlbert.config(), tensors, chosen.withLoading(Loading.MAP), inputs));
  }

  @Property(tries = TRIES, seed = Agreement.SEED)
  void everyBackendAgreesWithTheScalarOne(
      @ForAll KernelChoice backend,
      @ForAll @IntRange(min = 1, max = 5) int batch,
      @ForAll @IntRange(min = 1, max = POSITIONS) int tokens,
      @ForAll @IntRange(max = 2) int positions,
      @ForAll long seed) {
    var inputs = Inputs.ids(TinyAlbert.ids(new Random(seed), batch, tokens));
    var type = POSITION_TYPES[positions];
    var chosen = options(backend, seed).withSetting("position_embedding_type", type);
    try (var model = TinyAlbert.model(chosen);
        var scalar = TinyAlbert.model(chosen.withBackend(KernelChoice.SCALAR))) {
      var expected = run(scalar, inputs);
      run(model, inputs)
          .forEach((name, tensor) -> assertClose(tensor.floats(), expected.get(name).floats()));
    }
  }

  @Property(tries = TRIES)
  void theNumberOfThreadsMakesNoDifference(
      @ForAll KernelChoice backend,
      @ForAll @IntRange(min = 2, max = 5) int threads,
      @ForAll @IntRange(min = 1, max = POSITIONS) int tokens,
      @ForAll long seed) {
    var inputs = Inputs.ids(TinyAlbert.ids(new Random(seed), 3, tokens));
    var chosen = options(backend, seed);
    try (var one = TinyAlbert.model(chosen.withThreads(1));
        var many = TinyAlbert.model(chosen.withThreads(threads))) {
      assertThat(run(many, inputs)).isEqualTo(run(one, inputs));
    }
  }
}
