/**
 * Internal: how results are written: tables, CSV, JSON, files of vectors; and messages of failures.
 *
 * <p>{@link io.lanewise.cli.output.AnswerFormat} describes a command's answer once, in columns; the
 * four {@link io.lanewise.cli.output.Printer}s write tables, CSV, JSON and JSON Lines from it to a
 * {@code TextOutput}. {@code ErrorReporter} says an error in one line.
 *
 * <p>Uses the inputs of {@code cli.job}, which answers stand beside.
 */
package io.lanewise.cli.output;
