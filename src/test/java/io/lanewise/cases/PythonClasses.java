package io.lanewise.cases;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanewise.tokenizer.Tokenizer;
import io.lanewise.tokenizer.Tokenizer.Word;
import io.lanewise.tokenizer.TokenizerOptions;
import io.lanewise.tokenizer.TokenizerOptions.Flavor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.function.IntPredicate;

/** The classes of code points that the slow tokenizers ask Python for. */
record PythonClasses(Vocabularies vocabularies, CaseReport report) {
  private static final TokenizerOptions SLOW = TokenizerOptions.DEFAULT.withFlavor(Flavor.SLOW);

  void check(Path file) {
    for (var field : Texts.json(file).properties()) {
      report.record(field.getKey(), () -> check(field.getKey(), field.getValue()));
    }
  }

  private void check(String name, JsonNode expected) {
    switch (name) {
      case "unidata" -> {}
      case "lower" -> lower(expected);
      default -> CodePointCases.members(report, name, seen(name, expected), rule(name));
    }
  }

  /**
   * The class as it shows in a tokenizer, which does more with a character than ask for its class.
   */
  private static BitSet seen(String name, JsonNode expected) {
    var set = CodePointCases.set(expected);
    switch (name) {
      // clean_text removes it beside the controls.
      case "bert_slow_control" -> set.set(0xFFFD);
      // No white space to clean_text, but to str.split, which comes behind it.
      case "bert_slow_whitespace" -> set.set(0x2028, 0x202A);
      // Marks are dropped after NFKD, which takes some characters apart into marks.
      case "combining_nonzero" -> behind(Form.NFKD, set);
      // Punctuation is cut off behind NFC, which writes five characters another way.
      case "bert_slow_punct" -> behind(Form.NFC, set);
      default -> {}
    }
    return set;
  }

  /** The characters whose normal form is of a class, in the place of the class itself. */
  private static void behind(Form form, BitSet set) {
    var before = (BitSet) set.clone();
    CodePointCases.forEach(
        c -> {
          String normal = Normalizer.normalize(Character.toString(c), form);
          set.set(c, normal.codePoints().allMatch(before::get));
        });
  }

  private void lower(JsonNode expected) {
    var lowered = new HashMap<Integer, String>();
    for (var entry : expected.properties()) {
      var text = new StringBuilder();
      for (String hex : entry.getValue().textValue().split(" ", -1)) {
        text.appendCodePoint(Integer.parseInt(hex, 16));
      }
      lowered.put(Integer.parseInt(entry.getKey(), 16), text.toString());
    }
    var tokenizer = albert(true, false, true);
    CodePointCases.members(
        report,
        "lower",
        all(),
        c ->
            tokenizer
                .normalize(Character.toString(c))
                .equals(lowered.getOrDefault(c, Character.toString(c))));
  }

  private static BitSet all() {
    var all = new BitSet();
    all.set(0, Character.MAX_CODE_POINT + 1);
    return all;
  }

  private IntPredicate rule(String name) {
    return switch (name) {
      case "isspace" -> {
        var tokenizer = albert(false, true, true);
        yield c -> tokenizer.normalize("x" + Character.toString(c)).equals("x");
      }
      case "combining_nonzero" -> {
        var tokenizer = albert(false, false, false);
        yield c -> tokenizer.normalize("x" + Character.toString(c)).equals("x");
      }
      case "isdigit" -> digits();
      case "bert_slow_control" -> bert(false, (words, _) -> words.equals(List.of("xx")));
      case "bert_slow_whitespace" -> bert(false, (words, _) -> words.equals(List.of("x", "x")));
      case "bert_slow_punct" ->
          bert(
              false,
              (words, c) -> words.equals(List.of("x", Normalizer.normalize(c, Form.NFC), "x")));
      case "mark_nonspacing" -> {
        var control = bert(false, (words, _) -> words.equals(List.of("xx")));
        var removed = bert(true, (words, _) -> words.equals(List.of("xx")));
        yield c -> removed.test(c) && !control.test(c);
      }
      default -> throw new IllegalArgumentException("a class that this runner does not know");
    };
  }

  private interface Outcome {
    boolean test(List<String> words, String c);
  }

  /** What the slow BertTokenizer makes of the code point between two letters. */
  private IntPredicate bert(boolean stripAccents, Outcome outcome) {
    var tokenizer =
        Tokenizer.load(
            vocabularies.file("bert"),
            SLOW.withFlag("do_lower_case", false)
                .withFlag("strip_accents", stripAccents)
                .withFlag("tokenize_chinese_chars", false));
    return c -> {
      String text = Character.toString(c);
      var words = tokenizer.preTokenize("x" + text + "x").stream().map(Word::text).toList();
      return outcome.test(words, text);
    };
  }

  /** The slow AlbertTokenizer over a model that changes nothing by itself. */
  private Tokenizer albert(boolean lower, boolean removeSpace, boolean keepAccents) {
    return Tokenizer.load(
        model(List.of()),
        SLOW.withFlag("do_lower_case", lower)
            .withFlag("remove_space", removeSpace)
            .withFlag("keep_accents", keepAccents));
  }

  /** A number with a comma is taken apart if its last character is a digit. */
  private IntPredicate digits() {
    var pieces = new java.util.ArrayList<String>();
    for (int c = 1; c <= Character.MAX_CODE_POINT; c++) {
      if (c != ',' && (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)) {
        pieces.add(Character.toString(c) + ",");
      }
    }
    pieces.add(",");
    var tokenizer =
        Tokenizer.load(
            model(pieces),
            SLOW.withFlag("do_lower_case", false)
                .withFlag("remove_space", false)
                .withFlag("keep_accents", true));
    return c -> c > 0 && c != ',' && tokenizer.encode(Character.toString(c) + ",").length() == 4;
  }

  /** A folder with a SentencePiece model of these pieces and no normalization. */
  private Path model(List<String> pieces) {
    var out = new ByteArrayOutputStream();
    out.writeBytes(piece("<pad>", 3));
    out.writeBytes(piece("<unk>", 2));
    out.writeBytes(piece("[CLS]", 3));
    out.writeBytes(piece("[SEP]", 3));
    out.writeBytes(piece("[MASK]", 4));
    pieces.forEach(text -> out.writeBytes(piece(text, 1)));
    // normalizer_spec: no dummy prefix, no trimming, no escaping.
    out.writeBytes(message(3, new byte[] {3 << 3, 0, 4 << 3, 0, 5 << 3, 0}));
    var folder = vocabularies.scratchFolder();
    try {
      Files.write(folder.resolve("spiece.model"), out.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return folder;
  }

  private static byte[] piece(String text, int kind) {
    var out = new ByteArrayOutputStream();
    out.writeBytes(message(1, text.getBytes(StandardCharsets.UTF_8)));
    out.write(2 << 3 | 5);
    out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(-1).array());
    out.write(3 << 3);
    out.write(kind);
    return message(1, out.toByteArray());
  }

  /** A field with a length, which is below 128. */
  private static byte[] message(int field, byte[] content) {
    var out = new ByteArrayOutputStream();
    out.write(field << 3 | 2);
    out.write(content.length);
    out.writeBytes(content);
    return out.toByteArray();
  }
}
