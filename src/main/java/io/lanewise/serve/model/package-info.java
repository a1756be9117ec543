/**
 * Internal: the models of a server, each with its task and its queue.
 *
 * <p>{@link io.lanewise.serve.model.ServedModels} finds the one that a request means, {@link
 * io.lanewise.serve.model.ServedModel} runs its calls in the common passes, {@link
 * io.lanewise.serve.model.ServedTask} says what a folder is for.
 *
 * <p>Uses {@code task}, {@code serve.batch}, {@code serve.http} and {@code serve.metrics}. The
 * routes ask it.
 */
@NullMarked
package io.lanewise.serve.model;

import org.jspecify.annotations.NullMarked;
