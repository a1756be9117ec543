package io.lanewise.laws;

import static io.lanewise.model.TinyBart.LAYERS;
import static io.lanewise.model.TinyBart.LONGEST;
import static io.lanewise.model.TinyBart.PADDING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lanewise.model.Backends;
import io.lanewise.model.CacheContents;
import io.lanewise.model.Head;
import io.lanewise.model.Inputs;
import io.lanewise.model.Keep;
import io.lanewise.model.KernelChoice;
import io.lanewise.model.Model;
import io.lanewise.model.Options;
import io.lanewise.model.TinyBart;
import io.lanewise.nn.attention.CachedTensors;
import io.lanewise.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.SequencedMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;

/** What holds for BART whatever its numbers are; no reference is needed. */
@Tag("every-vector-width")
class BartLawsTest {
  private static final int TRIES = 10;
  private static final String STATES = "encoder_outputs.last_hidden_state";

  private static Model model(KernelChoice backend, long seed) {
    return TinyBart.model(
        Options.DEFAULT
            .withHead(Head.MODEL)
            .withBackend(Backends.hereOrAuto(backend))
            .withThreads(2)
            .withSeed(seed));
  }

  private static SequencedMap<String, Tensor> run(Model model, Inputs inputs) {
    return model.forward(inputs, Keep.HIDDEN_STATES, Keep.ATTENTIONS).tensors();
  }

  private static void assertClose(float[] actual, float[] expected) {
    assertThat(actual).containsExactly(expected, within(2e-5f));
  }

  /** A source with padding, and tokens of the decoder. */
  private record Example(long[][] source, long[][] seen, long[][] target) {
    static Example of(long seed, int batch, int sourceTokens, int tokens) {
      var random = new Random(seed);
      return new Example(
          TinyBart.ids(random, batch, sourceTokens),
          TinyBart.seen(random, batch, sourceTokens),
          TinyBart.ids(random, batch, tokens));
    }

    Inputs inputs() {
      return Inputs.ids(source).with("attention_mask", seen).with("decoder_input_ids", target);
    }

    Example row(int i) {
      return new Example(
          new long[][] {source[i]}, new long[][] {seen[i]}, new long[][] {target[i]});
    }

    /** The decoder's tokens from start to end. */
    long[][] part(int start, int end) {
      return Arrays.stream(target)
          .map(row -> Arrays.copyOfRange(row, start, end))
          .toArray(long[][]::new);
    }
  }

