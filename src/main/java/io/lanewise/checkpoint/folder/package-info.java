/**
 * Internal: a whole model folder, its settings and its weights.
 *
 * <p>{@link io.lanewise.checkpoint.folder.OpenedFolder} is what models are loaded from, {@link
 * io.lanewise.checkpoint.folder.SavedFolder} what they are written to, {@link
 * io.lanewise.checkpoint.folder.Companions} finds the files beside them. {@link
 * io.lanewise.checkpoint.folder.JsonConfig} is what stands behind every {@code Config}.
 *
 * <p>Uses {@code checkpoint.format} and {@code checkpoint.weights}. Next: {@code checkpoint}, where
 * users find a folder.
 */
@NullMarked
package io.lanewise.checkpoint.folder;

import org.jspecify.annotations.NullMarked;
