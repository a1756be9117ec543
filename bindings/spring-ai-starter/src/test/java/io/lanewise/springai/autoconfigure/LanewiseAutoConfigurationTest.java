package io.lanewise.springai.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.CheckpointException;
import io.lanewise.springai.LanewiseDocumentReranker;
import io.lanewise.springai.LanewiseEmbeddingModel;
import io.lanewise.springai.LanewiseEmbeddingOptions;
import io.lanewise.task.PoolingMode;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.ai.document.Document;
import org.springframework.ai.document.MetadataMode;
import org.springframework.ai.embedding.BatchingStrategy;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.embedding.TokenCountBatchingStrategy;
import org.springframework.ai.embedding.observation.DefaultEmbeddingModelObservationConvention;
import org.springframework.ai.embedding.observation.EmbeddingModelObservationConvention;
import org.springframework.ai.model.embedding.observation.autoconfigure.EmbeddingObservationAutoConfiguration;
import org.springframework.ai.rag.Query;
import org.springframework.ai.rag.postretrieval.document.DocumentPostProcessor;
import org.springframework.ai.tokenizer.TokenCountEstimator;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class LanewiseAutoConfigurationTest {
  private final ApplicationContextRunner all =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  StoreAutoConfiguration.class,
                  LanewiseEmbeddingAutoConfiguration.class,
                  LanewiseRerankerAutoConfiguration.class,
                  LanewiseHealthAutoConfiguration.class));

  private final ApplicationContextRunner embedding = embedding(CoreFolders.BERT);

  private final ApplicationContextRunner reranking =
      all.withPropertyValues("spring.ai.lanewise.reranker.model=" + CoreFolders.CROSS);

  private ApplicationContextRunner embedding(Path folder) {
    return all.withPropertyValues(
        "spring.ai.model.embedding=lanewise", "spring.ai.lanewise.embedding.model=" + folder);
  }

  /** As those of vector stores. */
  @AutoConfiguration
  static class StoreAutoConfiguration {
    @Bean
    @ConditionalOnMissingBean(BatchingStrategy.class)
    BatchingStrategy batchingStrategy() {
      return new TokenCountBatchingStrategy();
    }
  }

  @Test
  void nothingIsThereUnasked() {
    all.withPropertyValues("spring.ai.lanewise.embedding.model=" + CoreFolders.BERT)
        .run(
            context ->
                assertThat(context)
                    .doesNotHaveBean(EmbeddingModel.class)
                    .doesNotHaveBean(DocumentPostProcessor.class)
                    .doesNotHaveBean(HealthIndicator.class));
    all.withPropertyValues("spring.ai.model.embedding=openai")
        .run(context -> assertThat(context).doesNotHaveBean(EmbeddingModel.class));
  }

  @Test
  void modelEstimatorAndHealthAreThere() {
    embedding.run(
        context -> {
          assertThat(context).hasSingleBean(EmbeddingModel.class);
          var model = context.getBean(LanewiseEmbeddingModel.class);
          assertThat(model.embed("Rome")).hasSize(16);
          assertThat(model.name()).isEqualTo(CoreFolders.BERT.toString());
          assertThat(context.getBean(TokenCountEstimator.class).estimate("Rome is in Italy."))
              .isEqualTo(5);
          assertThat(context).doesNotHaveBean(DocumentPostProcessor.class);
        });
  }

  @Test
  void theModelMakesItsOwnBatches() {
    var documents = List.of(new Document("Rome ".repeat(10_000)), new Document("Rome"));
    embedding.run(
        context -> {
          assertThat(context).hasSingleBean(BatchingStrategy.class);
          var strategy = context.getBean(BatchingStrategy.class);
          assertThat(context.getBean(EmbeddingModel.class).embed(documents, null, strategy))
              .hasSize(2);
          assertThat(strategy.batch(List.of())).isEmpty();
        });
    embedding
        .withBean(TokenCountBatchingStrategy.class)
        .run(context -> assertThat(context).hasSingleBean(TokenCountBatchingStrategy.class));
    all.run(context -> assertThat(context).hasSingleBean(TokenCountBatchingStrategy.class));
  }

  @Test
  void everyPropertyOfTheEmbeddingModelHolds() {
    embedding(CoreFolders.PROMPTED)
        .withPropertyValues(
            "spring.ai.lanewise.embedding.name=small",
            "spring.ai.lanewise.embedding.dtype=bf16",
            "spring.ai.lanewise.embedding.backend=scalar",
            "spring.ai.lanewise.embedding.threads=1",
            "spring.ai.lanewise.embedding.pooling=mean-sqrt",
            "spring.ai.lanewise.embedding.normalised=true",
            "spring.ai.lanewise.embedding.dimensions=5",
            "spring.ai.lanewise.embedding.prompt-name=passage",
            "spring.ai.lanewise.embedding.query-prompt=",
            "spring.ai.lanewise.embedding.document-prompt=text:",
            "spring.ai.lanewise.embedding.metadata-mode=embed",
            "spring.ai.lanewise.embedding.batch-tokens=64",
            "spring.ai.lanewise.embedding.max-length=8",
            "spring.ai.lanewise.embedding.memory=64MB",
            "spring.ai.lanewise.embedding.timeout=30s",
            "spring.ai.lanewise.embedding.warm-up=true")
        .run(
            context -> {
              var model = context.getBean(LanewiseEmbeddingModel.class);
              assertThat(model.defaults())
                  .isEqualTo(
                      LanewiseEmbeddingOptions.builder()
                          .model("small")
                          .pooling(List.of(PoolingMode.MEAN_SQRT))
                          .normalised(true)
                          .dimensions(5)
                          .promptName("passage")
                          .queryPrompt("")
                          .documentPrompt("text:")
                          .build());
              assertThat(model.metadataMode()).isEqualTo(MetadataMode.EMBED);
              assertThat(model.kernels().reasons().toString()).contains("scalar");
              assertThat(model.memoryUsed()).isBetween(1L, 64L << 20);
              var response = model.embedForResponse(List.of("Rome ".repeat(20)));
              assertThat(response.getMetadata().getUsage().getPromptTokens()).isEqualTo(8);
              assertThat(response.getResult().getOutput()).hasSize(5);
            });
  }

  @Test
  void rerankerAndItsPropertiesHold() {
    var documents = List.of(new Document("Rome"), new Document("It is 3,403 metres high."));
    var query = new Query("How tall is the mountain?");
    reranking.run(
        context ->
            assertThat(context.getBean(DocumentPostProcessor.class).process(query, documents))
                .extracting(Document::getText)
                .containsExactly("It is 3,403 metres high.", "Rome"));
    reranking
        .withPropertyValues(
            "spring.ai.lanewise.reranker.top=1",
            "spring.ai.lanewise.reranker.min-score=-10",
            "spring.ai.lanewise.reranker.function=none",
            "spring.ai.lanewise.reranker.name=cross")
        .run(
            context -> {
              var reranker = context.getBean(LanewiseDocumentReranker.class);
              assertThat(reranker.name()).isEqualTo("cross");
              assertThat(reranker.process(query, documents)).hasSize(1);
            });
  }

  @Test
  void healthTellsOfAllModels() {
    embedding
        .withPropertyValues("spring.ai.lanewise.reranker.model=" + CoreFolders.CROSS)
        .run(
            context -> {
              var health = health(context.getBean(LanewiseHealthIndicator.class));
              assertThat(health.getStatus()).isEqualTo(Status.UP);
              assertThat(health.getDetails().toString())
                  .contains("embedding", "reranking", "kernels", CoreFolders.BERT.toString());
              context.getBean(LanewiseEmbeddingModel.class).close();
              assertThat(health(context.getBean(LanewiseHealthIndicator.class)).getStatus())
                  .isEqualTo(Status.DOWN);
            });
    embedding
        .withPropertyValues("management.health.lanewise.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean(LanewiseHealthIndicator.class));
  }

  private static Health health(HealthIndicator indicator) {
    return indicator.health();
  }

  @Configuration(proxyBeanMethods = false)
  static class Meters {
    @Bean
    MeterRegistry meterRegistry() {
      return new SimpleMeterRegistry();
    }
  }

  @Test
  void metersAndObservationsAreThere() {
    embedding
        .withUserConfiguration(Meters.class)
        .withConfiguration(
            AutoConfigurations.of(
                MetricsAutoConfiguration.class,
                ObservationAutoConfiguration.class,
                EmbeddingObservationAutoConfiguration.class))
        .withPropertyValues("spring.ai.lanewise.embedding.name=bert")
        .run(
            context -> {
              context.getBean(EmbeddingModel.class).embed("Rome");
              var meters = context.getBean(MeterRegistry.class);
              assertThat(meters.get("lanewise.models").tag("model", "bert").gauge().value())
                  .isEqualTo(1);
              assertThat(meters.get("lanewise.tokens").counter().count()).isEqualTo(3);
              assertThat(meters.get("lanewise.calls").timer().count()).isEqualTo(1);
              var observed = meters.get("gen_ai.client.operation");
              assertThat(observed.tag("gen_ai.request.model", "bert").timer().count()).isEqualTo(1);
              var usage = meters.get("gen_ai.client.token.usage");
              assertThat(usage.tag("gen_ai.token.type", "input").counter().count()).isEqualTo(3);
            });
  }

  @Test
  void observationsAreNamedAsTheApplicationSays() {
    embedding
        .withUserConfiguration(Meters.class)
        .withConfiguration(
            AutoConfigurations.of(
                MetricsAutoConfiguration.class, ObservationAutoConfiguration.class))
        .withBean(
            EmbeddingModelObservationConvention.class,
            () ->
                new DefaultEmbeddingModelObservationConvention() {
                  @Override
                  public String getName() {
                    return "search.embedding";
                  }
                })
        .run(
            context -> {
              context.getBean(EmbeddingModel.class).embed("Rome");
              var meters = context.getBean(MeterRegistry.class);
              assertThat(meters.get("search.embedding").timer().count()).isEqualTo(1);
            });
  }

  @Test
  void modelsAreClosedWithTheApplication() {
    var models = new LanewiseEmbeddingModel[1];
    embedding.run(context -> models[0] = context.getBean(LanewiseEmbeddingModel.class));
    assertThat(models[0].isOpen()).isFalse();
  }

  @Test
  void whatCannotBeLoadedIsOneSentenceWithTheProperty() {
    embedding(Path.of("/no/such/folder"))
        .run(
            context -> {
              var analysis = analysis(context.getStartupFailure());
              assertThat(analysis.getDescription())
                  .startsWith("there is no folder /no/such/folder")
                  .doesNotContain("\n");
              assertThat(analysis.getAction()).contains("spring.ai.lanewise.embedding.model");
              assertThat(analysis.getCause()).isInstanceOf(CheckpointException.class);
            });
    all.withPropertyValues("spring.ai.lanewise.reranker.model=lanewise/no-such-model")
        .run(
            context -> {
              var analysis = analysis(context.getStartupFailure());
              assertThat(analysis.getDescription()).contains("is not in the cache of the Hub");
              assertThat(analysis.getAction()).contains("spring.ai.lanewise.reranker.fetch");
            });
    reranking
        .withPropertyValues("spring.ai.lanewise.reranker.top=0")
        .run(
            context ->
                assertThat(analysis(context.getStartupFailure()).getAction())
                    .isEqualTo("Correct the properties of spring.ai.lanewise.reranker."));
    embedding
        .withPropertyValues("spring.ai.lanewise.embedding.batch-tokens=0")
        .run(
            context ->
                assertThat(context.getStartupFailure())
                    .hasRootCauseInstanceOf(FailureAnalyzedException.class)
                    .hasRootCauseMessage(
                        "spring.ai.lanewise.embedding.batch-tokens is 0, and has to be at least"
                            + " 1."));
    all.withPropertyValues("spring.ai.model.embedding=lanewise")
        .run(
            context ->
                assertThat(context.getStartupFailure())
                    .hasRootCauseInstanceOf(FailureAnalyzedException.class)
                    .hasStackTraceContaining("spring.ai.lanewise.embedding.model is not set"));
  }

  private static FailureAnalysis analysis(Throwable failure) {
    return new LanewiseFailureAnalyzer().analyze(failure);
  }
}
