package io.lanewise.serve.metrics;

import io.lanewise.serve.batch.PassListener;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;

/**
 * What the server counts, under the names of text-embeddings-inference (router/src/prometheus.rs
 * and where its routes count). Thread-safe.
 */
public final class Metrics {
  private static final double NANOS = 1e9;

  private final Map<String, Series> series = new LinkedHashMap<>();
  private final Map<Object, AtomicInteger> waiting = new ConcurrentHashMap<>();

  /** What a request was about, which has counts of its own beside those of all requests. */
  public enum Work {
    /** Embeddings of any kind. */
    EMBED("te_embed"),
    /** Scores of labels or passages. */
    PREDICT("te_predict"),
    /** Anything else. */
    OTHER("");

    private final String prefix;

    Work(String prefix) {
      this.prefix = prefix;
    }
  }

  /** Nanoseconds that a request took, and its parts. */
  public record Times(long total, long tokenization, long queue, long inference) {}

  /** Nothing counted yet. */
  public Metrics() {
    for (var name : new String[] {"te_request_count", "te_request_success", "te_request_failure"}) {
      series.put(name, new Series.Counts());
    }
    addDurations("te_request");
    series.put("te_request_input_length", Series.Histogram.of(1, 2, 17));
    for (var work : Work.values()) {
      if (work != Work.OTHER) {
        series.put(work.prefix + "_count", new Series.Counts());
        series.put(work.prefix + "_success", new Series.Counts());
        addDurations(work.prefix);
      }
    }
    series.put("te_queue_size", new Series.Gauge(this::waiting));
    series.put("te_batch_next_size", Series.Histogram.of(1, 2, 13));
    series.put("te_batch_next_tokens", Series.Histogram.of(1, 2, 21));
  }

  private void addDurations(String prefix) {
    for (var part : new String[] {"", "_tokenization", "_queue", "_inference"}) {
      series.put(prefix + part + "_duration", Series.Histogram.of(1.5e-5, 1.5, 35));
    }
  }

  /** Adds a value that is asked for when it is read; before anybody reads. */
  public void gauge(String name, DoubleSupplier value) {
    series.put(name, new Series.Gauge(value));
  }

  private double waiting() {
    return waiting.values().stream().mapToInt(AtomicInteger::get).sum();
  }

  private void count(String name, String labels) {
    ((Series.Counts) series.get(name)).add(labels);
  }

  private void measure(String name, double value) {
    ((Series.Histogram) series.get(name)).add(value);
  }

  private static String method(boolean batch) {
    return batch ? "method=\"batch\"" : "method=\"single\"";
  }

  /** A request has come to a route with inputs. */
  public void came(Work work, boolean batch) {
    count("te_request_count", method(batch));
    if (work != Work.OTHER) {
      count(work.prefix + "_count", "");
    }
  }

  /** It has been answered. */
  public void answered(Work work, boolean batch, long tokens, Times times) {
    count("te_request_success", method(batch));
    measure("te_request_input_length", (double) tokens);
    measure("te_request", times);
    if (work != Work.OTHER) {
      count(work.prefix + "_success", "");
      measure(work.prefix, times);
    }
  }

  private void measure(String prefix, Times times) {
    measure(prefix + "_duration", times.total / NANOS);
    measure(prefix + "_tokenization_duration", times.tokenization / NANOS);
    measure(prefix + "_queue_duration", times.queue / NANOS);
    measure(prefix + "_inference_duration", times.inference / NANOS);
  }

  /** A request has no answer, for this reason. */
  public void failed(String reason) {
    count("te_request_failure", "err=\"" + reason + "\"");
  }

  /** What a queue tells of its passes. */
  public PassListener passes() {
    var own = new AtomicInteger();
    waiting.put(own, own);
    return new PassListener() {
      @Override
      public void pass(int sequences, long tokens) {
        measure("te_batch_next_size", sequences);
        measure("te_batch_next_tokens", (double) tokens);
      }

      @Override
      public void waiting(int requests) {
        own.set(requests);
      }
    };
  }

  /** All of it in the text format of Prometheus, version 0.0.4. */
  public String text() {
    var text = new StringBuilder();
    series.forEach((name, each) -> each.write(text, name));
    return text.toString();
  }
}
