/**
 * Internal: from scores of tokens to spans of a text: answers and entities.
 *
 * <p>{@code AnswerSpans} finds the best spans for a question, {@code WordTags} joins tokens to
 * entities, {@code OffsetTable} maps tokens to places in the text.
 *
 * <p>Uses {@code task.text}.
 */
@NullMarked
package io.lanewise.task.span;

import org.jspecify.annotations.NullMarked;
