package io.lanewise.springai.autoconfigure;

import io.lanewise.springai.LanewiseEmbeddingModel;
import io.lanewise.springai.LanewiseEmbeddingOptions;
import io.lanewise.springai.LanewiseTokenCountEstimator;
import io.lanewise.springai.ModelSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.util.List;
import org.springframework.ai.embedding.BatchingStrategy;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.embedding.observation.EmbeddingModelObservationConvention;
import org.springframework.ai.model.SpringAIModelProperties;
import org.springframework.ai.tokenizer.TokenCountEstimator;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigureOrder;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;

/**
 * The embedding model of {@code spring.ai.lanewise.embedding}, where {@code
 * spring.ai.model.embedding} is {@code lanewise}; nothing otherwise, so that it stands beside other
 * models on the class path.
 */
@AutoConfiguration
@AutoConfigureOrder(LanewiseEmbeddingAutoConfiguration.BEFORE_VECTOR_STORES)
@ConditionalOnClass(EmbeddingModel.class)
@ConditionalOnProperty(
    name = SpringAIModelProperties.EMBEDDING_MODEL,
    havingValue = StartCheck.LANEWISE)
@EnableConfigurationProperties(LanewiseEmbeddingProperties.class)
public class LanewiseEmbeddingAutoConfiguration {
  static final String BEAN = "lanewiseEmbeddingModel";

  /** Vector stores take the batching strategy that is there, and bring their own otherwise. */
  static final int BEFORE_VECTOR_STORES = -100;

  /** The model; closed with the application, after the calls that run. */
  @Bean(name = BEAN, destroyMethod = "close")
  @ConditionalOnMissingBean
  LanewiseEmbeddingModel lanewiseEmbeddingModel(
      LanewiseEmbeddingProperties properties,
      ObjectProvider<ObservationRegistry> observations,
      ObjectProvider<EmbeddingModelObservationConvention> convention,
      ObjectProvider<MeterRegistry> meters) {
    var settings = LoadSettings.of(properties);
    var folder = settings.folder();
    var builder =
        settings
            .into(LanewiseEmbeddingModel.builder(ModelSource.of(folder)), folder)
            .options(options(properties))
            .observationRegistry(observations.getIfUnique(() -> ObservationRegistry.NOOP));
    convention.ifUnique(builder::observationConvention);
    meters.ifUnique(builder::meterRegistry);
    return builder.build();
  }

  private static LanewiseEmbeddingOptions options(LanewiseEmbeddingProperties properties) {
    return LanewiseEmbeddingOptions.builder()
        .dimensions(properties.dimensions())
        .normalised(properties.normalised())
        .pooling(properties.pooling())
        .prompt(properties.prompt())
        .promptName(properties.promptName())
        .queryPrompt(properties.queryPrompt())
        .documentPrompt(properties.documentPrompt())
        .build();
  }

  /** Loaded when something asks for it. */
  @Bean
  @Lazy
  @ConditionalOnMissingBean(TokenCountEstimator.class)
  LanewiseTokenCountEstimator lanewiseTokenCountEstimator(LanewiseEmbeddingModel model) {
    return LanewiseTokenCountEstimator.of(model.folder());
  }

  /**
   * All documents in one call: the model makes its own batches. Spring AI's own strategy counts the
   * tokens of another tokenizer, and refuses documents that this model would cut.
   */
  @Bean
  @ConditionalOnMissingBean(BatchingStrategy.class)
  BatchingStrategy lanewiseBatchingStrategy() {
    return documents -> documents.isEmpty() ? List.of() : List.of(documents);
  }
}
