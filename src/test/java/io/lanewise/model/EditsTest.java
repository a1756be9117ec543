package io.lanewise.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lanewise.CheckpointException;
import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.Safetensors;
import io.lanewise.checkpoint.folder.JsonConfig;
import io.lanewise.tensor.DType;
import io.lanewise.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Vocabularies that are resized, and heads that are pruned, while a checkpoint is loaded. */
@Timeout(300)
class EditsTest {
  private static final Options OPTIONS = Options.DEFAULT.withThreads(1);
  private static final Inputs INPUTS = Inputs.ids(TinyBert.ids(new Random(3), 2, 7));
  private static final String WORDS = "bert.embeddings.word_embeddings.weight";

  @TempDir Path folder;

  private static Options vocabulary(int size) {
    return OPTIONS.withEdits(Edits.NONE.withVocabulary(size));
  }

  private SequencedMap<String, Tensor> edited(Config config, int vocabulary, long seed) {
    var before = folder.resolve("before" + seed);
    var after = folder.resolve("after" + seed);
    try (var model = Model.random(config, OPTIONS.withHead(Head.MASKED_LM))) {
      model.save(before);
    }
    try (var model = Model.load(before, vocabulary(vocabulary).withSeed(seed))) {
      assertThat(model.config().positive("vocab_size", 1)).isEqualTo(vocabulary);
      var logits = ((Output.Logits) model.forward(INPUTS)).logits();
      assertThat(logits.shape().dims()).containsExactly(2, 7, vocabulary);
      model.save(after);
    }
    Model.load(after, OPTIONS).close();
    return Safetensors.read(after.resolve("model.safetensors"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void newWordsFollowTheOldOnes(boolean tied) {
    var config = TinyBert.BERT.config().with("tie_word_embeddings", tied);
    int old = TinyBert.VOCABULARY;
    var tensors = edited(config, old + 6, 1);
    var before = Safetensors.read(folder.resolve("before1/model.safetensors"));
    var others = edited(config, old + 6, 2);
    var tables = tied ? List.of(WORDS) : List.of(WORDS, "cls.predictions.decoder.weight");
    assertThat(tensors.keySet()).containsExactlyElementsOf(before.keySet());
    for (var name : tables) {
      int kept = old * TinyBert.HIDDEN;
      var all = tensors.get(name).floats();
      assertThat(Arrays.copyOf(all, kept)).isEqualTo(before.get(name).floats());
      var fresh = Arrays.copyOfRange(all, kept, all.length);
      assertThat(fresh).hasSize(6 * TinyBert.HIDDEN);
      for (float number : fresh) {
        assertThat(Math.abs(number)).isBetween(Float.MIN_VALUE, 0.6f); // cut at two deviations
      }
      assertThat(others.get(name).floats()).isNotEqualTo(all);
    }
    var bias = tensors.get("cls.predictions.bias").floats();
    assertThat(bias).hasSize(old + 6);
    assertThat(Arrays.copyOfRange(bias, old, bias.length)).containsOnly(0);
  }

  @Test
  void surplusWordsAreCutOff() {
    var tensors = edited(TinyBert.BERT.config(), 37 - 2, 1);
    var before = Safetensors.read(folder.resolve("before1/model.safetensors"));
    var words = before.get(WORDS).floats();
    assertThat(tensors.get(WORDS).floats())
        .isEqualTo(Arrays.copyOf(words, words.length - 2 * TinyBert.HIDDEN));
  }

  /** What is pruned gives what is masked. */
  @ParameterizedTest
  @EnumSource(TinyBert.class)
  void aPrunedHeadIsAHeadThatIsMasked(TinyBert family) {
    var heads = Map.of(0, Set.of(1), 2, Set.of(0, 3, 4));
    var whole = folder.resolve("whole");
    var pruned = folder.resolve("pruned");
    var mask = new float[TinyBert.LAYERS][TinyBert.HEADS];
    for (int i = 0; i < mask.length; i++) {
      for (int head = 0; head < mask[i].length; head++) {
        mask[i][head] = heads.getOrDefault(i, Set.of()).contains(head) ? 0 : 0.5f + head;
      }
    }
    var inputs = INPUTS.with("head_mask", mask);
    float[] expected;
    try (var model = family.encoder(OPTIONS)) {
      expected = ((Output.Base) model.forward(inputs)).lastHiddenState().floats();
      model.save(whole);
    }
    var edits = Edits.NONE.withPrunedHeads(heads);
    try (var model = Model.load(whole, OPTIONS.withEdits(edits))) {
      var output = (Output.Base) model.forward(inputs, Keep.ATTENTIONS);
      assertThat(output.lastHiddenState().floats()).containsExactly(expected, within(2e-5f));
      assertThat(output.attentions().get(2).shape().dims()).containsExactly(2, 2, 7, 7);
      model.save(pruned);
      try (var again = Model.load(pruned, OPTIONS)) {
        assertThat(again.forward(inputs).tensors()).isEqualTo(model.forward(inputs).tensors());
        assertThat(JsonConfig.tree(again.config()).get("pruned_heads").toString())
            .isEqualTo("{\"0\":[1],\"2\":[0,3,4]}");
      }
    }
    var more = Edits.NONE.withPrunedHeads(Map.of(2, Set.of(3, 1)));
    try (var model = Model.load(pruned, OPTIONS.withEdits(more));
        var atOnce =
            Model.load(
                whole,
                OPTIONS.withEdits(
                    Edits.NONE.withPrunedHeads(Map.of(0, Set.of(1), 2, Set.of(0, 1, 3, 4)))))) {
      assertThat(model.forward(INPUTS).tensors()).isEqualTo(atOnce.forward(INPUTS).tensors());
    }
  }

  @Test
  void headsThatCannotBePrunedAreToldByName() {
    var config = TinyBert.BERT.config();
    refused(config, Map.of(3, Set.of(0)), "no layer 3");
    refused(config, Map.of(1, Set.of(5)), "no head 5");
    refused(config, Map.of(1, Set.of(0, 1, 2, 3, 4)), "no head left");
    refused(config.with("is_decoder", true), Map.of(1, Set.of(0)), "decoder");
    refused(config.with("pruned_heads", Map.of("one", List.of(1))), Map.of(), "pruned_heads");
    refused(config.with("pruned_heads", List.of(1)), Map.of(), "pruned_heads");
    var bart = config.with("model_type", "bart").with("decoder_attention_heads", TinyBert.HEADS);
    refused(JsonConfig.of(JsonConfig.tree(bart), "x"), Map.of(1, Set.of(0)), "prun");
  }

  private static void refused(Config config, Map<Integer, Set<Integer>> heads, String why) {
    var options = OPTIONS.withEdits(Edits.NONE.withPrunedHeads(heads));
    assertThatThrownBy(() -> Model.random(config, options).close())
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("pruned_heads")
        .hasMessageContaining(why);
  }

  @Test
  void weightsAreFloats() {
    assertThatThrownBy(() -> Edits.NONE.withDtype(DType.I64))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Edits.NONE.withVocabulary(-1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aTypeThatIsNoneIsToldByName() {
    for (var key : List.of("dtype", "torch_dtype")) {
      Model.random(TinyBert.BERT.config().with(key, "bfloat16"), OPTIONS).close();
      assertThatThrownBy(
              () -> Model.random(TinyBert.BERT.config().with(key, "float33"), OPTIONS).close())
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining(key + ": float33");
    }
  }
}
