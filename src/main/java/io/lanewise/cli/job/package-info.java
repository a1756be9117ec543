/**
 * Internal: a job: inputs read one after another, answered, and printed in order.
 *
 * <p>{@link io.lanewise.cli.job.Job} runs it, {@link io.lanewise.cli.job.TaskCommand} is the
 * command that it runs. {@code InputReader} reads inputs, each an {@code InputRecord}; {@code
 * WindowSize} says how many at a time; {@code ResumedFile} goes on with a file that was cut off.
 *
 * <p>Uses {@code cli.output}.
 */
package io.lanewise.cli.job;
