package io.lanewise.cli.output;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The stages of a tokenizer.json in words. */
public final class TokenizerDescription {
  private static final int LONGEST = 40;

  private static final Map<String, String> MEANINGS =
      Map.ofEntries(
          Map.entry("NFC", "composes characters"),
          Map.entry("NFD", "takes characters apart"),
          Map.entry("NFKC", "composes characters, compatible ones alike"),
          Map.entry("NFKD", "takes characters apart, compatible ones alike"),
          Map.entry("StripAccents", "drops accents"),
          Map.entry("Lowercase", "makes lower case"),
          Map.entry("Replace", "replaces"),
          Map.entry("Precompiled", "applies SentencePiece's character map"),
          Map.entry("BertNormalizer", "cleans as BERT does"),
          Map.entry("WhitespaceSplit", "splits at white space"),
          Map.entry("Whitespace", "splits into words and punctuation"),
          Map.entry("BertPreTokenizer", "splits at white space and around punctuation"),
          Map.entry("Metaspace", "marks spaces visibly"),
          Map.entry("ByteLevel", "works on bytes written as letters"),
          Map.entry("Unigram", "the most probable pieces"),
          Map.entry("BPE", "merges pairs by rank"),
          Map.entry("WordPiece", "the longest pieces from the left"),
          Map.entry("WordLevel", "whole words"),
          Map.entry("TemplateProcessing", "puts special tokens around texts"),
          Map.entry("BertProcessing", "puts [CLS] and [SEP] around texts"),
          Map.entry("RobertaProcessing", "puts <s> and </s> around texts"));

  private TokenizerDescription() {}

  /** A line for each step of a stage; none for a missing one. */
  public static List<String> of(JsonNode stage) {
    var lines = new ArrayList<String>();
    collect(stage, lines);
    return lines;
  }

  private static void collect(JsonNode stage, List<String> lines) {
    if (!stage.isObject()) {
      return;
    }
    String type = stage.path("type").asText("BPE");
    if (type.equals("Sequence")) {
      for (String steps : new String[] {"normalizers", "pretokenizers", "processors", "decoders"}) {
        stage.path(steps).forEach(step -> collect(step, lines));
      }
      return;
    }
    lines.add(
        type + (MEANINGS.containsKey(type) ? ", " + MEANINGS.get(type) : "") + settings(stage));
  }

  private static String settings(JsonNode stage) {
    var words = new ArrayList<String>();
    for (var entry : stage.properties()) {
      var value = entry.getValue();
      if (entry.getKey().equals("type") || stage.path("type").asText().startsWith("Template")) {
        continue; // what a template says stands in the rows for one text and two
      }
      if (value.size() == 1 && value.path("String").isTextual()) {
        words.add(entry.getKey() + " \"" + value.path("String").textValue() + "\"");
      } else if (entry.getKey().equals("precompiled_charsmap")) {
        words.add("of " + value.asText().length() / 4 * 3 + " bytes");
      } else if (value.isContainerNode() && value.size() > 4) {
        words.add(entry.getKey() + " of " + value.size());
      } else {
        String text = value.isTextual() ? "\"" + value.textValue() + "\"" : value.toString();
        words.add(
            entry.getKey()
                + " "
                + (text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text));
      }
    }
    return words.isEmpty() ? "" : ": " + String.join(", ", words);
  }

  /** An added token: its text, its id and what is particular about it. */
  public static String addedToken(JsonNode token) {
    var words = new ArrayList<String>();
    words.add(token.path("content").asText() + "  " + token.path("id").asInt());
    for (String flag : new String[] {"special", "normalized", "lstrip", "rstrip", "single_word"}) {
      if (token.path(flag).asBoolean()) {
        words.add(flag);
      }
    }
    return String.join(", ", words);
  }

  /** An option's name as people write it. */
  public static String plain(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
