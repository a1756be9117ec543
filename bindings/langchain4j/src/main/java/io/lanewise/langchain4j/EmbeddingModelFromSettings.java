package io.lanewise.langchain4j;

import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.spi.model.embedding.EmbeddingModelFactory;
import io.lanewise.InputException;
import io.lanewise.checkpoint.HubCache;
import io.lanewise.model.Precision;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What LangChain4j takes where a part of it needs an embedding model and none was given, such as
 * {@code EmbeddingStoreIngestor.ingest(document, store)}. The model is named by system properties
 * or environment variables; of both the property counts.
 *
 * <table>
 * <caption>Settings</caption>
 * <tr><th>system property</th><th>environment variable</th><th>what it says</th></tr>
 * <tr><td>{@code lanewise.embedding.model}</td><td>{@code LANEWISE_EMBEDDING_MODEL}</td>
 *     <td>a folder, or a name in the Hub's cache; needed</td></tr>
 * <tr><td>{@code lanewise.embedding.revision}</td><td>{@code LANEWISE_EMBEDDING_REVISION}</td>
 *     <td>branch, tag or commit of that name</td></tr>
 * <tr><td>{@code lanewise.embedding.precision}</td><td>{@code LANEWISE_EMBEDDING_PRECISION}</td>
 *     <td>{@code fp32}, {@code bf16} or {@code int8}</td></tr>
 * <tr><td>{@code lanewise.embedding.threads}</td><td>{@code LANEWISE_EMBEDDING_THREADS}</td>
 *     <td>threads of one forward pass</td></tr>
 * </table>
 *
 * <pre>{@code
 * System.setProperty("lanewise.embedding.model", "sentence-transformers/all-MiniLM-L6-v2");
 * var model = new EmbeddingModelFromSettings().create();
 * System.out.println(model.dimension());
 * }</pre>
 *
 * <p>Each call loads a model; LangChain4j calls once for each part that needs one, and never closes
 * it. An application that wants to close it, or to share one model, builds a {@link
 * LanewiseEmbeddingModel} and gives it.
 */
public final class EmbeddingModelFromSettings implements EmbeddingModelFactory {
  private static final String PREFIX = "lanewise.embedding.";

  private final Properties properties;
  private final Map<String, String> environment;

  /** The properties and the environment of this process. */
  public EmbeddingModelFromSettings() {
    this(System.getProperties(), System.getenv());
  }

  EmbeddingModelFromSettings(Properties properties, Map<String, String> environment) {
    this.properties = properties;
    this.environment = environment;
  }

  /**
   * Loads the model that the settings name.
   *
   * @throws InputException if they name none, or one of them is wrong
   * @throws io.lanewise.LanewiseException if it cannot be loaded
   */
  @Override
  public EmbeddingModel create() {
    var model = setting("model");
    if (model == null) {
      throw new InputException(
          "no embedding model is named: set the system property %s or the environment variable %s to a folder or a name in the Hub's cache, or give LangChain4j a LanewiseEmbeddingModel"
              .formatted(property("model"), variable("model")));
    }
    var builder = LanewiseEmbeddingModel.builder();
    if (HubCache.isName(model) && !isFolder(model)) {
      builder.modelName(model);
    } else {
      builder.modelPath(model);
    }
    builder.revision(setting("revision"));
    builder.precision(precision(setting("precision")));
    builder.threads(threads(setting("threads")));
    return builder.build();
  }

  private static boolean isFolder(String model) {
    try {
      return Files.exists(Path.of(model));
    } catch (InvalidPathException _) {
      return false;
    }
  }

  private static @Nullable Precision precision(@Nullable String label) {
    if (label == null) {
      return null;
    }
    return Arrays.stream(Precision.values())
        .filter(each -> each.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                wrong(
                    "precision",
                    label,
                    Arrays.stream(Precision.values())
                        .map(Precision::label)
                        .collect(Collectors.joining(", ", "one of ", " is needed"))));
  }

  private static @Nullable Integer threads(@Nullable String number) {
    if (number == null) {
      return null;
    }
    try {
      int threads = Integer.parseInt(number);
      if (threads >= 0) {
        return threads;
      }
    } catch (NumberFormatException _) {
      // said below
    }
    throw wrong("threads", number, "a number from 0 on is needed, 0 for one a processor");
  }

  private static InputException wrong(String setting, String value, String needed) {
    return new InputException(
        "%s or %s is \"%s\": %s".formatted(property(setting), variable(setting), value, needed));
  }

  private @Nullable String setting(String name) {
    var value = properties.getProperty(property(name), environment.get(variable(name)));
    return value == null || value.isBlank() ? null : value.strip();
  }

  private static String property(String name) {
    return PREFIX + name;
  }

  private static String variable(String name) {
    return "LANEWISE_EMBEDDING_" + name.toUpperCase(Locale.ROOT);
  }
}
