/**
 * Internal: how results are written: tables, CSV, JSON, files of vectors; and messages of failures.
 *
 * <p>{@link io.lanewise.cli.output.Printer} is what a job writes to, {@code TextOutput} standard
 * output, {@code ErrorReporter} an error in one line.
 *
 * <p>Uses nothing of the command line around it.
 */
package io.lanewise.cli.output;
