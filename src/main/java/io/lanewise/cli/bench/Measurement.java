package io.lanewise.cli.bench;

import io.lanewise.InputException;
import io.lanewise.checkpoint.Config;
import io.lanewise.model.Inputs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;

/** Times passes over fresh random ids: forward passes of a model, or generations. */
public final class Measurement {
  private static final int FIRST_ID = 5;
  private static final int LAST_ID = 20_004;

  private final Config config;
  private final Consumer<Inputs> pass;
  private final Random random = new Random(1);

  /**
   * Nothing measured yet.
   *
   * @param config of the model, whose ids are drawn
   * @param pass what is timed
   */
  public Measurement(Config config, Consumer<Inputs> pass) {
    this.config = config;
    this.pass = pass;
  }

  /**
   * How many texts of how many tokens go through the model together, written {@code 8x128}.
   *
   * @param batch texts
   * @param tokens tokens of each
   */
  public record Shape(int batch, int tokens) {
    private static final int LARGEST = 1 << 20;

    public Shape {
      if (batch < 1 || tokens < 1 || (long) batch * tokens > LARGEST) {
        throw new InputException(
            "%dx%d: give 1 or more texts of 1 or more tokens, at most %d together"
                .formatted(batch, tokens, LARGEST));
      }
    }

    public static Shape of(String text) {
      var parts = text.strip().split("x", -1);
      try {
        if (parts.length == 2) {
          return new Shape(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
        }
      } catch (NumberFormatException e) {
        throw unreadable(text, e);
      }
      throw unreadable(text, null);
    }

    private static InputException unreadable(String text, Exception cause) {
      return new InputException("\"" + text + "\" is no shape: write TEXTSxTOKENS, 8x128", cause);
    }

    @Override
    public String toString() {
      return batch + "x" + tokens;
    }
  }

  /** Milliseconds of {@code passes} passes, one after another. */
  public double[] times(Shape shape, int passes) {
    var times = new double[passes];
    for (int i = 0; i < passes; i++) {
      var ids = ids(shape);
      long start = System.nanoTime();
      pass.accept(Inputs.ids(ids));
      times[i] = (System.nanoTime() - start) / 1e6;
    }
    return times;
  }

  /** Milliseconds of as many passes as fit in the time, but no fewer than {@code least}. */
  public double[] timesFor(Shape shape, double seconds, int least) {
    var times = new double[16];
    int passes = 0;
    long start = System.nanoTime();
    while (passes < least || System.nanoTime() - start < seconds * 1e9) {
      if (passes == times.length) {
        times = Arrays.copyOf(times, 2 * passes);
      }
      times[passes++] = times(shape, 1)[0];
    }
    return Arrays.copyOf(times, passes);
  }

  /**
   * Milliseconds of a corpus of texts of different lengths, once for each of {@code times}.
   *
   * @param order of {@link MixedLengths}
   * @param group texts of a forward pass, padded to the longest of them
   */
  public double[] corpus(String order, int group, int times) {
    var passes = MixedLengths.passes(order, group);
    var result = new double[times];
    for (int i = 0; i < times; i++) {
      var inputs = new ArrayList<Inputs>();
      for (int[] lengths : passes) {
        inputs.add(padded(lengths));
      }
      long start = System.nanoTime();
      inputs.forEach(pass);
      result[i] = (System.nanoTime() - start) / 1e6;
    }
    return result;
  }

  private Inputs padded(int[] lengths) {
    int longest = Arrays.stream(lengths).max().orElseThrow();
    var ids = ids(new Shape(lengths.length, longest));
    var mask = new int[lengths.length][longest];
    for (int row = 0; row < lengths.length; row++) {
      Arrays.fill(mask[row], 0, lengths[row], 1);
    }
    return Inputs.ids(ids).with("attention_mask", mask).withPaddingUnread();
  }

  /** Fresh random ids. */
  public Inputs inputs(Shape shape) {
    return Inputs.ids(ids(shape));
  }

  private int[][] ids(Shape shape) {
    int end = Math.clamp(config.positive("vocab_size", LAST_ID), 1, LAST_ID);
    int first = Math.min(FIRST_ID, end - 1);
    var ids = new int[shape.batch()][shape.tokens()];
    for (var row : ids) {
      Arrays.setAll(row, _ -> random.nextInt(first, end));
    }
    return ids;
  }

  /**
   * Floating-point operations of a forward pass: the matrix products of the layers, two operations
   * a multiplication, without those of relative positions. 0 if the config does not say the sizes.
   */
  public double operations(Shape shape) {
    int layers = size("num_hidden_layers", "n_layers");
    double hidden = size("hidden_size", "dim");
    double intermediate = size("intermediate_size", "hidden_dim");
    int every = config.positive("global_attn_every_n_layers", 1); // ModernBERT's, with a gate
    double linear = 2 * (4 * hidden * hidden + (every > 1 ? 3 : 2) * hidden * intermediate);
    int global = Math.ceilDiv(layers, every);
    double seen = Math.min(shape.tokens(), config.integer("local_attention", 0) + 1.0);
    double pairs = global * (double) shape.tokens() + (layers - global) * seen;
    return shape.batch() * shape.tokens() * (layers * linear + 4 * hidden * pairs);
  }

  /** A size, by the name that most families have or by DistilBERT's. */
  private int size(String usual, String other) {
    return config.integer(usual, config.integer(other, 0));
  }
}
