package io.lanewise.task.span;

import io.lanewise.InputException;
import io.lanewise.TokenizerException;
import io.lanewise.task.QuestionAnswerer;
import io.lanewise.task.text.TextModel;
import io.lanewise.tokenizer.EncodeOptions.Side;
import io.lanewise.tokenizer.EncodeOptions.Truncation;
import io.lanewise.tokenizer.Encoding;
import io.lanewise.tokenizer.Encoding.Span;
import io.lanewise.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A question and a part of its context: what goes through the model at once.
 *
 * @param input which question
 * @param allowed [tokens]: which may be in an answer, and the first token, which stands for none
 * @param characters where in the context tokens stand
 */
public record AnswerWindow(int input, Encoding encoding, boolean[] allowed, Characters characters) {

  /** From tokens to the context. */
  public interface Characters {
    /** What the tokens from one to another stand for, in UTF-16 units of the context. */
    Span of(int first, int last);
  }

  /**
   * How a context is cut into windows.
   *
   * @param length tokens of a window, question and specials counted
   * @param stride what {@code doc_stride} is: tokens that neighbours share; of slow tokenizers
   *     tokens from one window to the next
   */
  public record Cut(int length, int stride) {}

  /**
   * The windows over a question's context.
   *
   * @throws InputException if the question leaves no room for the context
   */
  public static List<AnswerWindow> of(
      int input,
      QuestionAnswerer.Question question,
      Tokenizer tokenizer,
      AnswerSettings settings,
      Cut cut) {
    try {
      return tokenizer.isSlow()
          ? ofWords(input, question, tokenizer, settings, cut)
          : ofTexts(input, question, tokenizer, settings, cut);
    } catch (TokenizerException e) {
      throw noRoom(question, cut, e.getMessage());
    }
  }

  private static InputException noRoom(QuestionAnswerer.Question question, Cut cut, String why) {
    return new InputException(
        "the question \"%s\" leaves no room for its context in windows of %d tokens with doc stride %d: %s"
            .formatted(TextModel.excerpt(question.text()), cut.length(), cut.stride(), why));
  }

  private static List<AnswerWindow> ofTexts(
      int input,
      QuestionAnswerer.Question question,
      Tokenizer tokenizer,
      AnswerSettings settings,
      Cut cut) {
    boolean questionFirst = tokenizer.options().paddingSide() == Side.RIGHT;
    var options =
        tokenizer
            .options()
            .withMaxLength(cut.length())
            .withStride(cut.stride())
            .withPadding(false)
            .withTruncation(questionFirst ? Truncation.ONLY_SECOND : Truncation.ONLY_FIRST);
    int sequence = questionFirst ? 1 : 0;
    int cls = tokenizer.specials().id("cls_token").orElse(-1);
    String first = questionFirst ? question.text() : question.context();
    String second = questionFirst ? question.context() : question.text();
    return tokenizer.encodeWindows(first, second, options).stream()
        .map(
            encoding -> {
              var allowed = new boolean[encoding.length()];
              for (int i = 0; i < allowed.length; i++) {
                // The pipeline bars nothing where the context stands first.
                allowed[i] =
                    !questionFirst || encoding.sequenceIds()[i] == 1 || encoding.ids()[i] == cls;
              }
              return new AnswerWindow(
                  input,
                  encoding,
                  allowed,
                  (from, to) ->
                      characters(question, encoding, sequence, settings.words(), from, to));
            })
        .toList();
  }

  /** Whole words if they are wanted and the tokens belong to some. */
  private static Span characters(
      QuestionAnswerer.Question question,
      Encoding encoding,
      int sequence,
      boolean words,
      int first,
      int last) {
    if (words) {
      var from = word(encoding, sequence, first);
      var to = word(encoding, sequence, last);
      if (from != null && to != null) {
        return new Span(from.start(), to.end());
      }
    }
    int other = 1 - sequence;
    int start = encoding.starts()[first];
    int end = encoding.ends()[last];
    return new Span(
        encoding.sequenceIds()[first] == other ? inContext(question, start) : start,
        encoding.sequenceIds()[last] == other ? inContext(question, end) : end);
  }

  /** The pipeline takes places in the question for places in the context, in code points. */
  private static int inContext(QuestionAnswerer.Question question, int offset) {
    int count = question.text().codePointCount(0, offset);
    String context = question.context();
    return context.offsetByCodePoints(
        0, Math.min(count, context.codePointCount(0, context.length())));
  }

  private static Span word(Encoding encoding, int sequence, int token) {
    var word = encoding.tokenToWord(token);
    return word.isEmpty() ? null : encoding.wordToChars(word.getAsInt(), sequence).orElse(null);
  }

  /**
   * As {@code squad_convert_example_to_features} does it: the context is cut at spaces first, and
   * an answer is of whole words.
   */
  private static List<AnswerWindow> ofWords(
      int input,
      QuestionAnswerer.Question question,
      Tokenizer tokenizer,
      AnswerSettings settings,
      Cut cut) {
    var plain = tokenizer.options().withPadding(false).withAddSpecialTokens(false);
    int[] asked = tokenizer.encode(question.text(), plain.withMaxLength(settings.question())).ids();
    var words = words(question.context());
    var texts = words.stream().map(w -> question.context().substring(w.start(), w.end())).toList();
    var context = tokenizer.encodeWords(texts, null, plain);
    int room = cut.length() - asked.length - tokenizer.specials().count(true);
    if (context.length() > room && (cut.stride() < 1 || room < cut.stride())) {
      throw noRoom(question, cut, room + " tokens are left");
    }
    var windows = new ArrayList<AnswerWindow>();
    for (int from = 0; windows.isEmpty() || from < context.length(); from += cut.stride()) {
      int to = Math.min(context.length(), from + room);
      windows.add(ofWords(input, tokenizer, asked, words, context, from, to));
      if (to == context.length()) {
        break;
      }
    }
    return windows;
  }

  private static AnswerWindow ofWords(
      int input,
      Tokenizer tokenizer,
      int[] asked,
      List<Span> words,
      Encoding context,
      int from,
      int to) {
    var encoding = tokenizer.prepare(asked, Arrays.copyOfRange(context.ids(), from, to));
    int[] special = tokenizer.specials().maskOf(encoding.ids());
    var allowed = new boolean[encoding.length()];
    int first = -1;
    for (int i = 0; i < allowed.length; i++) {
      if (encoding.sequenceIds()[i] == 1) {
        first = first < 0 ? i : first;
        allowed[i] = special[i] == 0;
      }
    }
    allowed[0] = true;
    int shift = from - first;
    return new AnswerWindow(
        input,
        encoding,
        allowed,
        (start, end) ->
            new Span(
                words.get(context.wordIds()[start + shift]).start(),
                words.get(context.wordIds()[end + shift]).end()));
  }

  /** What stands between spaces. */
  private static List<Span> words(String text) {
    var words = new ArrayList<Span>();
    int from = 0;
    for (int i = 0; i <= text.length(); i++) {
      if (i == text.length() || isSpace(text.charAt(i))) {
        if (i > from) {
          words.add(new Span(from, i));
        }
        from = i + 1;
      }
    }
    return words;
  }

  /** {@code _is_whitespace} of transformers' SQuAD code. */
  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\u202F';
  }
}
