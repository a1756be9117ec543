package io.lanewise.springai.autoconfigure;

import io.lanewise.springai.LanewiseDocumentReranker;
import io.lanewise.springai.ModelSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.ai.rag.postretrieval.document.DocumentPostProcessor;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** The reranker of {@code spring.ai.lanewise.reranker}, where a model is set there. */
@AutoConfiguration
@ConditionalOnClass(DocumentPostProcessor.class)
@ConditionalOnProperty(prefix = LanewiseRerankerProperties.PREFIX, name = "model")
@EnableConfigurationProperties(LanewiseRerankerProperties.class)
public class LanewiseRerankerAutoConfiguration {
  static final String BEAN = "lanewiseDocumentReranker";

  /** The reranker; closed with the application, after the calls that run. */
  @Bean(name = BEAN, destroyMethod = "close")
  @ConditionalOnMissingBean
  LanewiseDocumentReranker lanewiseDocumentReranker(
      LanewiseRerankerProperties properties,
      ObjectProvider<ObservationRegistry> observations,
      ObjectProvider<MeterRegistry> meters) {
    var settings = LoadSettings.of(properties);
    var folder = settings.folder();
    var builder =
        settings
            .into(LanewiseDocumentReranker.builder(ModelSource.of(folder)), folder)
            .top(properties.top())
            .minScore(properties.minScore())
            .function(properties.function())
            .observationRegistry(observations.getIfUnique(() -> ObservationRegistry.NOOP));
    meters.ifUnique(builder::meterRegistry);
    return builder.build();
  }
}
