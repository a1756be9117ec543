package io.lanewise.nn;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Backend;
import io.lanewise.memory.Matrix;
import io.lanewise.memory.Region;
import io.lanewise.memory.Slab;
import io.lanewise.nn.attention.AttentionHeads;
import io.lanewise.nn.attention.CrossAttention;
import io.lanewise.nn.attention.Decoding;
import io.lanewise.nn.attention.DenseAttention;
import io.lanewise.nn.attention.KeyValueCache;
import io.lanewise.nn.attention.Mask;
import io.lanewise.nn.attention.RelativePositions;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A decoder with random weights, for tests that compare ways of running it. */
public final class RandomDecoder implements AutoCloseable {
  public static final int LAYERS = 2;
  public static final int HEADS = 3;
  public static final int HEAD_SIZE = 5;
  public static final int HIDDEN = HEADS * HEAD_SIZE;
  static final int LONGEST = 40;
  private static final int INTERMEDIATE = 22;

  final Backend backend = Backend.of(Backend.Choice.SCALAR, 1);
  final Slab slab = new Slab();
  private final Region region = Region.open();
  private final Random random;
  private final List<DecoderLayer> layers = new ArrayList<>();

  public RandomDecoder(long seed, boolean relative) {
    random = new Random(seed);
    for (int i = 0; i < LAYERS; i++) {
      layers.add(
          new DecoderLayer(
              new DenseAttention(
                  linear(HIDDEN, 3 * HIDDEN), linear(HIDDEN, HIDDEN), heads(relative)),
              norm(),
              new CrossAttention(
                  linear(HIDDEN, HIDDEN),
                  linear(HIDDEN, 2 * HIDDEN),
                  linear(HIDDEN, HIDDEN),
                  heads(relative)),
              norm(),
              new FeedForward(
                  linear(HIDDEN, INTERMEDIATE), Activation.GELU, linear(INTERMEDIATE, HIDDEN)),
              norm()));
    }
  }

  private AttentionHeads heads(boolean relative) {
    var positions =
        relative
            ? new RelativePositions(
                linear(HEAD_SIZE, 2 * LONGEST - 1), linear(HEAD_SIZE, 2 * LONGEST - 1), LONGEST)
            : null;
    return new AttentionHeads(HEADS, HEAD_SIZE, positions);
  }

  private Linear linear(int inputs, int outputs) {
    var weight = Matrix.of(numbers(outputs * inputs), outputs, inputs);
    return Linear.of(new Packing(backend.gemm(), region), weight, numbers(outputs));
  }

  private LayerNorm norm() {
    return new LayerNorm(numbers(HIDDEN), numbers(HIDDEN), 0.3f);
  }

  private MemorySegment numbers(int count) {
    return region.copyOf(array(count));
  }

  /** Numbers around 0, such as states. */
  public float[] array(int count) {
    var values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian() / 2;
    }
    return values;
  }

  /** A mask that shows at least the first token of each sequence. */
  public float[] seen(int batch, int tokens) {
    var seen = new float[batch * tokens];
    for (int i = 0; i < seen.length; i++) {
      seen[i] = i % tokens == 0 || random.nextInt(4) > 0 ? 1 : 0;
    }
    return seen;
  }

  /** A factor for each head of each layer. */
  float[][] headMask() {
    return new float[][] {{1, 0.5f, 1}, {0, 1, 2}};
  }

  public KeyValueCache cache() {
    return KeyValueCache.growing(LAYERS, HEADS, HEAD_SIZE);
  }

  /** The result of an encoder. */
  public record Source(float[] states, int batch, int tokens, float[] seen) {}

  /** The states after the last layer, [batch * tokens * HIDDEN]. */
  public float[] run(float[] x, int batch, float[] seen, Source source, KeyValueCache cache) {
    return run(x, batch, seen, source, cache, new Trace(false, false));
  }

  public float[] run(
      float[] x, int batch, float[] seen, Source source, KeyValueCache cache, Trace trace) {
    int tokens = x.length / HIDDEN / batch;
    var pass = new Pass(backend, slab, trace);
    try (var _ = pass.frame()) {
      int past = 0;
      int keys = tokens;
      if (cache != null) {
        cache.reserve(batch, tokens);
        cache.reserveSource(source.batch, source.tokens, source.seen);
        past = cache.tokens();
        keys = cache.visible(tokens);
      }
      var states = pass.matrix(source.batch * source.tokens, HIDDEN);
      states.copyFrom(source.states, 0);
      boolean known = cache != null && cache.hasSource();
      int sources = known ? cache.sourceBatch() : source.batch;
      var seenOfSource = known ? cache.sourceSeen() : source.seen;
      var call =
          new Decoding(
              batch,
              Mask.causal(pass, seen, batch, tokens, keys, past),
              headMask(),
              new Decoding.Source(
                  states,
                  sources,
                  source.tokens,
                  Mask.padding(pass, seenOfSource, sources, source.tokens)),
              headMask(),
              cache);
      var y = pass.matrix(batch * tokens, HIDDEN);
      y.copyFrom(x, 0);
      for (int i = 0; i < LAYERS; i++) {
        layers.get(i).apply(pass, y, call, i, y);
      }
      if (cache != null) {
        cache.commit();
      }
      return y.toArray();
    }
  }

  /** The {@code count} tokens of each sequence from {@code from} on. */
  public static float[] slice(float[] x, int batch, int features, int from, int count) {
    int tokens = x.length / batch / features;
    var part = new float[batch * count * features];
    for (int b = 0; b < batch; b++) {
      int start = (b * tokens + from) * features;
      System.arraycopy(x, start, part, b * count * features, count * features);
    }
    return part;
  }

  @Override
  public void close() {
    slab.close();
    region.close();
    backend.close();
  }
}
