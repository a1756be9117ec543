package io.lanewise.serve.metrics;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;

/** The numbers behind one name, in the text format of Prometheus. Thread-safe. */
sealed interface Series {
  /** Adds the lines of this name. */
  void write(StringBuilder text, String name);

  private static void head(StringBuilder text, String name, String type) {
    text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  private static void line(StringBuilder text, String name, String labels, double value) {
    text.append(name);
    if (!labels.isEmpty()) {
      text.append('{').append(labels).append('}');
    }
    text.append(' ').append(number(value)).append('\n');
  }

  /** A number without an exponent where it is whole. */
  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  /**
   * Counts, by labels such as {@code method="single"}.
   *
   * @param counts by the labels as they are written; empty for none
   */
  record Counts(Map<String, LongAdder> counts) implements Series {
    Counts() {
      this(new ConcurrentSkipListMap<>());
    }

    void add(String labels) {
      counts.computeIfAbsent(labels, _ -> new LongAdder()).increment();
    }

    @Override
    public void write(StringBuilder text, String name) {
      head(text, name, "counter");
      counts.forEach((labels, count) -> line(text, name, labels, (double) count.sum()));
    }
  }

  /** A value that is asked for when it is read. */
  record Gauge(DoubleSupplier value) implements Series {
    @Override
    public void write(StringBuilder text, String name) {
      head(text, name, "gauge");
      line(text, name, "", value.getAsDouble());
    }
  }

  /**
   * How many values lie below each bound.
   *
   * @param bounds ascending
   * @param counts of the values up to each bound, and of those above the last
   */
  record Histogram(double[] bounds, LongAdder[] counts, DoubleAdder sum) implements Series {
    static Histogram of(double first, double factor, int count) {
      var bounds = new double[count];
      var counts = new LongAdder[count + 1];
      double bound = first;
      for (int i = 0; i < count; i++) {
        bounds[i] = bound;
        bound *= factor;
      }
      for (int i = 0; i < counts.length; i++) {
        counts[i] = new LongAdder();
      }
      return new Histogram(bounds, counts, new DoubleAdder());
    }

    void add(double value) {
      int at = 0;
      while (at < bounds.length && value > bounds[at]) {
        at++;
      }
      counts[at].increment();
      sum.add(value);
    }

    @Override
    public void write(StringBuilder text, String name) {
      head(text, name, "histogram");
      long below = 0;
      for (int i = 0; i < bounds.length; i++) {
        below += counts[i].sum();
        line(text, name + "_bucket", "le=\"" + number(bounds[i]) + "\"", (double) below);
      }
      below += counts[bounds.length].sum();
      line(text, name + "_bucket", "le=\"+Inf\"", (double) below);
      line(text, name + "_sum", "", sum.sum());
      line(text, name + "_count", "", (double) below);
    }
  }
}
