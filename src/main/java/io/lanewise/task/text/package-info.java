/**
 * Internal: what all tasks share: one tokenizer and one model, texts in batches.
 *
 * <p>{@link io.lanewise.task.text.TextModel} holds the tokenizer and the model of a folder; {@code
 * Batching} decides how many inputs go through the model together; {@code TextWriter} is what the
 * tasks that generate share.
 *
 * <p>Uses {@code generate}, {@code model} and {@code tokenizer}.
 */
@NullMarked
package io.lanewise.task.text;

import org.jspecify.annotations.NullMarked;
