/**
 * What people come for: text in, answers out, as records.
 *
 * <p>A task puts a tokenizer and a model together: {@code load(path, options)}, {@code
 * predict(text)}. Thread-safe, closeable.
 *
 * <p>Uses {@code model} and {@code tokenizer}. Next: {@code cli/}, the same from the command line.
 */
package io.lanewise.task;
