package io.lanewise.tokenizer.files;

import io.lanewise.tokenizer.normalize.CodePoints;
import io.lanewise.tokenizer.normalize.CrateTables;
import io.lanewise.tokenizer.split.BertWords;
import io.lanewise.tokenizer.split.ByteLevel;
import io.lanewise.tokenizer.split.Gpt2Words;
import io.lanewise.tokenizer.split.PreTokenizer;
import io.lanewise.tokenizer.split.PreTokenizer.Prepend;
import io.lanewise.tokenizer.split.RegexPattern;
import io.lanewise.tokenizer.split.ScriptRuns;
import io.lanewise.tokenizer.split.Splitter;
import io.lanewise.tokenizer.split.Splitter.Behavior;
import io.lanewise.tokenizer.split.Splitter.Pattern;
import java.util.Locale;
import java.util.Map;

/**
 * Reads the {@code pre_tokenizer} of a tokenizer.json (pre_tokenizers/mod.rs in Hugging Face's
 * tokenizers library).
 */
public final class PreTokenizerJson {
  private static final Pattern NUMBERS = Pattern.each(CodePoints::isNumber);
  private static final Pattern SPACES = Pattern.runs(CodePoints::isWhiteSpace);
  private static final Pattern WORDS_AND_SYMBOLS =
      Pattern.either(
          Pattern.runs(CodePoints::isWord),
          Pattern.runs(c -> !CodePoints.isWord(c) && !CodePoints.isWhiteSpace(c)));

  /** The regular expressions of {@code Split} that have a faster scanner. */
  private static final Map<String, Pattern> KNOWN =
      Map.of(
          "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
          Gpt2Words::end,
          "\\s+",
          SPACES,
          "\\s",
          Pattern.each(CodePoints::isWhiteSpace),
          "\\p{N}",
          NUMBERS,
          "\\p{N}+",
          Pattern.runs(CodePoints::isNumber),
          "\\d",
          Pattern.each(Character::isDigit),
          "\\d+",
          Pattern.runs(Character::isDigit),
          "[0-9]",
          Pattern.each(c -> c >= '0' && c <= '9'),
          "[0-9]+",
          Pattern.runs(c -> c >= '0' && c <= '9'));

  private PreTokenizerJson() {}

  /** The pre-tokenizer, or null if there is none. */
  public static PreTokenizer read(JsonPart part) {
    if (part.isNull()) {
      return null;
    }
    return switch (part.type()) {
      case "Sequence" ->
          new PreTokenizer.Sequence(
              part.get("pretokenizers").steps().stream().map(PreTokenizerJson::read).toList());
      case "BertPreTokenizer" -> new BertWords();
      case "ByteLevel" ->
          new ByteLevel(part.bool("add_prefix_space", true), part.bool("use_regex", true));
      case "CharDelimiterSplit" ->
          new Splitter(
              Pattern.literal(String.valueOf(part.get("delimiter").character())),
              Behavior.REMOVED,
              false);
      case "Digits" ->
          new Splitter(
              NUMBERS,
              part.bool("individual_digits", false) ? Behavior.ISOLATED : Behavior.CONTIGUOUS,
              false);
      case "Metaspace" ->
          new PreTokenizer.Metaspace(
              part.get("replacement").character(), prepend(part), part.bool("split", true));
      case "Punctuation" ->
          new Splitter(
              Pattern.each(CrateTables::isPunctuation),
              part.find("behavior").isNull() ? Behavior.ISOLATED : behavior(part.get("behavior")),
              false);
      case "Split" ->
          new Splitter(
              pattern(part.get("pattern")),
              behavior(part.get("behavior")),
              part.bool("invert", false));
      case "UnicodeScripts" -> new ScriptRuns();
      case "Whitespace" -> new Splitter(WORDS_AND_SYMBOLS, Behavior.REMOVED, true);
      case "WhitespaceSplit" -> new PreTokenizer.WhitespaceSplit();
      default -> throw part.unknown("pre-tokenizer");
    };
  }

  /**
   * The {@code prepend_scheme}; old files have {@code add_prefix_space} instead
   * (pre_tokenizers/metaspace.rs).
   */
  static Prepend prepend(JsonPart part) {
    var scheme = part.find("prepend_scheme");
    if (scheme.isNull()) {
      return part.bool("add_prefix_space", true) ? Prepend.ALWAYS : Prepend.NEVER;
    }
    return switch (scheme.text()) {
      case "always" -> Prepend.ALWAYS;
      case "first" -> Prepend.FIRST;
      case "never" -> Prepend.NEVER;
      default -> throw scheme.wrong("always, first or never");
    };
  }

  private static Behavior behavior(JsonPart part) {
    return switch (part.text().toLowerCase(Locale.ROOT).replace("_", "")) {
      case "removed" -> Behavior.REMOVED;
      case "isolated" -> Behavior.ISOLATED;
      case "mergedwithprevious" -> Behavior.MERGED_WITH_PREVIOUS;
      case "mergedwithnext" -> Behavior.MERGED_WITH_NEXT;
      case "contiguous" -> Behavior.CONTIGUOUS;
      default ->
          throw part.wrong("Removed, Isolated, MergedWithPrevious, MergedWithNext or Contiguous");
    };
  }

  private static Pattern pattern(JsonPart part) {
    var literal = part.find("String");
    if (!literal.isNull()) {
      if (literal.text().isEmpty()) {
        throw literal.wrong("a text that is not empty");
      }
      return Pattern.literal(literal.text());
    }
    var regex = part.get("Regex");
    var known = KNOWN.get(regex.text());
    return known == null ? new RegexPattern(RegexPattern.read(regex), regex.where()) : known;
  }
}
