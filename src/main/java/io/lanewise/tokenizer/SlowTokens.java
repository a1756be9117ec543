package io.lanewise.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What all slow tokenizers do with added tokens: find them, spare them, join them. */
final class SlowTokens {
  private final AddedTokens added;
  private final AddedTokens spared;
  private final Set<String> ordinary;
  private final boolean cutAtSpaces;

  SlowTokens(List<AddedToken> tokens) {
    // PreTrainedTokenizer.tokenize strips with Python's rstrip and lstrip.
    this.added = AddedTokens.of(tokens, CodePoints::isPythonSpace);
    this.cutAtSpaces = tokens.stream().noneMatch(t -> t.content().indexOf(' ') >= 0);
    // What the lower case spares: specials, and tokens looked for in normalized text.
    this.spared =
        AddedTokens.of(
            tokens.stream()
                .filter(t -> t.special() || t.normalized())
                .map(AddedToken::plain)
                .toList());
    this.ordinary =
        tokens.stream()
            .filter(t -> !t.special())
            .map(AddedToken::content)
            .collect(Collectors.toUnmodifiableSet());
  }

  /** Whether no added token reaches over a space. */
  boolean cutAtSpaces() {
    return cutAtSpaces;
  }

  /** The text, each character outside added tokens in lower case if that is wanted. */
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

  /** What is told of the parts found. */
  interface Listener {
    /** A part of the text; the token is null for text between tokens. */
    void part(AddedToken token, AlignedText part);
  }

  /** Cuts a text into added tokens and what is between them. */
  void split(AlignedText text, Listener listener) {
    added.find(
        text.chars,
        0,
        text.length,
        (token, from, to) -> {
          var part = new AlignedText(to - from);
          part.append(text, from, to);
          listener.part(token, part);
        });
  }

  /** The text of tokens: added tokens that are not special stand alone, with spaces between. */
  String join(List<String> tokens, Function<List<String>, String> runs) {
    var parts = new ArrayList<String>();
    var run = new ArrayList<String>();
    for (String token : tokens) {
      if (ordinary.contains(token)) {
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
