package io.lanewise.springai.autoconfigure;

import io.lanewise.springai.ServedModel;
import java.util.List;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/** The health of the models, in applications that have the actuator. */
@AutoConfiguration(
    after = {LanewiseEmbeddingAutoConfiguration.class, LanewiseRerankerAutoConfiguration.class})
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnBean(ServedModel.class)
@ConditionalOnEnabledHealthIndicator("lanewise")
public class LanewiseHealthAutoConfiguration {
  /** Called {@code lanewise} among the health of the application. */
  @Bean
  @ConditionalOnMissingBean(name = "lanewiseHealthIndicator")
  LanewiseHealthIndicator lanewiseHealthIndicator(List<ServedModel> models) {
    return new LanewiseHealthIndicator(models);
  }
}
