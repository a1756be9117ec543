/**
 * Internal: options that several commands share.
 *
 * <p>{@link io.lanewise.cli.option.ModelOptions} names the model and its kernels, {@code
 * JobOptions} where texts come from and results go to. {@code OptionRange} checks numbers.
 *
 * <p>Uses {@code cli.job} and {@code cli.output}.
 */
package io.lanewise.cli.option;
