/**
 * The attention weights of a text, to be looked at: as numbers, and as a page.
 *
 * <p>{@link io.lanewise.task.attention.AttentionTask} gives {@link
 * io.lanewise.task.attention.AttentionMaps}; {@link io.lanewise.task.attention.AttentionPage}
 * writes them as one HTML file.
 *
 * <p>Uses {@code task}.
 */
@NullMarked
package io.lanewise.task.attention;

import org.jspecify.annotations.NullMarked;
