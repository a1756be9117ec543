package io.lanewise.springai.autoconfigure;

import io.lanewise.CheckpointException;
import io.lanewise.LanewiseException;
import io.lanewise.Remedy;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says in one sentence why a model could not be loaded, and which property mends it. */
final class LanewiseFailureAnalyzer extends AbstractFailureAnalyzer<LanewiseException> {
  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, LanewiseException cause) {
    var prefix = prefix(rootFailure);
    return new FailureAnalysis(cause.statement(), action(prefix, cause), cause);
  }

  private static @Nullable String action(@Nullable String prefix, LanewiseException cause) {
    var remedy = cause.remedy().map(LanewiseFailureAnalyzer::spelled).orElse(null);
    if (prefix == null) {
      return remedy;
    }
    if (cause.remedy().isEmpty() && cause instanceof CheckpointException) {
      return "Correct %1$s.model (or %1$s.revision); a model of the Hub is downloaded where %1$s.fetch is true."
          .formatted(prefix);
    }
    return remedy == null ? "Correct the properties of " + prefix + "." : remedy;
  }

  private static String spelled(Remedy remedy) {
    return switch (remedy) {
      case BACKEND -> "Set the property backend of the model to another value.";
      case PRECISION -> "Set the property dtype of the model to another value.";
      case MAX_LENGTH -> "Set the property max-length of the model.";
      default -> "In Java this is " + remedy.inJava() + ".";
    };
  }

  /** Of the properties that made the bean which failed; null if it is none of Lanewise. */
  private static @Nullable String prefix(Throwable failure) {
    String found = null;
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (each instanceof BeanCreationException creation && creation.getBeanName() != null) {
        found =
            switch (creation.getBeanName()) {
              case LanewiseEmbeddingAutoConfiguration.BEAN -> LanewiseEmbeddingProperties.PREFIX;
              case LanewiseRerankerAutoConfiguration.BEAN -> LanewiseRerankerProperties.PREFIX;
              default -> found;
            };
      }
    }
    return found;
  }
}
