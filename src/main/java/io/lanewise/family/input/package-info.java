/**
 * Internal: the inputs of one call, checked before any kernel runs.
 *
 * <p>{@link io.lanewise.family.input.CheckedInputs} reads each input by its name, {@link
 * io.lanewise.family.input.InputTokens} are the sequences among them, {@link
 * io.lanewise.family.input.EncoderOutputs} what a decoder's cross attention looks at.
 *
 * <p>Uses {@code nn}, and {@code model} for the inputs. Next: {@code family.head}.
 */
@NullMarked
package io.lanewise.family.input;

import org.jspecify.annotations.NullMarked;
