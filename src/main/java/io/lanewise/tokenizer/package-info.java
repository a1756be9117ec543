/**
 * Text to ids and back.
 *
 * <p>{@link io.lanewise.tokenizer.Tokenizer} is what others call; {@link
 * io.lanewise.tokenizer.Encoding} what they get. Behind it stand the stages of a {@code
 * tokenizer.json} file (normalizers, pre-tokenizers, models, post-processors, decoders) and the
 * readers of {@code tokenizer.json} and {@code spiece.model}.
 *
 * <p>Uses {@code json} only, and knows nothing of models. Next: {@code task/}, where text meets a
 * model.
 */
package io.lanewise.tokenizer;
