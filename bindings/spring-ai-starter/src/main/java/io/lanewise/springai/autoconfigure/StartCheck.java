package io.lanewise.springai.autoconfigure;

import org.jspecify.annotations.Nullable;
import org.springframework.ai.model.SpringAIModelProperties;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.context.aot.AbstractAotProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.SpringProperties;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertyResolver;

/**
 * Stops the start, with one sentence, on a Java that cannot run Lanewise, before a class of it is
 * loaded; and on one without the module of the Vector API where the application requires it.
 *
 * <p>This module alone is compiled for Java 17, which Spring Boot runs on, so that an older Java
 * can say what it lacks.
 */
final class StartCheck implements EnvironmentPostProcessor, Ordered {
  /** {@code spring.ai.model.embedding} for Lanewise. */
  static final String LANEWISE = "lanewise";

  private static final String VECTOR_MODULE = "jdk.incubator.vector";
  private static final String REQUIRED = "spring.ai.lanewise.vector-module-required";
  private static final int NEEDED = 25;

  @Override
  public void postProcessEnvironment(
      ConfigurableEnvironment environment, SpringApplication application) {
    if (isWanted(environment)) {
      check(
          Runtime.version().feature(),
          System.getProperty("java.home"),
          ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent() || isAheadOfTime(),
          environment.getProperty(REQUIRED, Boolean.class, false));
    }
  }

  /**
   * Whether the application is only looked at, by the build of a native image, and does not run.
   */
  private static boolean isAheadOfTime() {
    return SpringProperties.getFlag(AbstractAotProcessor.AOT_PROCESSING);
  }

  /** Whether properties ask for a model of Lanewise. */
  private static boolean isWanted(PropertyResolver properties) {
    return LANEWISE.equals(properties.getProperty(SpringAIModelProperties.EMBEDDING_MODEL))
        || properties.containsProperty(LanewiseRerankerProperties.PREFIX + ".model");
  }

  /**
   * @param home the folder of Java; null if it is not known
   * @param vectors whether the module of the Vector API is there
   * @param required whether it has to be
   */
  static void check(int version, @Nullable String home, boolean vectors, boolean required) {
    if (version < NEEDED) {
      throw new FailureAnalyzedException(
          "Lanewise needs Java 25 or later, and this is Java " + version + " (" + home + ").",
          "Install Java 25 or later, for example from https://adoptium.net, and start the"
              + " application with its bin/java.");
    }
    if (required && !vectors) {
      throw new FailureAnalyzedException(
          "The vector kernels cannot run, because Java was started without --add-modules "
              + VECTOR_MODULE
              + "; without "
              + REQUIRED
              + "=true plain Java would run instead, with the same answers, about 50 times slower.",
          "Start the application with java --add-modules "
              + VECTOR_MODULE
              + " -jar …, or set the environment variable JDK_JAVA_OPTIONS or JAVA_TOOL_OPTIONS to"
              + " --add-modules="
              + VECTOR_MODULE
              + ": a jar's manifest cannot say it.");
    }
  }

  /** After the files with properties have been read. */
  @Override
  public int getOrder() {
    return Ordered.LOWEST_PRECEDENCE;
  }
}
