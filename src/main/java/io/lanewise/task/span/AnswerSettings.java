package io.lanewise.task.span;

import io.lanewise.InputException;
import io.lanewise.tokenizer.EncodeOptions.OffsetUnit;

/**
 * How questions are answered; see the methods of {@link io.lanewise.task.QuestionAnswerer} of the
 * same names.
 *
 * @param sequence tokens of a window, 0 for the usual
 * @param stride tokens, {@link #USUAL_STRIDE} for the usual
 */
public record AnswerSettings(
    int top,
    int sequence,
    int stride,
    int question,
    int answer,
    boolean impossible,
    boolean words,
    OffsetUnit offsets) {
  static final int USUAL_STRIDE = -1;

  public static final AnswerSettings DEFAULT =
      new AnswerSettings(1, 0, USUAL_STRIDE, 64, 15, false, true, OffsetUnit.UTF_16);

  private static final int LONGEST_WINDOW = 384;
  private static final int LONGEST_STRIDE = 128;

  public AnswerSettings withTop(int value) {
    return new AnswerSettings(
        atLeastOne("top", value), sequence, stride, question, answer, impossible, words, offsets);
  }

  public AnswerSettings withSequence(int value) {
    int checked = atLeastOne("max sequence length", value);
    return new AnswerSettings(top, checked, stride, question, answer, impossible, words, offsets);
  }

  public AnswerSettings withStride(int value) {
    if (value < 0) {
      throw new InputException("doc stride " + value + ": it must not be negative");
    }
    return new AnswerSettings(top, sequence, value, question, answer, impossible, words, offsets);
  }

  public AnswerSettings withQuestion(int value) {
    int checked = atLeastOne("max question length", value);
    return new AnswerSettings(top, sequence, stride, checked, answer, impossible, words, offsets);
  }

  public AnswerSettings withAnswer(int value) {
    int checked = atLeastOne("max answer length", value);
    return new AnswerSettings(top, sequence, stride, question, checked, impossible, words, offsets);
  }

  public AnswerSettings withImpossible(boolean value) {
    return new AnswerSettings(top, sequence, stride, question, answer, value, words, offsets);
  }

  public AnswerSettings withWords(boolean value) {
    return new AnswerSettings(top, sequence, stride, question, answer, impossible, value, offsets);
  }

  public AnswerSettings withOffsets(OffsetUnit value) {
    return new AnswerSettings(top, sequence, stride, question, answer, impossible, words, value);
  }

  private static int atLeastOne(String what, int value) {
    if (value < 1) {
      throw new InputException(what + " " + value + ": it must be at least 1");
    }
    return value;
  }

  /**
   * Tokens of a window: what is asked for, or the usual.
   *
   * @param most tokens that the model takes, or to which the limits cut
   */
  public int window(int most) {
    if (sequence > most) {
      throw new InputException(
          "max sequence length %d: windows have at most %d tokens here".formatted(sequence, most));
    }
    return sequence == 0 ? Math.min(most, LONGEST_WINDOW) : sequence;
  }

  /** What {@code doc_stride} is for such windows. */
  public int strideOf(int window) {
    if (stride > window) {
      throw new InputException(
          "doc stride %d: it is longer than the windows, which have %d tokens"
              .formatted(stride, window));
    }
    return stride == USUAL_STRIDE ? Math.min(window / 2, LONGEST_STRIDE) : stride;
  }

  /**
   * Spans to look at in each window: more than are wanted where answers are widened to words, since
   * several may become one.
   */
  public int spans() {
    return words ? Math.toIntExact(Math.min(2L * top + 10, Integer.MAX_VALUE)) : top;
  }
}
