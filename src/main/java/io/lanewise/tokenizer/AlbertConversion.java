package io.lanewise.tokenizer;

import java.text.Normalizer.Form;
import java.util.ArrayList;
import java.util.List;

/**
 * ALBERT's fast tokenizer made from its {@code spiece.model}, as transformers 4.37 converts it.
 *
 * <p>It differs from the tokenizer.json that the published checkpoints have: white space is not
 * split off before the marks are put, so that space at the ends becomes a mark of its own, and
 * {@code remove_space} has no effect.
 */
final class AlbertConversion {
  /** What a piece of digits that ends with a comma costs, so that it is hardly ever taken. */
  private static final double COMMA_PENALTY = 100;

  private AlbertConversion() {}

  static ComponentPipeline pipeline(
      SentencePieceFile file, AlbertRules rules, List<AddedToken> added, String where) {
    return new ComponentPipeline(
        added,
        normalizer(file, rules, where),
        new PreTokenizer.Metaspace(SentencePiece.SPACE_MARK, PreTokenizer.Prepend.ALWAYS, true),
        model(file),
        new Decoder.Metaspace(SentencePiece.SPACE_MARK, PreTokenizer.Prepend.ALWAYS));
  }

  private static Normalizer normalizer(SentencePieceFile file, AlbertRules rules, String where) {
    var steps = new ArrayList<Normalizer>();
    steps.add(new Normalizer.Replace("``", "\""));
    steps.add(new Normalizer.Replace("''", "\""));
    if (!rules.keepAccents()) {
      steps.add(new Normalizer.Decompose(new Decomposition(Form.NFKD, true)));
      steps.add(new Normalizer.StripAccents());
    }
    if (rules.lowerCase()) {
      steps.add(new Normalizer.Lowercase());
    }
    if (file.charsmap().length > 0) {
      steps.add(new Precompiled(Charsmap.of(file.charsmap(), where)));
    }
    steps.add(new Normalizer.CollapseSpaces(" "));
    return new Normalizer.Sequence(steps);
  }

  private static Unigram model(SentencePieceFile file) {
    int size = file.pieces().size();
    var pieces = new String[size];
    var scores = new double[size];
    int unknown = -1;
    for (int id = 0; id < size; id++) {
      var piece = file.pieces().get(id);
      pieces[id] = piece.text();
      scores[id] = piece.score() - (isNumberWithComma(piece.text()) ? COMMA_PENALTY : 0);
      if (piece.kind() == SentencePieceFile.Kind.UNKNOWN) {
        unknown = id;
      }
    }
    return new Unigram(pieces, scores, unknown);
  }

  private static boolean isNumberWithComma(String piece) {
    int comma = piece.length() - 1;
    return comma > 0
        && piece.charAt(comma) == ','
        && AlbertRules.isDigit(piece.codePointBefore(comma));
  }
}
