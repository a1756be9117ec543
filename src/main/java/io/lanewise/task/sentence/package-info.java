/**
 * Internal: what a folder of sentence-transformers says beside the model: pooling, dense layers,
 * prompts.
 *
 * <p>{@link io.lanewise.task.sentence.SentenceFolder} reads it.
 *
 * <p>Uses {@code model} and {@code checkpoint}. {@code Embedder} and {@code Reranker} are made of
 * it.
 */
@NullMarked
package io.lanewise.task.sentence;

import org.jspecify.annotations.NullMarked;
