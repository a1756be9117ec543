package io.lanewise.task;

import io.lanewise.generate.Generated;
import io.lanewise.generate.TokenListener;
import io.lanewise.model.Head;
import io.lanewise.model.Model;
import io.lanewise.model.Options;
import io.lanewise.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * An encoder-decoder that writes texts: what {@link TextToText} and {@link Summarizer} share.
 *
 * @param prefix put before every text
 */
record TextRewriter(TextWriter writer, String prefix) implements AutoCloseable {
  static TextRewriter load(Path folder, Options options, PipelineSettings settings) {
    var tokenizer = Tokenizer.load(folder);
    var model = Model.load(folder, options.withHead(Head.CONDITIONAL_GENERATION));
    try {
      var writer = new TextWriter(tokenizer, model, settings);
      return new TextRewriter(writer, settings.prefix(model));
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  /** The ids of a text with its prefix; special tokens are always around it. */
  int[] encode(String text, GenerateOptions options) {
    return writer.encode(prefix + text, options.withSpecialTokens(true));
  }

  List<List<GeneratedText>> predict(
      List<String> texts, GenerateOptions options, BooleanSupplier cancelled) {
    return run(texts, options, TokenListener.NONE, cancelled);
  }

  GeneratedText stream(String text, GenerateOptions options, TextListener listener) {
    Streams.check(writer.generator(options));
    var stream = writer.tokenizer().stream(true, options.cleansUp(false));
    var pieces = new Pieces(stream, 0, listener);
    pieces.add(start());
    var result =
        run(
                List.of(text),
                options,
                (input, sequence, token) -> pieces.add(token),
                () -> false)
            .getFirst()
            .getFirst();
    pieces.finish();
    return result;
  }

  private int start() {
    return writer.generator(GenerateOptions.DEFAULT).config().tokens().start();
  }

  private List<List<GeneratedText>> run(
      List<String> texts,
      GenerateOptions options,
      TokenListener listener,
      BooleanSupplier cancelled) {
    var ids = texts.stream().map(text -> encode(text, options)).toList();
    var call = new TextWriter.Call(options, listener, cancelled);
    return writer.run(ids, writer.generator(options), 1, call).stream()
        .map(sequences -> sequences.stream().map(each -> text(each, options)).toList())
        .toList();
  }

  private GeneratedText text(Generated.Sequence sequence, GenerateOptions options) {
    var tokens = sequence.tokens();
    return new GeneratedText(
        writer.tokenizer().decode(tokens, true, options.cleansUp(false)),
        Arrays.copyOfRange(tokens, Math.min(1, tokens.length), tokens.length),
        sequence.score(),
        sequence.ending());
  }

  @Override
  public void close() {
    writer.model().close();
  }
}
