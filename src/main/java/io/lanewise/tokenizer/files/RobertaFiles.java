package io.lanewise.tokenizer.files;

import io.lanewise.tokenizer.decode.Decoder;
import io.lanewise.tokenizer.files.TokenizerClass.Frame;
import io.lanewise.tokenizer.files.TokenizerClass.Setting;
import io.lanewise.tokenizer.pipeline.Pipeline;
import io.lanewise.tokenizer.pipeline.PostProcessor;
import io.lanewise.tokenizer.slow.RobertaPipeline;
import io.lanewise.tokenizer.slow.SlowVocabulary;
import io.lanewise.tokenizer.split.ByteLevel;
import io.lanewise.tokenizer.subword.Bpe;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Byte-level BPE tokenizers from vocab.json and merges.txt: RoBERTa's and similar ones
 * (RobertaTokenizer in Hugging Face's tokenization_roberta.py).
 */
final class RobertaFiles implements VocabularySource {
  private final Bpe model;
  private final TokenizerClass type;
  private final JsonPart config;

  RobertaFiles(Path folder, TokenizerClass type, JsonPart config) {
    Path vocabulary = folder.resolve(type.source().files().getFirst());
    Path merges = folder.resolve(type.source().files().getLast());
    this.model =
        new Bpe(
            VocabularyFiles.vocabJson(vocabulary),
            VocabularyFiles.mergesTxt(merges),
            Bpe.Options.PLAIN,
            merges.getFileName().toString());
    this.type = type;
    this.config = config;
  }

  @Override
  public String[] pieces() {
    return model.pieces();
  }

  /**
   * {@code RobertaConverter}, {@code DebertaConverter} or {@code GPT2Converter} of
   * convert_slow_tokenizer.py.
   */
  @Override
  public Conversion fast(String unknown) {
    boolean prefix = config.bool("add_prefix_space", false);
    boolean trims = type.sets(Setting.OFFSETS) && config.bool("trim_offsets", true);
    return new Conversion(
        null,
        new ByteLevel(prefix, true),
        model,
        new Decoder.ByteLevelDecoder(),
        trims ? new PostProcessor.Trim(prefix) : null,
        List.of());
  }

  /**
   * An unknown byte becomes the unknown token (RobertaTokenizer._convert_token_to_id in
   * tokenization_roberta.py).
   */
  @Override
  public Pipeline slow(SlowVocabulary vocabulary, String unknown) {
    boolean known = Arrays.asList(model.pieces()).contains(unknown);
    return new RobertaPipeline(
        known ? model.withUnknown(unknown) : model,
        vocabulary,
        config.bool("add_prefix_space", false),
        type.frame() == Frame.GPT2);
  }

  @Override
  public VocabularyWriter writer(boolean slow) {
    return ModelFiles.bpe(model, slow);
  }
}
