package io.lanewise.laws;

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
import io.lanewise.model.TinyRotary;
import io.lanewise.tensor.Tensor;
import java.util.Arrays;
import java.util.Random;
import java.util.SequencedMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;

/** What holds for families that know distances alone, whatever their numbers are. */
@Tag("every-vector-width")
class RotaryFamilyLawsTest {
  private static final int TRIES = 25;
  private static final int LONGEST = 16;

  private static Options options(KernelChoice backend, Head head, long seed) {
    var here = Backends.hereOrAuto(backend);
    return Options.DEFAULT.withHead(head).withBackend(here).withThreads(2).withSeed(seed);
  }

  private static Model model(TinyRotary kind, KernelChoice backend, long seed) {
    return kind.encoder(options(backend, Head.MODEL, seed));
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
      @ForAll TinyRotary kind,
      @ForAll KernelChoice backend,
      @ForAll boolean attentions,
      @ForAll @IntRange(min = 2, max = 4) int batch,
      @ForAll @IntRange(min = 1, max = LONGEST) int tokens,
      @ForAll long seed) {
    var random = new Random(seed);
    var ids = TinyBert.ids(random, batch, tokens);
    var seen = seen(random, batch, tokens);
    var keep =
        attentions
            ? new Keep[] {Keep.HIDDEN_STATES, Keep.ATTENTIONS}
            : new Keep[] {Keep.HIDDEN_STATES};
    try (var model = model(kind, backend, seed)) {
      var all = run(model, Inputs.ids(ids).with("attention_mask", seen), keep);
      for (int i = 0; i < batch; i++) {
        int row = i;
        var one = Inputs.ids(new long[][] {ids[i]}).with("attention_mask", new long[][] {seen[i]});
        run(model, one, keep)
            .forEach(
                (name, tensor) -> {
                  int size = tensor.floats().length;
                  var whole = all.get(name).floats();
                  var part = Arrays.copyOfRange(whole, row * size, (row + 1) * size);
                  Agreement.assertSame(backend, name, part, tensor.floats());
                });
      }
    }
  }

  private static SequencedMap<String, Tensor> run(Model model, Inputs inputs, Keep... keep) {
    return model.forward(inputs, keep).tensors();
  }

  @Property(tries = TRIES, seed = Agreement.SEED)
  void paddingOnEitherSideChangesNothing(
      @ForAll TinyRotary kind,
      @ForAll KernelChoice backend,
      @ForAll @IntRange(min = 1, max = 8) int tokens,
      @ForAll @IntRange(min = 0, max = 5) int left,
      @ForAll @IntRange(min = 0, max = 5) int right,
      @ForAll long seed) {
    var alone = TinyBert.ids(new Random(seed), 2, tokens);
    var ids = new long[2][left + tokens + right];
    var seen = new long[2][left + tokens + right];
    for (int row = 0; row < 2; row++) {
      System.arraycopy(alone[row], 0, ids[row], left, tokens);
      Arrays.fill(seen[row], left, left + tokens, 1);
    }
    try (var model = model(kind, backend, seed)) {
      var expected = run(model, Inputs.ids(alone)).get("last_hidden_state");
      var padded =
          run(model, Inputs.ids(ids).with("attention_mask", seen)).get("last_hidden_state");
      for (int row = 0; row < 2; row++) {
        for (int t = 0; t < tokens; t++) {
          assertThat(padded.row(row, left + t))
              .containsExactly(expected.row(row, t), within(5e-5f));
        }
      }
    }
  }

