/**
 * Internal: what a folder of sentence-transformers says beside the model: pooling, dense layers,
 * prompts, what makes sparse vectors or a vector of each token.
 *
 * <p>{@link io.lanewise.task.sentence.SentenceFolder} reads a folder for dense vectors, {@link
 * io.lanewise.task.sentence.SparseFolder} for sparse ones, {@link
 * io.lanewise.task.sentence.LateFolder} for late interaction, {@link
 * io.lanewise.task.sentence.CrossEncoderFolder} for scores of pairs.
 *
 * <p>Uses {@code model} and {@code checkpoint}. {@code Embedder}, {@code SparseEmbedder}, {@code
 * LateReranker} and {@code Reranker} are made of it.
 */
@NullMarked
package io.lanewise.task.sentence;

import org.jspecify.annotations.NullMarked;
