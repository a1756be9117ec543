/**
 * What people come for: text in, answers out, as records.
 *
 * <p>A task puts a tokenizer and a model together: {@code load(path)}, {@code predict(input)},
 * {@code predictAll(inputs)}; {@link io.lanewise.task.Task} is their shape, {@link
 * io.lanewise.task.TaskOptions} what is set when one is loaded, {@code TextModel} what each is made
 * of, {@code Batching} how many inputs go through the model together. {@link
 * io.lanewise.task.FillMask}, {@link io.lanewise.task.TextClassifier}, {@link
 * io.lanewise.task.ZeroShot}, {@link io.lanewise.task.MultipleChoice}, {@link
 * io.lanewise.task.NextSentence} and {@link io.lanewise.task.SentenceOrder} answer what a head was
 * trained for; {@link io.lanewise.task.Embedder}, {@link io.lanewise.task.SparseEmbedder}, {@link
 * io.lanewise.task.Reranker} and {@link io.lanewise.task.LateReranker} are what
 * sentence-transformers makes of a model. Thread-safe, closeable.
 *
 * <p>Tasks that write text ({@link io.lanewise.task.TextGenerator}, {@link
 * io.lanewise.task.TextToText}, {@link io.lanewise.task.Summarizer}) are {@link
 * io.lanewise.task.GenerationTask}s: they take {@link io.lanewise.generate.GenerationOptions}, and
 * can tell their text piece by piece.
 *
 * <p>Uses {@code generate}, {@code model} and {@code tokenizer}, and {@code checkpoint} for files
 * beside a model's. Next: {@code cli/}, the same from the command line.
 */
@NullMarked
package io.lanewise.task;

import org.jspecify.annotations.NullMarked;
