/**
 * Internal: a job: inputs read one after another, answered, and printed in order.
 *
 * <p>{@link io.lanewise.cli.job.Job} runs it, {@code InputReader} reads inputs, {@code ResumedFile}
 * goes on with a file that was cut off.
 *
 * <p>Uses {@code cli.output}.
 */
package io.lanewise.cli.job;
