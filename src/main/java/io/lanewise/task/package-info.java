/**
 * What people come for: text in, answers out, as records.
 *
 * <p>A task puts a tokenizer and a model together: {@code load(path, options)}, {@code
 * predict(text)}. Thread-safe, closeable.
 *
 * <p>Tasks that write text ({@link io.lanewise.task.TextGenerator}, {@link
 * io.lanewise.task.TextToText}, {@link io.lanewise.task.Summarizer}) take {@link
 * io.lanewise.task.GenerateOptions}, and can tell their text piece by piece.
 *
 * <p>Uses {@code generate}, {@code model} and {@code tokenizer}. Next: {@code cli/}, the same from
 * the command line.
 */
package io.lanewise.task;
