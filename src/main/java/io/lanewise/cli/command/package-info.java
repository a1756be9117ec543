/**
 * Internal: the commands, a class each (picocli).
 *
 * <p>{@link io.lanewise.cli.command.Commands} lists them.
 *
 * <p>Uses {@code cli.option}, {@code cli.job} and {@code cli.output}, and {@code task}, {@code
 * model} and the rooms below to show what is in them.
 */
package io.lanewise.cli.command;
