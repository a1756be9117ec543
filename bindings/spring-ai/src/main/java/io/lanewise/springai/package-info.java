/**
 * Lanewise behind Spring AI's interfaces: an {@code EmbeddingModel}, a {@code
 * DocumentPostProcessor} that reranks, and a {@code TokenCountEstimator}. They work without Spring
 * Boot; the starter sets them up from an application's properties.
 */
@NullMarked
package io.lanewise.springai;

import org.jspecify.annotations.NullMarked;
