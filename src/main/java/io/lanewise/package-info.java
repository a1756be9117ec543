/**
 * The front door: what every room shares, and that is only how they complain.
 *
 * <p>{@link io.lanewise.LanewiseException} is the one sealed family of errors that a user can mend.
 * Each message says what is wrong, where, and the next step.
 *
 * <p>Uses nothing. Next: {@code model/Model} to run a checkpoint, {@code task/FillMask} for an
 * answer from text.
 */
@NullMarked
package io.lanewise;

import org.jspecify.annotations.NullMarked;
