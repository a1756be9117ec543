/**
 * The command line: one picocli command a task, and {@code forward}, {@code inspect}, {@code
 * bench}, {@code doctor}.
 *
 * <p>Results go to standard output, everything else to standard error. Exit codes: 0, 1 (failure),
 * 2 (usage).
 *
 * <p>Uses picocli, {@code task} and {@code model}, and looks into the rooms below to show what is
 * in them. Start reading at {@link io.lanewise.cli.Main}, then {@code FillMaskCommand}.
 */
package io.lanewise.cli;