  @Property(tries = TRIES, seed = Agreement.SEED)
  void aRowAloneIsTheRowInABatch(
      @ForAll KernelChoice backend,
      @ForAll @IntRange(min = 2, max = 4) int batch,
      @ForAll @IntRange(min = 1, max = LONGEST) int sourceTokens,
      @ForAll @IntRange(min = 1, max = LONGEST) int tokens,
      @ForAll long seed) {
    var example = Example.of(seed, batch, sourceTokens, tokens);
    try (var model = model(backend, seed)) {
      var all = run(model, example.inputs());
      for (int i = 0; i < batch; i++) {
        int row = i;
        run(model, example.row(i).inputs())
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
      @ForAll @IntRange(min = 1, max = 10) int sourceTokens,
      @ForAll @IntRange(min = 1, max = 10) int tokens,
      @ForAll @IntRange(min = 0, max = 6) int more,
      @ForAll boolean masked,
      @ForAll long seed) {
    var random = new Random(seed);
    var source = TinyBart.ids(random, 2, sourceTokens);
    var target = TinyBart.ids(random, 2, tokens);
    var padded =
        Inputs.ids(padded(source, more, PADDING))
            .with("attention_mask", ones(sourceTokens, more))
            .with("decoder_input_ids", padded(target, more, PADDING));
    if (masked) { // causal attention does not see the padding anyway
      padded = padded.with("decoder_attention_mask", ones(tokens, more));
    }
    try (var model = model(backend, seed)) {
      var expected = run(model, Inputs.ids(source).with("decoder_input_ids", target));
      var actual = run(model, padded);
      for (int row = 0; row < 2; row++) {
        assertStart(actual, expected, "last_hidden_state", row, tokens);
        assertStart(actual, expected, "encoder_last_hidden_state", row, sourceTokens);
        for (int key = sourceTokens; key < sourceTokens + more; key++) {
          assertThat(actual.get("cross_attentions.0").at(row, 1, 0, key)).isZero();
          assertThat(actual.get("encoder_attentions.0").at(row, 1, 0, key)).isZero();
        }
      }
    }
  }

  private static void assertStart(
      SequencedMap<String, Tensor> actual,
      SequencedMap<String, Tensor> expected,
      String name,
      int row,
      int tokens) {
    for (int t = 0; t < tokens; t++) {
      assertClose(actual.get(name).row(row, t), expected.get(name).row(row, t));
    }
  }

  private static long[][] padded(long[][] ids, int more, long padding) {
    var rows = new long[ids.length][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = Arrays.copyOf(ids[i], ids[i].length + more);
      Arrays.fill(rows[i], ids[i].length, rows[i].length, padding);
    }
    return rows;
  }

  private static long[][] ones(int tokens, int more) {
    var row = new long[tokens + more];
    Arrays.fill(row, 0, tokens, 1);
    return new long[][] {row, row};
  }

  /** With the caller's cache, and with the past handed from call to call as tensors. */
  @Property(tries = TRIES, seed = Agreement.SEED)
  void decodingInChunksIsDecodingAtOnce(
      @ForAll KernelChoice backend,
      @ForAll @IntRange(min = 1, max = 3) int batch,
      @ForAll @IntRange(min = 1, max = LONGEST) int sourceTokens,
      @ForAll @IntRange(min = 2, max = LONGEST) int tokens,
      @ForAll long seed) {
    var example = Example.of(seed, batch, sourceTokens, tokens);
    try (var model = model(backend, seed);
        var cache = model.newCache()) {
      var whole = model.forward(example.inputs(), Keep.PAST_KEY_VALUES).tensors();
      SequencedMap<String, Tensor> past = new LinkedHashMap<>();
      int start = 0;
      for (int length : chunks(seed, tokens)) {
        var part = example.part(start, start + length);
        var call = example.inputs().with("decoder_input_ids", part);
        var cached = model.forward(call, cache, Keep.PAST_KEY_VALUES).tensors();
        var inputs = new LinkedHashMap<>(call.tensors());
        inputs.putAll(past);
        var handed = model.forward(Inputs.of(inputs), Keep.PAST_KEY_VALUES).tensors();
        assertThat(handed).isEqualTo(cached);
        var state = cached.remove("last_hidden_state");
        for (int row = 0; row < batch; row++) {
          for (int t = 0; t < length; t++) {
            var expected = whole.get("last_hidden_state").row(row, start + t);
            assertClose(state.row(row, t), expected);
          }
        }
        cached.remove("encoder_last_hidden_state");
        past = cached;
        start += length;
      }
      past.forEach((name, tensor) -> assertClose(tensor.floats(), whole.get(name).floats()));
      assertThat(past).hasSize(4 * LAYERS);
    }
  }

  private static List<Integer> chunks(long seed, int tokens) {
    var random = new Random(~seed);
    var chunks = new ArrayList<Integer>();
    for (int left = tokens; left > 0; left -= chunks.getLast()) {
      chunks.add(1 + random.nextInt(left));
    }
    return chunks;
  }

  @Property(tries = TRIES, seed = Agreement.SEED)
  void encodingThenDecodingIsTheForwardPass(
      @ForAll KernelChoice backend,
      @ForAll @IntRange(min = 1, max = 3) int batch,
      @ForAll @IntRange(min = 1, max = LONGEST) int sourceTokens,
      @ForAll @IntRange(min = 1, max = LONGEST) int tokens,
      @ForAll long seed) {
    var example = Example.of(seed, batch, sourceTokens, tokens);
    try (var model = model(backend, seed)) {
      var expected = run(model, example.inputs());
      var source = Inputs.ids(example.source).with("attention_mask", example.seen);
      var encoded = model.encode(source, Keep.HIDDEN_STATES, Keep.ATTENTIONS);
      encoded
          .tensors()
          .forEach((name, tensor) -> assertThat(tensor).isEqualTo(expected.get("encoder_" + name)));
      var decoding =
          Inputs.of(new LinkedHashMap<>())
              .with("decoder_input_ids", example.target)
              .with("encoder_attention_mask", example.seen)
              .with(STATES, encoded.lastHiddenState());
      model
          .decode(decoding, Keep.HIDDEN_STATES, Keep.ATTENTIONS)
          .tensors()
          .forEach(
              (name, tensor) -> {
                boolean own = name.startsWith("hidden_states") || name.startsWith("attentions");
                assertThat(tensor).isEqualTo(expected.get((own ? "decoder_" : "") + name));
              });
    }
  }

  @Property(tries = TRIES, seed = Agreement.SEED)
  void everyBackendAgreesWithTheScalarOne(
      @ForAll KernelChoice backend,
      @ForAll @IntRange(min = 1, max = 4) int batch,
      @ForAll @IntRange(min = 1, max = LONGEST) int sourceTokens,
      @ForAll @IntRange(min = 1, max = LONGEST) int tokens,
      @ForAll long seed) {
    var inputs = Example.of(seed, batch, sourceTokens, tokens).inputs();
    try (var model = model(backend, seed);
        var reference = model(KernelChoice.SCALAR, seed)) {
      var expected = run(reference, inputs);
      run(model, inputs)
          .forEach((name, tensor) -> assertClose(tensor.floats(), expected.get(name).floats()));
    }
  }

  /** A cache of slots and one that grows hold the same, and give the same. */
  @Property(tries = TRIES, seed = Agreement.SEED)
  void flaxCachesHoldWhatPyTorchCachesHold(
      @ForAll KernelChoice backend,
      @ForAll @IntRange(min = 1, max = 3) int batch,
      @ForAll @IntRange(min = 1, max = LONGEST) int sourceTokens,
      @ForAll @IntRange(min = 2, max = LONGEST - 2) int tokens,
      @ForAll @IntRange(min = 0, max = 2) int spare,
      @ForAll long seed) {
    var example = Example.of(seed, batch, sourceTokens, tokens);
    try (var model = model(backend, seed);
        var growing = model.newCache();
        var slots = model.initCache(batch, tokens + spare)) {
      var source = Inputs.ids(example.source).with("attention_mask", example.seen);
      var given =
          Inputs.of(new LinkedHashMap<>())
              .with("encoder_attention_mask", example.seen)
              .with(STATES, model.encode(source).lastHiddenState());
      int start = 0;
      for (int length : chunks(seed, tokens)) {
        var call = given.with("decoder_input_ids", example.part(start, start + length));
        var positions = new long[batch][length];
        for (var row : positions) {
          Arrays.setAll(row, i -> (long) growing.tokens() + i);
        }
        var expected = model.decode(call, growing).tensors().get("last_hidden_state");
        var actual = model.decode(call.with("decoder_position_ids", positions), slots).tensors();
        assertClose(actual.get("last_hidden_state").floats(), expected.floats());
        start += length;
      }
      var inSlots = CacheContents.of(slots);
      var grown = CacheContents.of(growing);
      for (int layer = 0; layer < LAYERS; layer++) {
        assertTransposed(
            CachedTensors.slots(inSlots, layer).key(), CachedTensors.own(grown, layer).key());
        assertTransposed(
            CachedTensors.slots(inSlots, layer).value(), CachedTensors.own(grown, layer).value());
      }
    }
  }

  /** [batch, slots, heads, size] and [batch, heads, tokens, size]; spare slots are zero. */
  private static void assertTransposed(Tensor slots, Tensor cached) {
    for (int row = 0; row < cached.shape().size(0); row++) {
      for (int head = 0; head < cached.shape().size(1); head++) {
        for (int t = 0; t < slots.shape().size(1); t++) {
          boolean filled = t < cached.shape().size(2);
          var expected = filled ? cached.row(row, head, t) : new float[slots.shape().size(3)];
          assertClose(slots.row(row, t, head), expected);
        }
      }
    }
  }
}
