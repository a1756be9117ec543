/**
 * Models: ids in, tensors out.
 *
 * <p>{@link io.lanewise.model.Model} opens a folder, chooses the family by {@code model_type} and
 * guards its life. {@link io.lanewise.model.Inputs} and {@link io.lanewise.model.Output} are what
 * goes in and comes out, {@link io.lanewise.model.Options} how a folder is loaded: {@code
 * KernelChoice}, {@code Precision} and {@code Loading} are theirs. {@link
 * io.lanewise.model.FolderSettings} reads a folder's settings once, for all that is loaded from it.
 * {@code Edits} say what becomes of a checkpoint while it is loaded, {@code Saving} how a model is
 * written. A {@code DecoderCache} goes from one call of a decoder to the next.
 *
 * <p>Uses {@code family}, and the rooms below it. Next: {@code generate}, one token after another,
 * and {@code task}, answers from text.
 */
@NullMarked
package io.lanewise.model;

import org.jspecify.annotations.NullMarked;
