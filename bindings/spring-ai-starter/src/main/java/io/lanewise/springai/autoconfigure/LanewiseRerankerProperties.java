package io.lanewise.springai.autoconfigure;

import io.lanewise.model.KernelChoice;
import io.lanewise.task.ScoreFunction;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.document.MetadataMode;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The reranker; a model here asks for it.
 *
 * @param model Folder of a cross-encoder, or a name of the Hub, such as
 *     cross-encoder/ms-marco-MiniLM-L6-v2, whose files are in the cache of the Hub. There is no
 *     reranker if not set.
 * @param revision Branch, tag, reference or commit of a model of the Hub; main if not set.
 * @param fetch Whether a model of the Hub is downloaded at the start where the cache does not hold
 *     it.
 * @param name Name in metrics and health; what model says if not set.
 * @param dtype Type in which the weights of matrix products are held; f32 if not set, or int8 where
 *     the folder was converted to that.
 * @param backend Kernels to run on.
 * @param threads Threads for one forward pass; one a processor if 0.
 * @param top How many documents come out at most; all if not set.
 * @param minScore Score that a document needs to come out; any if not set.
 * @param function How scores are made of the model's output, sigmoid or none; as the folder says if
 *     not set.
 * @param metadataMode Which metadata of a document stand before its text.
 * @param batchTokens Tokens of one forward pass, padding counted; memory follows it.
 * @param maxLength Tokens to which a longer pair is cut; what the model takes if 0.
 * @param memory Memory outside the heap for the calls of all threads together; half of the
 *     machine's if not set.
 * @param timeout Time after which a call fails; none if not set.
 * @param warmUp Whether the start does what would make the first calls slower.
 */
@ConfigurationProperties(LanewiseRerankerProperties.PREFIX)
public record LanewiseRerankerProperties(
    @Nullable String model,
    @Nullable String revision,
    @DefaultValue("false") boolean fetch,
    @Nullable String name,
    @Nullable Dtype dtype,
    @DefaultValue("auto") KernelChoice backend,
    @DefaultValue("0") int threads,
    @Nullable Integer top,
    @Nullable Double minScore,
    @Nullable ScoreFunction function,
    @DefaultValue("none") MetadataMode metadataMode,
    @DefaultValue("4096") int batchTokens,
    @DefaultValue("0") int maxLength,
    @Nullable DataSize memory,
    @Nullable Duration timeout,
    @DefaultValue("false") boolean warmUp)
    implements ModelProperties {
  /** What the names of these properties begin with. */
  public static final String PREFIX = "spring.ai.lanewise.reranker";
}
