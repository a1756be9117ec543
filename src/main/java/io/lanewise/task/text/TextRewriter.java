package io.lanewise.task.text;

import io.lanewise.generate.Generated;
import io.lanewise.generate.GenerationOptions;
import io.lanewise.generate.TokenListener;
import io.lanewise.model.FolderSettings;
import io.lanewise.model.Head;
import io.lanewise.task.GeneratedText;
import io.lanewise.task.TaskOptions;
import io.lanewise.task.TextListener;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * An encoder-decoder that writes texts: what {@link io.lanewise.task.TextToText} and {@link
 * io.lanewise.task.Summarizer} share.
 *
 * @param prefix put before every text
 */
public record TextRewriter(TextWriter writer, String prefix) {
  public static TextRewriter load(
      FolderSettings folder, TaskOptions options, PipelineSettings settings) {
    var texts = TextModel.load(folder, Head.CONDITIONAL_GENERATION, options);
    try {
      var writer = new TextWriter(texts, settings, GenerationOptions.DEFAULT, false, 1);
      return new TextRewriter(writer, settings.prefix(texts.model()));
    } catch (RuntimeException e) {
      texts.close();
      throw e;
    }
  }

  public TextRewriter with(GenerationOptions options) {
    return new TextRewriter(writer.with(options), prefix);
  }

  public TextRewriter withCleanUp(boolean cleansUp) {
    return new TextRewriter(writer.withCleanUp(cleansUp), prefix);
  }

  /** The ids of a text with its prefix, special tokens around it. */
  public int[] encode(String text) {
    return writer.texts().encode(prefix + text).ids();
  }

  public List<List<GeneratedText>> predictAll(List<String> texts, BooleanSupplier cancelled) {
    var ids = Given.inputs(texts).stream().map(this::encode).toList();
    return writer.run(ids, writer.generator(), TokenListener.NONE, cancelled).stream()
        .map(sequences -> sequences.stream().map(this::text).toList())
        .toList();
  }

  public GeneratedText stream(String text, TextListener listener) {
    Given.text("text", text);
    var generator = writer.streamed();
    var stream = writer.texts().tokenizer().stream(true, writer.cleansUp());
    var pieces = new WrittenPieces(stream, 0, listener);
    pieces.add(generator.config().tokens().start());
    var sequences =
        writer.run(
            List.of(encode(text)),
            generator,
            (input, sequence, token) -> pieces.add(token),
            () -> false);
    pieces.finish();
    return text(sequences.getFirst().getFirst());
  }

  private GeneratedText text(Generated.Sequence sequence) {
    var tokens = sequence.tokens();
    return new GeneratedText(
        writer.texts().tokenizer().decode(tokens, true, writer.cleansUp()),
        Arrays.copyOfRange(tokens, Math.min(1, tokens.length), tokens.length),
        sequence.score(),
        sequence.ending());
  }

  public void warmUp() {
    writer.texts().warmUp();
  }

  public void close() {
    writer.texts().close();
  }
}
