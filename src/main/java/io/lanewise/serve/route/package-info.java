/**
 * Internal: what is answered on which path, and in which JSON.
 *
 * <p>{@link io.lanewise.serve.route.Routes} lists all of them. {@code EmbedRoutes}, {@code
 * ScoreRoutes}, {@code TokenRoutes} and {@code ServerRoutes} speak as text-embeddings-inference
 * does, {@code OpenAiRoutes} as OpenAI, {@code PipelineRoutes} as Hugging Face's pipelines.
 *
 * <p>Uses {@code serve.model}, {@code serve.http} and {@code task}. {@code serve} puts the routes
 * behind its gate.
 */
@NullMarked
package io.lanewise.serve.route;

import org.jspecify.annotations.NullMarked;
