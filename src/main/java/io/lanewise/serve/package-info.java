/**
 * Internal: the engine over HTTP, for whoever does not run this JVM.
 *
 * <p>{@link io.lanewise.serve.Server} is the whole of it: models ({@code serve.model}), each with a
 * queue that joins what all connections ask ({@code serve.batch}), behind routes ({@code
 * serve.route}) that speak as text-embeddings-inference, OpenAI and Hugging Face's pipelines do;
 * {@code serve.http} looks at every request before, {@code serve.metrics} counts.
 *
 * <p>Uses {@code task} and the JDK's {@code jdk.httpserver}. {@code cli.command.ServeCommand}
 * starts it.
 */
@NullMarked
package io.lanewise.serve;

import org.jspecify.annotations.NullMarked;
