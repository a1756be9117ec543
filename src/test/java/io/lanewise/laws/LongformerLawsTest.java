package io.lanewise.laws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.folder.JsonConfig;
import io.lanewise.model.Backends;
import io.lanewise.model.Head;
import io.lanewise.model.Inputs;
import io.lanewise.model.KernelChoice;
import io.lanewise.model.Model;
import io.lanewise.model.Options;
import io.lanewise.model.TinyBert;
import io.lanewise.tensor.Tensor;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;

/** What holds for Longformer whatever its numbers are; no reference is needed. */
@Tag("every-vector-width")
class LongformerLawsTest {
  private static final int TRIES = 10;
  private static final int LONGEST = 40;
  private static final int NARROW = 6;

  private static Config config(String family, int window) {
    var tree = JsonNodeFactory.instance.objectNode();
    tree.put("model_type", family);
    tree.put("vocab_size", TinyBert.VOCABULARY);
    tree.put("hidden_size", 20);
    tree.put("num_attention_heads", 5);
    tree.put("intermediate_size", 14);
    tree.put("num_hidden_layers", 3);
    tree.put("max_position_embeddings", LONGEST + 2);
    tree.put("initializer_range", 0.3);
    // bounds what a norm makes of the last bits of a row that hardly varies
    tree.put("layer_norm_eps", 0.3);
    if (family.equals("longformer")) {
      tree.put("attention_window", window);
    }
    return JsonConfig.of(tree, "tiny config");
  }

  private static Model longformer(int window, KernelChoice backend, long seed) {
    return Model.random(config("longformer", window), options(backend, seed));
  }

  private static Options options(KernelChoice backend, long seed) {
    return Options.DEFAULT
        .withHead(Head.MODEL)
        .withBackend(Backends.hereOrAuto(backend))
        .withThreads(2)
        .withSeed(seed);
  }

  private static Tensor run(Model model, long[][] ids, long[][] seen, long[][] global) {
    var inputs = Inputs.ids(ids).with("attention_mask", seen).with("global_attention_mask", global);
    return model.forward(inputs).tensors().get("last_hidden_state");
  }

  private static long[][] ones(int batch, int tokens) {
    var rows = new long[batch][tokens];
    for (var row : rows) {
      Arrays.fill(row, 1);
    }
    return rows;
  }

  /** Some tokens of each sequence, none or many. */
  private static long[][] some(Random random, int batch, int tokens) {
    var rows = new long[batch][tokens];
    for (var row : rows) {
      int rare = 1 + random.nextInt(8);
      Arrays.setAll(row, _ -> random.nextInt(rare) == 0 ? 1 : 0);
    }
    return rows;
  }

  private static void assertClose(float[] actual, float[] expected) {
    assertThat(actual).containsExactly(expected, within(2e-5f));
  }

  @Property(tries = TRIES, seed = Agreement.SEED)
  void aRowAloneIsTheRowInABatch(
      @ForAll KernelChoice backend,
      @ForAll @IntRange(min = 2, max = 4) int batch,
      @ForAll @IntRange(min = 1, max = LONGEST) int tokens,
      @ForAll long seed) {
    var random = new Random(seed);
    var ids = TinyBert.ids(random, batch, tokens);
    var global = some(random, batch, tokens);
    var seen = ones(1, tokens);
    try (var model = longformer(NARROW, backend, seed)) {
      var all = run(model, ids, ones(batch, tokens), global).floats();
      for (int i = 0; i < batch; i++) {
        var alone = run(model, new long[][] {ids[i]}, seen, new long[][] {global[i]}).floats();
        var row = Arrays.copyOfRange(all, i * alone.length, (i + 1) * alone.length);
        Agreement.assertSame(backend, "row " + i, row, alone);
      }
    }
  }

  @Property(tries = TRIES, seed = Agreement.SEED)
  void paddingOnTheRightChangesNothing(
      @ForAll KernelChoice backend,
      @ForAll @IntRange(min = 1, max = 30) int tokens,
      @ForAll @IntRange(min = 1, max = 10) int right,
      @ForAll long seed) {
    var random = new Random(seed);
    var alone = TinyBert.ids(random, 2, tokens);
    var global = some(random, 2, tokens);
    var ids = new long[2][];
    var seen = new long[2][];
    var marks = new long[2][];
    for (int row = 0; row < 2; row++) {
      ids[row] = Arrays.copyOf(alone[row], tokens + right);
      Arrays.fill(ids[row], tokens, tokens + right, TinyBert.PADDING);
      seen[row] = Arrays.copyOf(ones(1, tokens)[0], tokens + right);
      marks[row] = Arrays.copyOf(global[row], tokens + right);
      // a mark on a masked token means nothing
      marks[row][tokens + right - 1] = 1;
    }
    try (var model = longformer(NARROW, backend, seed)) {
      var expected = run(model, alone, ones(2, tokens), global);
      var padded = run(model, ids, seen, marks);
      for (int row = 0; row < 2; row++) {
        for (int t = 0; t < tokens; t++) {
          assertClose(padded.row(row, t), expected.row(row, t));
        }
      }
    }
  }

  @Property(tries = TRIES, seed = Agreement.SEED)
  void everyBackendAgreesWithTheScalarOne(
      @ForAll KernelChoice backend,
      @ForAll @IntRange(min = 1, max = 3) int batch,
      @ForAll @IntRange(min = 1, max = LONGEST) int tokens,
      @ForAll long seed) {
    var random = new Random(seed);
    var ids = TinyBert.ids(random, batch, tokens);
    var global = some(random, batch, tokens);
    var seen = ones(batch, tokens);
    try (var model = longformer(NARROW, backend, seed);
        var reference = longformer(NARROW, KernelChoice.SCALAR, seed)) {
      assertClose(
          run(model, ids, seen, global).floats(), run(reference, ids, seen, global).floats());
    }
  }
}
