package io.lanewise.spark;

import com.codahale.metrics.Gauge;
import java.util.Map;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;

/**
 * Closes an executor's models with the executor, and counts them in Spark's metrics: {@code
 * models}, {@code loads}, {@code scratchBytes} and {@code scratchLimit}.
 *
 * <pre>{@code
 * var spark =
 *     SparkSession.builder().config("spark.plugins", LanewisePlugin.class.getName()).getOrCreate();
 * }</pre>
 *
 * <p>Without it they are closed when the JVM ends.
 */
public final class LanewisePlugin implements SparkPlugin {
  /** Made by Spark. */
  public LanewisePlugin() {}

  /** The driver has nothing to do. */
  @Override
  public DriverPlugin driverPlugin() {
    return null;
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new ExecutorPlugin() {
      @Override
      public void init(PluginContext context, Map<String, String> extra) {
        var metrics = context.metricRegistry();
        metrics.register("models", (Gauge<Integer>) () -> Models.here().size());
        metrics.register("loads", (Gauge<Integer>) () -> Models.here().loads());
        metrics.register("scratchBytes", (Gauge<Long>) () -> Models.here().memory().used());
        metrics.register("scratchLimit", (Gauge<Long>) () -> Models.here().memory().bytes());
      }

      @Override
      public void shutdown() {
        Models.here().close();
      }
    };
  }
}
