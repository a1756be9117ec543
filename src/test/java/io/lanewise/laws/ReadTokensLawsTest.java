package io.lanewise.laws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.InputException;
import io.lanewise.model.Backends;
import io.lanewise.model.Head;
import io.lanewise.model.Inputs;
import io.lanewise.model.Keep;
import io.lanewise.model.KernelChoice;
import io.lanewise.model.Model;
import io.lanewise.model.Options;
import io.lanewise.model.Precision;
import io.lanewise.model.TinyAlbert;
import io.lanewise.model.TinyBart;
import io.lanewise.model.TinyBert;
import io.lanewise.tensor.Tensor;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;

/** Where only some tokens are read, their results have the bits that they have among all. */
@Tag("every-vector-width")
class ReadTokensLawsTest {
  private static final int TRIES = 25;

  private static Options options(KernelChoice backend, Head head, long seed) {
    var here = Backends.hereOrAuto(backend);
    return Options.DEFAULT.withHead(head).withBackend(here).withThreads(2).withSeed(seed);
  }

  /** Ids with padding behind some sequences. */
  private static Inputs inputs(long[][] ids, Random random) {
    var seen = new long[ids.length][ids[0].length];
    for (var row : seen) {
      Arrays.fill(row, 0, random.nextBoolean() ? row.length : 1 + random.nextInt(row.length), 1);
    }
    return Inputs.ids(ids).with("attention_mask", seen);
  }

  /** Some positions of each sequence, perhaps none, and of one at least one. */
  private static int[][] positions(Inputs inputs, Random random) {
    var shape = inputs.tensors().get("input_ids").shape();
    var positions = new int[shape.size(0)][];
    for (int b = 0; b < positions.length; b++) {
      positions[b] =
          IntStream.range(0, shape.size(1)).filter(_ -> random.nextInt(3) == 0).toArray();
    }
    positions[random.nextInt(positions.length)] = new int[] {random.nextInt(shape.size(1))};
    return positions;
  }

  /** Every field but the pooler's: the rows that were asked for are those of the whole. */
  private static void check(KernelChoice backend, Model model, Inputs inputs, Random random) {
    var read = positions(inputs, random);
    check(backend, model, inputs, read);
    check(backend, model, inputs, read, Keep.HIDDEN_STATES);
    var first = new int[read.length][1];
    check(backend, model, inputs, first);
    check(backend, model, inputs.withPaddingUnread(), first);
  }

  private static void check(
      KernelChoice backend, Model model, Inputs inputs, int[][] read, Keep... keep) {
    var whole = model.forward(inputs, keep).tensors();
    var some = model.forward(inputs.withReadTokens(read), keep).tensors();
    assertThat(some).doesNotContainKey("pooler_output");
    for (var entry : some.entrySet()) {
      var all = whole.get(entry.getKey());
      if (all.shape().equals(entry.getValue().shape())) {
        continue; // a result of whole sequences
      }
      compare(backend, entry.getKey(), all, entry.getValue(), read);
    }
  }

  private static void compare(
      KernelChoice backend, String name, Tensor all, Tensor some, int[][] read) {
    assertThat(some.shape().size(0)).isEqualTo(Arrays.stream(read).mapToInt(r -> r.length).sum());
    int row = 0;
    for (int b = 0; b < read.length; b++) {
      for (int position : read[b]) {
        Agreement.assertSame(backend, name, some.row(row++), all.row(b, position));
      }
    }
  }

  @Property(tries = TRIES, seed = Agreement.SEED)
  void ofBertAndItsKin(
      @ForAll TinyBert kind,
      @ForAll boolean decoder,
      @ForAll boolean words,
      @ForAll KernelChoice backend,
      @ForAll @IntRange(min = 1, max = 5) int batch,
      @ForAll @IntRange(min = 1, max = TinyBert.LONGEST) int tokens,
      @ForAll long seed) {
    var random = new Random(seed);
    var options = options(backend, words ? Head.MASKED_LM : Head.MODEL, seed);
    try (var model = kind.model(decoder, options)) {
      check(backend, model, inputs(TinyBert.ids(random, batch, tokens), random), random);
    }
  }

  @Property(tries = TRIES, seed = Agreement.SEED)
  void ofAlbert(
      @ForAll KernelChoice backend,
      @ForAll boolean distances,
      @ForAll boolean words,
      @ForAll @IntRange(min = 1, max = 5) int batch,
      @ForAll @IntRange(min = 1, max = TinyAlbert.POSITIONS) int tokens,
      @ForAll long seed) {
    var random = new Random(seed);
    var options =
        options(backend, words ? Head.PRE_TRAINING : Head.TOKEN_CLASSIFICATION, seed)
            .withSetting("position_embedding_type", distances ? "relative_key" : "absolute");
    try (var model = TinyAlbert.model(options)) {
      check(backend, model, inputs(TinyAlbert.ids(random, batch, tokens), random), random);
    }
  }

