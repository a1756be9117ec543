/**
 * Internal: numbers about the server, as Prometheus reads them.
 *
 * <p>{@link io.lanewise.serve.metrics.Metrics} has the names of text-embeddings-inference; {@code
 * Series} are the numbers behind one name.
 *
 * <p>Uses nothing. {@code serve.model} and {@code serve} count with it.
 */
@NullMarked
package io.lanewise.serve.metrics;

import org.jspecify.annotations.NullMarked;
