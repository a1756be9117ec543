package io.lanewise.springai.autoconfigure;

import io.lanewise.model.KernelChoice;
import io.lanewise.task.PoolingMode;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.document.MetadataMode;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The embedding model; {@code spring.ai.model.embedding=lanewise} asks for it.
 *
 * @param model Folder of the model, or a name of the Hub, such as
 *     sentence-transformers/all-MiniLM-L6-v2, whose files are in the cache of the Hub.
 * @param revision Branch, tag, reference or commit of a model of the Hub; main if not set.
 * @param fetch Whether a model of the Hub is downloaded at the start where the cache does not hold
 *     it.
 * @param name Name in responses, metrics and health; what model says if not set.
 * @param dtype Type in which the weights of matrix products are held; f32 if not set, or int8 where
 *     the folder was converted to that.
 * @param backend Kernels to run on.
 * @param threads Threads for one forward pass; one a processor if 0.
 * @param pooling How the vectors of a text's tokens become one; several give longer vectors. As the
 *     folder says if not set.
 * @param normalised Whether vectors are brought to length 1; as the folder says if not set.
 * @param dimensions How many numbers of each vector are kept, for models that were trained for it;
 *     all if not set.
 * @param prompt What every text begins with, empty for nothing; the folder's default prompt if not
 *     set.
 * @param promptName Name of a prompt of the folder, in the place of prompt.
 * @param queryPrompt What texts begin with that are searched for; the folder's prompt called query
 *     if neither this nor prompt is set.
 * @param documentPrompt What documents begin with; the folder's prompt called document, passage or
 *     corpus if neither this nor prompt is set.
 * @param metadataMode Which metadata of a document stand before its text.
 * @param batchTokens Tokens of one forward pass, padding counted; memory follows it.
 * @param maxLength Tokens to which a longer text is cut; what the model takes if 0.
 * @param memory Memory outside the heap for the calls of all threads together; half of the
 *     machine's if not set.
 * @param timeout Time after which a call fails; none if not set.
 * @param warmUp Whether the start does what would make the first calls slower.
 */
@ConfigurationProperties(LanewiseEmbeddingProperties.PREFIX)
public record LanewiseEmbeddingProperties(
    @Nullable String model,
    @Nullable String revision,
    @DefaultValue("false") boolean fetch,
    @Nullable String name,
    @Nullable Dtype dtype,
    @DefaultValue("auto") KernelChoice backend,
    @DefaultValue("0") int threads,
    @Nullable List<PoolingMode> pooling,
    @Nullable Boolean normalised,
    @Nullable Integer dimensions,
    @Nullable String prompt,
    @Nullable String promptName,
    @Nullable String queryPrompt,
    @Nullable String documentPrompt,
    @DefaultValue("none") MetadataMode metadataMode,
    @DefaultValue("4096") int batchTokens,
    @DefaultValue("0") int maxLength,
    @Nullable DataSize memory,
    @Nullable Duration timeout,
    @DefaultValue("false") boolean warmUp)
    implements ModelProperties {
  /** What the names of these properties begin with. */
  public static final String PREFIX = "spring.ai.lanewise.embedding";
}