  @Property(tries = TRIES, seed = Agreement.SEED)
  void ofBart(
      @ForAll KernelChoice backend,
      @ForAll @IntRange(min = 1, max = 4) int batch,
      @ForAll @IntRange(min = 2, max = TinyBart.LONGEST) int tokens,
      @ForAll long seed) {
    var random = new Random(seed);
    try (var model = TinyBart.model(options(backend, Head.MODEL, seed))) {
      var inputs = inputs(TinyBart.ids(random, batch, tokens), random);
      var read = positions(inputs, random);
      var whole = model.forward(inputs).tensors().get("last_hidden_state");
      var some = model.forward(inputs.withReadTokens(read)).tensors().get("last_hidden_state");
      compare(backend, "last_hidden_state", whole, some, read);
    }
  }

  /** Heads of whole sequences read the first token, unless all states are kept. */
  @Property(tries = TRIES, seed = Agreement.SEED)
  void headsOfSequencesHaveTheSameBits(
      @ForAll TinyBert kind,
      @ForAll KernelChoice backend,
      @ForAll @IntRange(min = 1, max = 5) int batch,
      @ForAll @IntRange(min = 1, max = TinyBert.LONGEST) int tokens,
      @ForAll long seed) {
    var random = new Random(seed);
    try (var model = kind.encoder(options(backend, Head.SEQUENCE_CLASSIFICATION, seed))) {
      var inputs = inputs(TinyBert.ids(random, batch, tokens), random);
      var some = model.forward(inputs).tensors().get("logits");
      var all = model.forward(inputs, Keep.HIDDEN_STATES).tensors().get("logits");
      Agreement.assertSame(backend, "logits", some.floats(), all.floats());
    }
  }

  /** Wide enough that keys and values are multiplied alone, in each precision. */
  @Property(tries = TRIES, seed = Agreement.SEED)
  void ofProjectionsThatCanBeParted(
      @ForAll Precision precision,
      @ForAll boolean sequences,
      @ForAll @IntRange(min = 1, max = 5) int batch,
      @ForAll @IntRange(min = 1, max = TinyBert.POSITIONS) int tokens,
      @ForAll long seed) {
    var random = new Random(seed);
    var head = sequences ? Head.SEQUENCE_CLASSIFICATION : Head.TOKEN_CLASSIFICATION;
    var wide = TinyBert.BERT.config().with("hidden_size", 256).with("num_attention_heads", 4);
    var options = Options.DEFAULT.withHead(head).withPrecision(precision).withThreads(2);
    try (var model = Model.random(wide, options.withSeed(seed))) {
      var ids = TinyBert.ids(random, batch, tokens);
      if (!sequences) {
        check(KernelChoice.VECTOR, model, inputs(ids, random), random);
        return;
      }
      var some = model.forward(Inputs.ids(ids)).tensors().get("logits");
      var all = model.forward(Inputs.ids(ids), Keep.HIDDEN_STATES).tensors().get("logits");
      Agreement.assertSame(KernelChoice.VECTOR, "logits", some.floats(), all.floats());
    }
  }

  @Example
  void whatCannotBeReadIsRefused() {
    var ids = Inputs.ids(new long[][] {{2, 3, 4}, {5, 6, 7}});
    var options = Options.DEFAULT.withBackend(KernelChoice.SCALAR);
    try (var model = TinyBert.BERT.encoder(options.withHead(Head.MASKED_LM))) {
      refused(model, ids.withReadTokens(new int[][] {{0}}), "1 sequences", "2");
      refused(model, ids.withReadTokens(new int[][] {{0}, {3}}), "position 3", "sequence 1");
      refused(model, ids.withReadTokens(new int[][] {{-1}, {}}), "position -1");
      refused(model, ids.withReadTokens(new int[][] {{}, {}}), "no token");
      var labelled = ids.with("labels", new long[][] {{2, 3, 4}, {5, 6, 7}});
      refused(model, labelled.withReadTokens(new int[][] {{0}, {0}}), "labels");
    }
    try (var model = TinyBert.BERT.encoder(options.withHead(Head.SEQUENCE_CLASSIFICATION))) {
      refused(model, ids.withReadTokens(new int[][] {{0}, {0}}), "sequence");
    }
  }

  private static void refused(Model model, Inputs inputs, String... words) {
    assertThatThrownBy(() -> model.forward(inputs))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll(words);
  }
}
