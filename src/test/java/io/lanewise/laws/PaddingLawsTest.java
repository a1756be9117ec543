package io.lanewise.laws;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.model.Backends;
import io.lanewise.model.Head;
import io.lanewise.model.Inputs;
import io.lanewise.model.Keep;
import io.lanewise.model.KernelChoice;
import io.lanewise.model.Model;
import io.lanewise.model.Options;
import io.lanewise.model.TinyAlbert;
import io.lanewise.model.TinyBart;
import io.lanewise.model.TinyBert;
import io.lanewise.tensor.Tensor;
import java.util.Arrays;
import java.util.Random;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;

/** Leaving the padding out changes the bits of no token, and saves no work where it is seen. */
@Tag("every-vector-width")
class PaddingLawsTest {
  private static final int TRIES = 20;

  /** Sequences with padding behind them: ids and attention mask. */
  private record Batch(long[][] ids, long[][] seen) {
    static Batch of(long seed, long[][] ids) {
      var random = new Random(seed);
      var seen = new long[ids.length][ids[0].length];
      for (var row : seen) {
        Arrays.fill(row, 0, 1 + random.nextInt(row.length), 1);
      }
      return new Batch(ids, seen);
    }

    Inputs inputs() {
      return Inputs.ids(ids).with("attention_mask", seen);
    }
  }

  private static Options options(KernelChoice backend, Head head, long seed) {
    var here = Backends.hereOrAuto(backend);
    return Options.DEFAULT.withHead(head).withBackend(here).withThreads(2).withSeed(seed);
  }

  /** Compares the states of all tokens; the padding shows that it has really been left out. */
  private static void check(
      KernelChoice backend, Batch batch, Tensor states, Tensor unread, boolean leftOut) {
    assertThat(unread.shape()).isEqualTo(states.shape());
    for (int row = 0; row < batch.seen.length; row++) {
      for (int t = 0; t < batch.seen[row].length; t++) {
        var actual = unread.row(row, t);
        if (batch.seen[row][t] == 1 || !leftOut) {
          Agreement.assertSame(backend, "row " + row, actual, states.row(row, t));
        } else {
          assertThat(actual).containsOnly(0);
        }
      }
    }
  }

  private static void check(
      KernelChoice backend, Model model, Batch batch, boolean leavesOut, UnaryOperator<Inputs> as) {
    var inputs = as.apply(batch.inputs());
    var states = model.forward(inputs).tensors();
    var unread = model.forward(inputs.withPaddingUnread()).tensors();
    var last = states.get("last_hidden_state");
    check(backend, batch, last, unread.get("last_hidden_state"), leavesOut);
    var kept = model.forward(inputs.withPaddingUnread(), Keep.HIDDEN_STATES).tensors();
    check(backend, batch, last, kept.get("last_hidden_state"), false);
  }

  @Property(tries = TRIES, seed = Agreement.SEED)
  void ofBertAndItsKin(
      @ForAll TinyBert kind,
      @ForAll boolean decoder,
      @ForAll KernelChoice backend,
      @ForAll @IntRange(min = 1, max = 5) int batch,
      @ForAll @IntRange(min = 1, max = TinyBert.LONGEST) int tokens,
      @ForAll long seed) {
    var padded = Batch.of(seed, TinyBert.ids(new Random(seed), batch, tokens));
    var options = options(backend, Head.MODEL, seed);
    try (var model = kind.model(decoder, options)) {
      boolean encoder = !decoder || !kind.decodes();
      check(backend, model, padded, kind.leavesPaddingOut() && encoder, inputs -> inputs);
    }
  }

  @Property(tries = TRIES, seed = Agreement.SEED)
  void ofAlbert(
      @ForAll KernelChoice backend,
      @ForAll boolean distances,
      @ForAll @IntRange(min = 1, max = 5) int batch,
      @ForAll @IntRange(min = 1, max = TinyAlbert.POSITIONS) int tokens,
      @ForAll long seed) {
    var padded = Batch.of(seed, TinyAlbert.ids(new Random(seed), batch, tokens));
    var options =
        options(backend, Head.MODEL, seed)
            .withSetting("position_embedding_type", distances ? "relative_key" : "absolute");
    try (var model = TinyAlbert.model(options)) {
      check(backend, model, padded, !distances, inputs -> inputs);
    }
  }

  @Property(tries = TRIES, seed = Agreement.SEED)
  void ofBart(
      @ForAll KernelChoice backend,
      @ForAll @IntRange(min = 1, max = 5) int batch,
      @ForAll @IntRange(min = 1, max = TinyBart.LONGEST) int tokens,
      @ForAll long seed) {
    var padded = Batch.of(seed, TinyBart.ids(new Random(seed), batch, tokens));
    try (var model = TinyBart.model(options(backend, Head.MODEL, seed))) {
      var target = TinyBart.ids(new Random(seed + 1), batch, 3);
      var inputs = padded.inputs().with("decoder_input_ids", target);
      var states = model.forward(inputs).tensors();
      var unread = model.forward(inputs.withPaddingUnread()).tensors();
      var name = "encoder_last_hidden_state";
      check(backend, padded, states.get(name), unread.get(name), true);
      Agreement.assertSame(
          backend,
          "decoder",
          unread.get("last_hidden_state").floats(),
          states.get("last_hidden_state").floats());
    }
  }

  /** A head that looks at the first token leaves the padding out unasked. */
  @Property(tries = TRIES, seed = Agreement.SEED)
  void ofASequenceHead(@ForAll KernelChoice backend, @ForAll long seed) {
    var padded = Batch.of(seed, TinyAlbert.ids(new Random(seed), 4, TinyAlbert.POSITIONS));
    try (var model = TinyAlbert.model(options(backend, Head.SEQUENCE_CLASSIFICATION, seed))) {
      var logits = model.forward(padded.inputs()).tensors().get("logits");
      var plain = model.forward(padded.inputs(), Keep.HIDDEN_STATES).tensors().get("logits");
      Agreement.assertSame(backend, "logits", logits.floats(), plain.floats());
    }
  }

  /** Padding on the left, and tokens that count in part, go through the layers as before. */
  @Property(tries = TRIES, seed = Agreement.SEED)
  void otherMasksAreNotTouched(@ForAll KernelChoice backend, @ForAll long seed) {
    var ids = TinyAlbert.ids(new Random(seed), 2, 5);
    try (var model = TinyAlbert.model(options(backend, Head.MODEL, seed))) {
      for (var seen :
          new float[][][] {
            {{0, 1, 1, 1, 1}, {1, 1, 1, 1, 1}},
            {{1, 1, 0.5f, 0, 0}, {1, 1, 1, 1, 1}},
            {{1, 0, 1, 0, 0}, {1, 1, 1, 1, 0}},
            {{0, 0, 0, 0, 0}, {1, 1, 1, 1, 0}}
          }) {
        var inputs = Inputs.ids(ids).with("attention_mask", seen);
        var plain = model.forward(inputs).tensors();
        assertThat(model.forward(inputs.withPaddingUnread()).tensors()).isEqualTo(plain);
      }
    }
  }
}
