package io.lanewise.tokenizer.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.TokenizerException;
import io.lanewise.tokenizer.Tokenizer;
import io.lanewise.tokenizer.TokenizerOptions;
import io.lanewise.tokenizer.TokenizerOptions.Flavor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Errors for folders with an unknown tokenizer class, or with the files of another class. */
class FolderClassTest {
  private static final Path ROOT = Path.of("src/test/resources/tokenizer-classes");

  @TempDir private Path folder;

  private void copy(String file, String as) throws IOException {
    Files.copy(ROOT.resolve(file), folder.resolve(as));
  }

  private void refused(TokenizerOptions options, String... words) {
    assertThatThrownBy(() -> Tokenizer.load(folder, options))
        .isInstanceOf(TokenizerException.class)
        .hasMessageContainingAll(words);
  }

  private void refused(String... words) {
    refused(TokenizerOptions.DEFAULT, words);
  }

  private void config(String json) throws IOException {
    Files.writeString(folder.resolve("tokenizer_config.json"), json);
  }

  private void model(String json) throws IOException {
    Files.writeString(folder.resolve("config.json"), json);
  }

  @Test
  void refusesAnUnknownClassByName() throws IOException {
    copy("vocab.txt", "vocab.txt");
    config("{\"tokenizer_class\":\"BertJapaneseTokenizer\"}");
    refused("tokenizer_config.json", "BertJapaneseTokenizer");
    copy("bert.json", "tokenizer.json");
    config("{\"tokenizer_class\":\"KoBertTokenizer\"}");
    refused("KoBertTokenizer", "PreTrainedTokenizerFast");
  }

  @Test
  void readsTheClassOfTheModelsConfigToo() throws IOException {
    copy("vocab.txt", "vocab.txt");
    model("{\"model_type\":\"bert\",\"tokenizer_class\":\"BertJapaneseTokenizer\"}");
    refused("config.json", "BertJapaneseTokenizer");
    model("{\"model_type\":\"roformer\"}");
    refused("config.json", "roformer", "RoFormerTokenizer");
    model("{\"model_type\":\"no-such-model\"}");
    refused("no-such-model");
  }

  @Test
  void namesTheCodeThatAutoMapNames() throws IOException {
    copy("vocab.txt", "vocab.txt");
    String map = "\"auto_map\":{\"AutoTokenizer\":[\"tokenization_kobert.KoBertTokenizer\",null]}";
    config("{\"tokenizer_class\":\"KoBertTokenizer\"," + map + "}");
    refused("auto_map", "tokenization_kobert.KoBertTokenizer", "no code of a folder is run");
    config("{\"auto_map\":[\"own.Tokenizer\",null]}");
    refused("auto_map", "own.Tokenizer");
    // A known class is used, as in Hugging Face's AutoTokenizer.
    config("{\"tokenizer_class\":\"BertTokenizer\"," + map + "}");
    assertThat(Tokenizer.load(folder).encode("hello").length()).isGreaterThan(2);
  }

  @Test
  void namesTheFilesThatAClassNeeds() throws IOException {
    copy("vocab.txt", "vocab.txt");
    config("{\"tokenizer_class\":\"XLMRobertaTokenizer\"}");
    refused("XLMRobertaTokenizer", "sentencepiece.bpe.model", "tokenizer.json");
    config("{\"tokenizer_class\":\"PreTrainedTokenizerFast\"}");
    refused("tokenizer.json");
  }

  @Test
  void refusesFilesThatTwoClassesReadDifferently() throws IOException {
    copy("fairseq.model", "sentencepiece.bpe.model");
    refused("XLM-RoBERTa", "CamemBERT", "tokenizer_class");
  }

  @Test
  void refusesKeysThatItDoesNotFollow() throws IOException {
    copy("vocab.txt", "vocab.txt");
    config("{\"tokenizer_class\":\"BertTokenizer\",\"split_special_tokens\":true}");
    refused(TokenizerOptions.DEFAULT.withFlavor(Flavor.SLOW), "split_special_tokens");
    config("{\"tokenizer_class\":\"BertTokenizer\",\"init_inputs\":[\"vocab.txt\"]}");
    refused("init_inputs");
    copy("bert.json", "tokenizer.json");
    config("{\"tokenizer_class\":\"BertTokenizer\",\"tokenizer_file\":\"/elsewhere/t.json\"}");
    refused("tokenizer_file", "/elsewhere/t.json");
  }
}
