package io.lanewise.tokenizer;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** RoBERTa's, BART's and Longformer's tokenizers made from vocab.json and merges.txt. */
final class RobertaFiles {
  /** The special tokens where the folder names none. */
  static final Map<String, String> SPECIALS =
      Map.of(
          "bos_token", "<s>",
          "eos_token", "</s>",
          "unk_token", "<unk>",
          "sep_token", "</s>",
          "pad_token", "<pad>",
          "cls_token", "<s>",
          "mask_token", "<mask>");

  private RobertaFiles() {}

  static Bpe model(Path vocabulary, Path merges) {
    String where = merges.getFileName().toString();
    return new Bpe(
        VocabularyFiles.vocabJson(vocabulary),
        VocabularyFiles.mergesTxt(merges),
        Bpe.Options.PLAIN,
        where);
  }

  /** The fast tokenizer, as it is made from the slow one. */
  static Pipeline fast(Bpe model, List<AddedToken> added, JsonPart config) {
    boolean prefix = config.bool("add_prefix_space", false);
    var trim = config.bool("trim_offsets", true) ? new PostProcessor.Trim(prefix) : null;
    return new ComponentPipeline(
        added, null, new ByteLevel(prefix, true), model, new Decoder.ByteLevelDecoder(), trim);
  }

  /** The slow tokenizer; an unknown byte is the unknown token. */
  static Pipeline slow(Bpe model, List<AddedToken> added, JsonPart config, String unknown) {
    return new RobertaPipeline(
        model.withUnknown(unknown), added, config.bool("add_prefix_space", false));
  }
}
