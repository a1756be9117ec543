package io.lanewise.springai.autoconfigure;

import io.lanewise.model.KernelChoice;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.document.MetadataMode;
import org.springframework.util.unit.DataSize;

/** What the properties of all models have; the records that are bound say what each is. */
sealed interface ModelProperties permits LanewiseEmbeddingProperties, LanewiseRerankerProperties {
  @Nullable String model();

  @Nullable String revision();

  boolean fetch();

  @Nullable String name();

  @Nullable Dtype dtype();

  KernelChoice backend();

  int threads();

  MetadataMode metadataMode();

  int batchTokens();

  int maxLength();

  @Nullable DataSize memory();

  @Nullable Duration timeout();

  boolean warmUp();
}
