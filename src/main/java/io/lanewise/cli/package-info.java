/**
 * Internal: the entry of the command line.
 *
 * <p>{@link io.lanewise.cli.Start} starts the JVM with the flags it needs, {@link
 * io.lanewise.cli.Main} runs a command. Results go to standard output, everything else to standard
 * error. Exit codes: 0 success, 1 failure, 2 wrong usage.
 *
 * <p>Next: {@code cli.command}, then {@code FillMaskCommand} there.
 */
package io.lanewise.cli;
