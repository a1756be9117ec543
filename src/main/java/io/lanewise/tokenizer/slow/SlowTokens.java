package io.lanewise.tokenizer.slow;

import io.lanewise.tokenizer.normalize.AlignedText;
import io.lanewise.tokenizer.normalize.CodePoints;
import io.lanewise.tokenizer.subword.AddedToken;
import io.lanewise.tokenizer.subword.AddedTokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The common rules of slow tokenizers for added tokens: search, lower case around them, decoding
 * ({@code PreTrainedTokenizer} in Hugging Face's tokenization_utils.py).
 */
final class SlowTokens {
  private static final Stretch NOWHERE = new Stretch(null, 0, 0);

  private final AddedTokens added;
  private final AddedTokens spared;
  private final Set<String> singleWords;
  private final Set<String> apart;
  private final boolean cutAtSpaces;

  SlowTokens(SlowVocabulary vocabulary) {
    var tokens = vocabulary.tokens();
    // PreTrainedTokenizer.tokenize (tokenization_utils.py) strips with Python's rstrip and lstrip
    this.added =
        AddedTokens.of(
            tokens.stream().map(SlowTokens::anywhere).toList(), CodePoints::isPythonSpace);
    this.singleWords =
        tokens.stream()
            .filter(AddedToken::singleWord)
            .map(AddedToken::content)
            .collect(Collectors.toUnmodifiableSet());
    this.cutAtSpaces = tokens.stream().noneMatch(t -> t.content().indexOf(' ') >= 0);
    // Not converted to lower case: special tokens, and tokens that are searched in the normalized
    // text.
    this.spared =
        AddedTokens.of(
            tokens.stream()
                .filter(t -> vocabulary.special().contains(t.content()) || isOrdinary(t))
                .map(AddedToken::plain)
                .toList());
    this.apart = vocabulary.apart();
  }

  private static boolean isOrdinary(AddedToken token) {
    return !token.special() && token.normalized();
  }

  /** Whether no added token extends across a space. */
  boolean cutAtSpaces() {
    return cutAtSpaces;
  }

  /** The text, with each character outside of added tokens in lower case if requested. */
  AlignedText lower(char[] text, boolean wanted) {
    var lowered = new AlignedText(text.length + 16);
    if (!wanted) {
      lowered.appendOriginal(text, 0, text.length);
      return lowered;
    }
    spared.find(
        text,
        0,
        text.length,
        (token, from, to) -> {
          if (token == null) {
            var part = new AlignedText(to - from);
            part.appendOriginal(text, from, to);
            AlbertRules.lowerEach(part, lowered);
          } else {
            lowered.appendOriginal(text, from, to);
          }
        });
    return lowered;
  }

  /** Receives the parts. */
  interface Listener {
    /** A part of the text; the token is null for text between tokens. */
    void part(AddedToken token, AlignedText part);
  }

  /** A range of a text; the token is null for text between tokens. */
  private record Stretch(AddedToken token, int from, int to) {
    boolean isEmpty() {
      return from == to;
    }
  }

  /** Splits a text into added tokens and the text between them. */
  void split(AlignedText text, Listener listener) {
    var found = new ArrayList<Stretch>();
    added.find(
        text.chars, 0, text.length, (token, from, to) -> found.add(new Stretch(token, from, to)));
    if (!singleWords.isEmpty()) {
      mergeSingleWords(text, found);
    }
    for (var stretch : found) {
      if (!stretch.isEmpty()) {
        var part = new AlignedText(stretch.to - stretch.from);
        part.append(text, stretch.from, stretch.to);
        listener.part(stretch.token, part);
      }
    }
  }

  private static AddedToken anywhere(AddedToken token) {
    return new AddedToken(
        token.id(),
        token.content(),
        false,
        token.stripLeft(),
        token.stripRight(),
        token.normalized(),
        token.special());
  }

  /**
   * A single-word token without a space beside it is merged with its neighbour: the one before it,
   * or otherwise the one after it (PreTrainedTokenizer.tokenize).
   */
  private void mergeSingleWords(AlignedText text, List<Stretch> found) {
    for (int i = 0; i < found.size(); i++) {
      var here = found.get(i);
      if (here.token == null || !singleWords.contains(here.token.content())) {
        continue;
      }
      int start = here.from;
      while (here.token.stripLeft() && CodePoints.isWhiteSpace(text.chars[start])) {
        start++;
      }
      int end = start + here.token.content().length();
      var left = i > 0 ? found.get(i - 1) : NOWHERE;
      var right = i + 1 < found.size() ? found.get(i + 1) : NOWHERE;
      if (!left.isEmpty() && text.chars[start - 1] != ' ') {
        found.set(i - 1, new Stretch(null, left.from, here.to));
        found.set(i, NOWHERE);
      } else if (!right.isEmpty() && text.chars[end] != ' ') {
        found.set(i + 1, new Stretch(null, here.from, right.to));
        found.set(i, NOWHERE);
      }
    }
  }

  /**
   * The text of tokens: some tokens are separated by spaces, the runs between them are decoded
   * together (PreTrainedTokenizer._decode).
   */
  String join(List<String> tokens, Function<List<String>, String> runs) {
    var parts = new ArrayList<String>();
    var run = new ArrayList<String>();
    for (String token : tokens) {
      if (apart.contains(token)) {
        flush(run, runs, parts);
        parts.add(token);
      } else {
        run.add(token);
      }
    }
    if (!run.isEmpty()) {
      parts.add(runs.apply(run));
    }
    return String.join(" ", parts);
  }

  private static void flush(
      List<String> run, Function<List<String>, String> runs, List<String> parts) {
    if (!run.isEmpty()) {
      String text = runs.apply(run);
      if (!text.isEmpty()) {
        parts.add(text);
      }
      run.clear();
    }
  }
}
