package io.lanewise.spark;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.resource.ResourceInformation;
import org.junit.jupiter.api.Test;

/** Models end with their executor, and Spark's metrics tell of them. */
class LanewisePluginTest {
  @Test
  void modelsAreClosedWithTheExecutor() {
    Sessions.end();
    assertThat(Models.here().size()).isZero();
    var embed =
        new EmbedTransformer().setModel(Folders.EMBED).setInputCol("text").setOutputCol("out");
    for (int application = 1; application <= 2; application++) {
      var texts = Sessions.texts(Sessions.local(), List.of("Rome", "Paris"));
      assertThat(embed.transform(texts).collectAsList()).hasSize(2);
      assertThat(Models.here().size()).isEqualTo(1);
      Sessions.end();
      assertThat(Models.here().size()).isZero();
    }
  }

  @Test
  void metricsTellOfThem() {
    var registry = new MetricRegistry();
    var plugin = new LanewisePlugin();
    plugin.executorPlugin().init(new Context(registry), Map.of());
    assertThat(registry.getGauges())
        .containsOnlyKeys("models", "loads", "scratchBytes", "scratchLimit");
    assertThat(registry.getGauges().get("loads").getValue()).isEqualTo(Models.here().loads());
    assertThat(registry.getGauges().get("models").getValue()).isEqualTo(Models.here().size());
    assertThat((Long) registry.getGauges().get("scratchLimit").getValue()).isPositive();
    assertThat((Long) registry.getGauges().get("scratchBytes").getValue()).isNotNegative();
    assertThat(plugin.driverPlugin()).isNull();
  }

  /** What Spark gives a plugin. */
  private record Context(MetricRegistry metricRegistry) implements PluginContext {
    @Override
    public SparkConf conf() {
      return new SparkConf();
    }

    @Override
    public String executorID() {
      return "0";
    }

    @Override
    public String hostname() {
      return "localhost";
    }

    @Override
    public Map<String, ResourceInformation> resources() {
      return Map.of();
    }

    @Override
    public void send(Object message) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Object ask(Object message) {
      throw new UnsupportedOperationException();
    }
  }
}
