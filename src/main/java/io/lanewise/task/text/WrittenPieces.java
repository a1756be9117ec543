package io.lanewise.task.text;

import io.lanewise.task.TextListener;
import io.lanewise.tokenizer.TextStream;

/**
 * Tokens in, pieces of text out to a listener: those of a prompt stay silent, as its text is
 * already known.
 */
public final class WrittenPieces {
  private final TextStream stream;
  private final TextListener listener;
  private int silent; // characters still to leave out, in Unicode's count as Python's
  private boolean wanted = true;

  /**
   * @param silent code points at the start that the listener does not hear
   */
  public WrittenPieces(TextStream stream, int silent, TextListener listener) {
    this.stream = stream;
    this.silent = silent;
    this.listener = listener;
  }

  /** A token; false if the listener has had enough. */
  public boolean add(int token) {
    tell(stream.add(token));
    return wanted;
  }

  /** The end of the text. */
  public void finish() {
    tell(stream.finish());
  }

  private void tell(String text) {
    int length = text.codePointCount(0, text.length());
    int left = Math.min(silent, length);
    silent -= left;
    var piece = text.substring(text.offsetByCodePoints(0, left));
    if (!piece.isEmpty()) {
      wanted &= listener.piece(piece);
    }
  }
}
