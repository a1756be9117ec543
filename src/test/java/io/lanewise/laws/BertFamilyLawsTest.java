package io.lanewise.laws;

import static io.lanewise.model.TinyBert.HIDDEN;
import static io.lanewise.model.TinyBert.LONGEST;
import static io.lanewise.model.TinyBert.PADDING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lanewise.model.Backends;
import io.lanewise.model.Head;
import io.lanewise.model.Inputs;
import io.lanewise.model.Keep;
import io.lanewise.model.KernelChoice;
import io.lanewise.model.Model;
import io.lanewise.model.Options;
import io.lanewise.model.TinyBert;
import io.lanewise.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.SequencedMap;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;

/** What holds for BERT and those like it whatever their numbers are; no reference is needed. */
@Tag("every-vector-width")
class BertFamilyLawsTest {
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

  private static void assertClose(float[] actual, float[] expected) {
    assertThat(actual).containsExactly(expected, within(2e-5f));
  }

  @Property(tries = TRIES, seed = Agreement.SEED)
  void aRowAloneIsTheRowInABatch(
      @ForAll TinyBert kind,
      @ForAll boolean decoder,
      @ForAll KernelChoice backend,
      @ForAll @IntRange(min = 2, max = 4) int batch,
      @ForAll @IntRange(min = 1, max = LONGEST) int tokens,
      @ForAll long seed) {
    var random = new Random(seed);
    var ids = TinyBert.ids(random, batch, tokens);
    var seen = new long[batch][tokens];
    for (var row : seen) {
      Arrays.fill(row, 0, 1 + random.nextInt(tokens), 1);
    }
    var chosen = options(backend, seed);
    try (var model = kind.model(decoder, chosen)) {
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
  void paddingChangesNothing(
      @ForAll TinyBert kind,
      @ForAll boolean decoder,
      @ForAll KernelChoice backend,
      @ForAll @IntRange(min = 1, max = 8) int tokens,
      @ForAll @IntRange(min = 0, max = 4) int left,
      @ForAll @IntRange(min = 0, max = 4) int right,
      @ForAll long seed) {
    int before = kind.ignoresPaddingOnTheLeft() ? left : 0;
    int all = before + tokens + right;
    var alone = TinyBert.ids(new Random(seed), 2, tokens);
    var ids = new long[2][all];
    var seen = new long[2][all];
    for (int row = 0; row < 2; row++) {
      Arrays.fill(ids[row], PADDING);
      System.arraycopy(alone[row], 0, ids[row], before, tokens);
      Arrays.fill(seen[row], before, before + tokens, 1);
    }
    var chosen = options(backend, seed);
    try (var model = kind.model(decoder, chosen)) {
      var expected = run(model, Inputs.ids(alone)).get("last_hidden_state");
      var padded = run(model, Inputs.ids(ids).with("attention_mask", seen));
      for (int row = 0; row < 2; row++) {
        for (int t = 0; t < tokens; t++) {
          var actual = padded.get("last_hidden_state").row(row, before + t);
          assertClose(actual, expected.row(row, t));
          var probabilities = padded.get("attentions.0").row(row, 1, before + t);
          for (int key = 0; key < all; key++) {
            if (seen[row][key] == 0) {
              assertThat(probabilities[key]).isZero();
            }
          }
        }
      }
    }
  }

  /** With the caller's cache, and with the past handed from call to call as tensors. */
  @Property(tries = TRIES, seed = Agreement.SEED)
  void decodingInChunksIsDecodingAtOnce(
      @ForAll TinyBert kind,
      @ForAll boolean cross,
      @ForAll KernelChoice backend,
      @ForAll @IntRange(min = 1, max = 3) int batch,
      @ForAll @IntRange(min = 2, max = LONGEST) int tokens,
      @ForAll @IntRange(min = 1, max = LONGEST) int sourceTokens,
      @ForAll long seed) {
    Assume.that(kind.decodes());
    var random = new Random(seed);
    var ids = TinyBert.ids(random, batch, tokens);
    var source = new LinkedHashMap<String, Tensor>();
    if (cross) {
      var states = new float[batch * sourceTokens * HIDDEN];
      for (int i = 0; i < states.length; i++) {
        states[i] = (float) random.nextGaussian();
      }
      var mask = new float[batch * sourceTokens];
      for (int i = 0; i < mask.length; i++) {
        mask[i] = i % sourceTokens == 0 || random.nextBoolean() ? 1 : 0;
      }
      source.put("encoder_hidden_states", Tensor.of(states, batch, sourceTokens, HIDDEN));
      source.put("encoder_attention_mask", Tensor.of(mask, batch, sourceTokens));
    }
    var chosen = options(backend, seed).withPooler(false);
    try (var model = kind.decoder(cross, chosen);
        var cache = model.newCache()) {
      var whole = model.forward(with(source, ids), Keep.PAST_KEY_VALUES).tensors();
      SequencedMap<String, Tensor> past = new LinkedHashMap<>();
      int start = 0;
      for (int length : chunks(random, tokens)) {
        var part = new long[batch][];
        for (int row = 0; row < batch; row++) {
          part[row] = Arrays.copyOfRange(ids[row], start, start + length);
        }
        var cached = model.forward(with(source, part), cache, Keep.PAST_KEY_VALUES).tensors();
        var inputs = new LinkedHashMap<>(source);
        inputs.putAll(past);
        var handed = model.forward(with(inputs, part), Keep.PAST_KEY_VALUES).tensors();
        assertThat(handed).isEqualTo(cached);
        var state = cached.remove("last_hidden_state");
        for (int row = 0; row < batch; row++) {
          for (int t = 0; t < length; t++) {
            var expected = whole.get("last_hidden_state").row(row, start + t);
            assertClose(state.row(row, t), expected);
          }
        }
        past = cached;
        start += length;
      }
      whole.remove("last_hidden_state");
      assertThat(past.keySet()).isEqualTo(whole.keySet());
      past.forEach((name, tensor) -> assertClose(tensor.floats(), whole.get(name).floats()));
    }
  }

  private static Inputs with(SequencedMap<String, Tensor> others, long[][] ids) {
    return Inputs.of(others).with("input_ids", ids);
  }

  private static List<Integer> chunks(Random random, int tokens) {
    var chunks = new ArrayList<Integer>();
    for (int left = tokens; left > 0; left -= chunks.getLast()) {
      chunks.add(1 + random.nextInt(left));
    }
    return chunks;
  }

  @Property(tries = TRIES)
  void aMaskWithARowForEachTokenMayRepeatOne(
      @ForAll TinyBert kind,
      @ForAll boolean decoder,
      @ForAll @IntRange(min = 1, max = LONGEST) int tokens,
      @ForAll long seed) {
    Assume.that(kind.takesPairs());
    var random = new Random(seed);
    var ids = TinyBert.ids(random, 2, tokens);
    var seen = new long[2][tokens];
    var pairs = new float[2 * tokens * tokens];
    for (int row = 0; row < 2; row++) {
      Arrays.fill(seen[row], 0, 1 + random.nextInt(tokens), 1);
      for (int i = 0; i < tokens; i++) {
        for (int j = 0; j < tokens; j++) {
          boolean later = decoder && kind.decodes() && j > i;
          pairs[(row * tokens + i) * tokens + j] = later ? 0 : seen[row][j];
        }
      }
    }
    var chosen = options(KernelChoice.AUTO, seed);
    try (var model = kind.model(decoder, chosen)) {
      var each = Inputs.ids(ids).with("attention_mask", Tensor.of(pairs, 2, tokens, tokens));
      assertThat(run(model, each))
          .isEqualTo(run(model, Inputs.ids(ids).with("attention_mask", seen)));
    }
  }

  @Property(tries = TRIES, seed = Agreement.SEED)
  void everyBackendAgreesWithTheScalarOne(
      @ForAll TinyBert kind,
      @ForAll boolean decoder,
      @ForAll KernelChoice backend,
      @ForAll @IntRange(min = 1, max = 4) int batch,
      @ForAll @IntRange(min = 1, max = LONGEST) int tokens,
      @ForAll long seed) {
    var inputs = Inputs.ids(TinyBert.ids(new Random(seed), batch, tokens));
    var chosen = options(backend, seed);
    var scalar = options(KernelChoice.SCALAR, seed);
    try (var model = kind.model(decoder, chosen);
        var reference = kind.model(decoder, scalar)) {
      var expected = run(reference, inputs);
      run(model, inputs)
          .forEach((name, tensor) -> assertClose(tensor.floats(), expected.get(name).floats()));
    }
  }
}