  /** Without the padding, and where only some tokens are read, the bits stay. */
  @Property(tries = TRIES, seed = Agreement.SEED)
  void neitherUnreadPaddingNorUnreadTokensChangeABit(
      @ForAll TinyRotary kind,
      @ForAll KernelChoice backend,
      @ForAll @IntRange(min = 1, max = 4) int batch,
      @ForAll @IntRange(min = 1, max = LONGEST) int tokens,
      @ForAll long seed) {
    var random = new Random(seed);
    var ids = TinyBert.ids(random, batch, tokens);
    var seen = seen(random, batch, tokens);
    var inputs = Inputs.ids(ids).with("attention_mask", seen);
    var read = new int[batch][];
    for (int b = 0; b < batch; b++) {
      int most = (int) Arrays.stream(seen[b]).sum();
      read[b] = new int[] {0, random.nextInt(most)};
    }
    try (var model = model(kind, backend, seed)) {
      var name = "last_hidden_state";
      var whole = run(model, inputs).get(name);
      var unread = run(model, inputs.withPaddingUnread()).get(name);
      var some = run(model, inputs.withReadTokens(read)).get(name);
      var both = run(model, inputs.withPaddingUnread().withReadTokens(read)).get(name);
      for (int b = 0; b < batch; b++) {
        for (int t = 0; t < tokens && seen[b][t] == 1; t++) {
          Agreement.assertSame(backend, "unread", unread.row(b, t), whole.row(b, t));
        }
        for (int i = 0; i < 2; i++) {
          var expected = whole.row(b, read[b][i]);
          Agreement.assertSame(backend, "some", some.row(2 * b + i), expected);
          Agreement.assertSame(backend, "both", both.row(2 * b + i), expected);
        }
      }
    }
  }

  /** RoFormer as a decoder: a cache holds turned keys, and turned values where these are turned. */
  @Property(tries = TRIES, seed = Agreement.SEED)
  void decodingInChunksIsDecodingAtOnce(
      @ForAll boolean values,
      @ForAll KernelChoice backend,
      @ForAll @IntRange(min = 2, max = LONGEST) int tokens,
      @ForAll @IntRange(min = 1, max = 5) int chunk,
      @ForAll long seed) {
    var ids = TinyBert.ids(new Random(seed), 2, tokens);
    var config = TinyRotary.ROFORMER.config().with("is_decoder", true).with("rotary_value", values);
    try (var model = Model.random(config, options(backend, Head.MODEL, seed));
        var cache = model.newCache()) {
      var whole = run(model, Inputs.ids(ids)).get("last_hidden_state");
      for (int start = 0; start < tokens; start += chunk) {
        int end = Math.min(start + chunk, tokens);
        var part =
            new long[][] {
              Arrays.copyOfRange(ids[0], start, end), Arrays.copyOfRange(ids[1], start, end)
            };
        var states = model.forward(Inputs.ids(part), cache).tensors().get("last_hidden_state");
        for (int row = 0; row < 2; row++) {
          for (int t = start; t < end; t++) {
            assertThat(states.row(row, t - start))
                .containsExactly(whole.row(row, t), within(2e-5f));
          }
        }
      }
    }
  }

  /** ModernBERT: local layers with a window over everything are global ones with their theta. */
  @Property(tries = TRIES, seed = Agreement.SEED)
  void aWindowOverTheWholeLengthIsNone(
      @ForAll KernelChoice backend,
      @ForAll boolean attentions,
      @ForAll @IntRange(min = 1, max = LONGEST) int tokens,
      @ForAll long seed) {
    var options = options(backend, Head.MODEL, seed);
    var config = TinyRotary.MODERNBERT.config().with("local_rope_theta", 160_000);
    var keep = attentions ? new Keep[] {Keep.ATTENTIONS} : new Keep[0];
    try (var wide = Model.random(config.with("local_attention", 2 * LONGEST), options);
        var none = Model.random(config.with("global_attn_every_n_layers", 1), options);
        var narrow = Model.random(config.with("local_attention", 2), options)) {
      var inputs = Inputs.ids(TinyBert.ids(new Random(seed), 2, tokens));
      var expected = run(none, inputs, keep);
      assertThat(run(wide, inputs, keep)).isEqualTo(expected);
      if (tokens > 4) {
        assertThat(run(narrow, inputs, keep)).isNotEqualTo(expected);
      }
    }
  }
}
