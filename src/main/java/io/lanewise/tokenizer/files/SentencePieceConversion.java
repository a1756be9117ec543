package io.lanewise.tokenizer.files;

import io.lanewise.TokenizerException;
import io.lanewise.tokenizer.decode.Decoder;
import io.lanewise.tokenizer.files.TokenizerClass.Source;
import io.lanewise.tokenizer.normalize.Charsmap;
import io.lanewise.tokenizer.normalize.CrateTables;
import io.lanewise.tokenizer.normalize.Decomposition;
import io.lanewise.tokenizer.normalize.Normalizer;
import io.lanewise.tokenizer.normalize.Precompiled;
import io.lanewise.tokenizer.normalize.StripEnds;
import io.lanewise.tokenizer.sentencepiece.SentencePiece;
import io.lanewise.tokenizer.sentencepiece.SentencePieceFile;
import io.lanewise.tokenizer.sentencepiece.SentencePieceFile.Kind;
import io.lanewise.tokenizer.slow.AlbertRules;
import io.lanewise.tokenizer.split.PreTokenizer;
import io.lanewise.tokenizer.split.PreTokenizer.Prepend;
import io.lanewise.tokenizer.split.Splitter;
import io.lanewise.tokenizer.subword.Unigram;
import java.text.Normalizer.Form;
import java.util.ArrayList;
import java.util.List;

/**
 * The parts of a fast tokenizer made from a SentencePiece model: {@code SpmConverter} of
 * convert_slow_tokenizer.py, and its subclasses for ALBERT, XLM-RoBERTa, CamemBERT, DeBERTa-v2 and
 * T5.
 *
 * <p>Byte pieces and unused pieces are treated like other pieces: the fast tokenizers of these
 * classes have no byte fallback.
 */
final class SentencePieceConversion {
  /**
   * Subtracted from the score of a piece of digits with a comma at the end, so that it is rarely
   * used ({@code AlbertConverter.vocab} in convert_slow_tokenizer.py).
   */
  private static final double COMMA_PENALTY = 100;

  private static final String MARK = String.valueOf(SentencePiece.SPACE_MARK);

  private final Source source;
  private final SentencePieceFile file;
  private final JsonPart config;
  private final String where;

  SentencePieceConversion(Source source, SentencePieceFile file, JsonPart config, String where) {
    this.source = source;
    this.file = file;
    this.config = config;
    this.where = where;
  }

  /** Control pieces are special tokens, user-defined symbols are tokens that are not special. */
  List<DeclaredToken> tokens() {
    var tokens = new ArrayList<DeclaredToken>();
    for (var piece : file.pieces()) {
      if (piece.kind() == Kind.CONTROL || piece.kind() == Kind.USER_DEFINED) {
        tokens.add(
            DeclaredToken.added(piece.text())
                .withNormalized(false)
                .withSpecial(piece.kind() == Kind.CONTROL));
      }
    }
    return tokens;
  }

  Normalizer normalizer() {
    var steps = new ArrayList<Normalizer>();
    switch (source) {
      case ALBERT -> {
        var rules = AlbertRules.of(config);
        steps.add(new Normalizer.Replace("``", "\""));
        steps.add(new Normalizer.Replace("''", "\""));
        if (!rules.keepAccents()) {
          steps.add(new Normalizer.Decompose(new Decomposition(Form.NFKD, true)));
          steps.add(new Normalizer.StripAccents());
        }
        if (rules.lowerCase()) {
          steps.add(new Normalizer.Lowercase());
        }
        charsmap(steps);
        steps.add(new Normalizer.CollapseSpaces(" "));
      }
      case DEBERTA_V2 -> {
        if (config.bool("do_lower_case", false)) {
          steps.add(new Normalizer.Lowercase());
        }
        steps.add(new StripEnds(true, true));
        charsmap(steps);
        steps.add(new Normalizer.CollapseSpaces(" "));
      }
      default -> {
        charsmap(steps);
        steps.add(new StripEnds(false, true));
        steps.add(new Normalizer.CollapseSpaces(MARK));
      }
    }
    return new Normalizer.Sequence(steps);
  }

  private void charsmap(List<Normalizer> steps) {
    if (file.charsmap().length > 0) {
      steps.add(new Precompiled(Charsmap.of(file.charsmap(), where)));
    }
  }

  PreTokenizer preTokenizer() {
    var marks = new PreTokenizer.Metaspace(SentencePiece.SPACE_MARK, prepend(), true);
    if (source == Source.DEBERTA_V2 && config.bool("split_by_punct", false)) {
      return new PreTokenizer.Sequence(
          List.of(
              new Splitter(
                  Splitter.Pattern.each(CrateTables::isPunctuation),
                  Splitter.Behavior.ISOLATED,
                  false),
              marks));
    }
    return marks;
  }

  Decoder decoder() {
    return new Decoder.Metaspace(SentencePiece.SPACE_MARK, prepend());
  }

  private Prepend prepend() {
    if (source != Source.T5) {
      return Prepend.ALWAYS;
    }
    var prefix = config.find("add_prefix_space");
    if (prefix.node().isMissingNode() || (!prefix.isNull() && prefix.bool())) {
      return config.bool("legacy", true) ? Prepend.ALWAYS : Prepend.FIRST;
    }
    return Prepend.NEVER;
  }

  /**
   * @param extraIds number of T5's additional pieces {@code <extra_id_0>} and so on
   */
  Unigram model(int extraIds) {
    int size = file.pieces().size();
    var pieces = new ArrayList<String>(size + 8);
    var scores = new ArrayList<Double>(size + 8);
    int from = 0;
    int unknown = file.unknownId();
    switch (source) {
      case XLM_ROBERTA -> {
        add(pieces, scores, 0, "<s>", "<pad>", "</s>", "<unk>");
        from = Math.min(3, size);
        unknown = 3;
      }
      case CAMEMBERT -> {
        add(pieces, scores, 0, "<s>NOTUSED", "<pad>", "</s>NOTUSED", "<unk>");
        add(pieces, scores, -100, "<unk>NOTUSED");
        from = 1;
        unknown = 3;
      }
      default -> {
        // The numbers are the file's.
      }
    }
    boolean penalty = source == Source.ALBERT;
    for (var piece : file.pieces().subList(from, size)) {
      boolean dear = penalty && isNumberWithComma(piece.text());
      add(pieces, scores, piece.score() - (dear ? COMMA_PENALTY : 0), piece.text());
    }
    if (source == Source.XLM_ROBERTA || source == Source.CAMEMBERT) {
      add(pieces, scores, 0, "<mask>");
    }
    for (int i = extraIds - 1; i >= 0; i--) {
      add(pieces, scores, 0, "<extra_id_" + i + ">");
    }
    if (unknown < 0 || unknown >= pieces.size()) {
      throw new TokenizerException(
          where + " has the unknown id " + unknown + ", and " + pieces.size() + " pieces");
    }
    return new Unigram(
        pieces.toArray(String[]::new),
        scores.stream().mapToDouble(Double::doubleValue).toArray(),
        unknown);
  }

  private static void add(List<String> pieces, List<Double> scores, double score, String... added) {
    for (String piece : added) {
      pieces.add(piece);
      scores.add(score);
    }
  }

  private static boolean isNumberWithComma(String piece) {
    int comma = piece.length() - 1;
    return comma > 0
        && piece.charAt(comma) == ','
        && AlbertRules.isDigit(piece.codePointBefore(comma));
  }
}
