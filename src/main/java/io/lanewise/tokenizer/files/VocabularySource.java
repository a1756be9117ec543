package io.lanewise.tokenizer.files;

import io.lanewise.tokenizer.decode.Decoder;
import io.lanewise.tokenizer.normalize.Normalizer;
import io.lanewise.tokenizer.pipeline.Pipeline;
import io.lanewise.tokenizer.pipeline.PostProcessor;
import io.lanewise.tokenizer.slow.SlowVocabulary;
import io.lanewise.tokenizer.split.PreTokenizer;
import io.lanewise.tokenizer.subword.SubwordModel;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A folder's vocabulary files, read by the rules of one of Hugging Face's slow classes; creates
 * both the slow tokenizer and the fast one that convert_slow_tokenizer.py makes of it.
 */
public sealed interface VocabularySource permits BertFiles, RobertaFiles, SentencePieceFiles {
  /** The slow tokenizer's vocabulary by id, without added tokens; null for ids without a piece. */
  String[] pieces();

  /** Whether {@code get_vocab} lists the added token if a piece has the same id. */
  default boolean listsById() {
    return false;
  }

  /** {@code vocab_size} of the slow tokenizer. */
  default int size() {
    return (int) Arrays.stream(pieces()).filter(Objects::nonNull).distinct().count();
  }

  /** Added tokens of the slow class itself, by id. */
  default Map<Integer, DeclaredToken> ownTokens(TokenizerConfig config) {
    return Map.of();
  }

  /** The special tokens without a role, completed by the rules of the class; null for none. */
  default List<DeclaredToken> additional(TokenizerConfig config) {
    return config.additional();
  }

  Pipeline slow(SlowVocabulary vocabulary, String unknown);

  Conversion fast(String unknown);

  VocabularyWriter writer(boolean slow);

  /**
   * A converted fast tokenizer without its added tokens.
   *
   * @param normalizer null for none
   * @param trim trimming of offsets; null for none
   * @param tokens the tokens that the conversion adds
   */
  record Conversion(
      Normalizer normalizer,
      PreTokenizer preTokenizer,
      SubwordModel model,
      Decoder decoder,
      PostProcessor.Trim trim,
      List<DeclaredToken> tokens) {}
}
