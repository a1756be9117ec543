package io.lanewise.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.CheckpointException;
import io.lanewise.ClosedException;
import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.folder.JsonConfig;
import io.lanewise.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(300)
class ModelTest {
  private static final Options OPTIONS = Options.DEFAULT.withThreads(2);
  private static final Inputs INPUTS = Inputs.ids(new long[][] {{1, 2, 3, 4}, {5, 6, 7, 8}});

  @TempDir Path folder;

  private void write(Config config, Map<String, Tensor> more) throws IOException {
    var tensors = TinyAlbert.tensors(1, 1, 1);
    tensors.putAll(more);
    TinyAlbert.write(folder, config, tensors);
  }

  private static Map<String, Tensor> pooler() {
    int hidden = TinyAlbert.HIDDEN;
    return Map.of(
        "albert.pooler.weight",
        Tensor.of(new float[hidden * hidden], hidden, hidden),
        "albert.pooler.bias",
        Tensor.of(new float[hidden], hidden));
  }

  // What a model is

  @Test
  void tellsWhatItIs() throws IOException {
    var config =
        TinyAlbert.config()
            .with("architectures", List.of("AlbertForMaskedLM"))
            .with("id2label", Map.of("0", "no", "1", "yes", "2", "maybe"));
    write(config, Map.of());
    try (var model = Model.load(folder, OPTIONS)) {
      assertThat(model.family()).isEqualTo("albert");
      assertThat(model.head()).isEqualTo(Head.MASKED_LM);
      assertThat(model.labels()).containsExactly("no", "yes", "maybe");
      assertThat(model.longest()).isEqualTo(TinyAlbert.POSITIONS);
      assertThat(model.name()).isEqualTo(folder.toString());
      assertThat(model).hasToString("albert ForMaskedLM from " + folder);
      assertThat(JsonConfig.tree(model.config())).isEqualTo(JsonConfig.tree(config));
      assertThat(model.report().missing()).isEmpty();
      assertThat(model.report().unexpected()).isEmpty();
      assertThat(model.report().initialised()).isEmpty();
      assertThat(model.report().tied()).hasSize(1).first().asString().contains("decoder.weight");
    }
  }

  @Test
  void aConfigWithoutArchitecturesIsAModelWithoutHead() throws IOException {
    write(TinyAlbert.config(), Map.of());
    try (var model = Model.load(folder, OPTIONS)) {
      assertThat(model.head()).isEqualTo(Head.MODEL);
      assertThat(model.report().unexpected()).contains("predictions.bias");
    }
  }

  @Test
  void aConfigWithoutModelTypeGoesByItsArchitecture() throws IOException {
    var config =
        TinyAlbert.config()
            .with("model_type", null)
            .with("architectures", List.of("AlbertForMaskedLM"));
    write(config, Map.of());
    try (var model = Model.load(folder, OPTIONS)) {
      assertThat(model.family()).isEqualTo("albert");
    }
  }

  @Test
  void theCallersSettingsComeBeforeTheFiles() {
    var options =
        OPTIONS
            .withHead(Head.SEQUENCE_CLASSIFICATION)
            .withSetting("num_labels", 3)
            .withSetting("output_hidden_states", true);
    try (var model = TinyAlbert.model(options)) {
      var output = (Output.Logits) model.forward(INPUTS);
      assertThat(output.logits().shape().dims()).containsExactly(2, 3);
      assertThat(output.hiddenStates()).hasSize(TinyAlbert.LAYERS + 1);
      assertThat(output.attentions()).isEmpty();
      assertThat(model.labels()).containsExactly("LABEL_0", "LABEL_1", "LABEL_2");
    }
  }

  // The pooler of a model without head

  @Test
  void aFileWithoutPoolerGivesAModelWithout() throws IOException {
    write(TinyAlbert.config(), Map.of());
    try (var model = Model.load(folder, OPTIONS.withHead(Head.MODEL))) {
      assertThat(((Output.Base) model.forward(INPUTS)).poolerOutput()).isEmpty();
      assertThat(model.report().initialised()).isEmpty();
    }
    try (var model = Model.load(folder, OPTIONS.withHead(Head.MODEL).withAllowNewHead(true))) {
      assertThat(((Output.Base) model.forward(INPUTS)).poolerOutput()).isPresent();
      assertThat(model.report().initialised())
          .containsExactlyInAnyOrder("albert.pooler.weight", "albert.pooler.bias");
    }
  }

  @Test
  void aPoolerThatNobodyWantsIsLeftOut() throws IOException {
    write(TinyAlbert.config(), pooler());
    try (var with = Model.load(folder, OPTIONS);
        var without = Model.load(folder, OPTIONS.withPooler(false))) {
      assertThat(((Output.Base) with.forward(INPUTS)).poolerOutput()).isPresent();
      assertThat(((Output.Base) without.forward(INPUTS)).poolerOutput()).isEmpty();
      assertThat(without.report().unexpected()).isEqualTo(with.report().unexpected());
    }
  }

  @Test
  void halfAPoolerIsAFault() throws IOException {
    int hidden = TinyAlbert.HIDDEN;
    write(TinyAlbert.config(), Map.of("albert.pooler.bias", Tensor.of(new float[hidden], hidden)));
    assertThatThrownBy(() -> Model.load(folder, OPTIONS))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("albert.pooler.weight");
  }

  // Heads that the file does not hold

  @ParameterizedTest
  @CsvSource({
    "SEQUENCE_CLASSIFICATION, pooler",
    "MULTIPLE_CHOICE, pooler",
    "PRE_TRAINING, pooler",
    "TOKEN_CLASSIFICATION, classifier.weight",
    "QUESTION_ANSWERING, qa_outputs.weight"
  })
  void aNewHeadIsMadeOnlyWhenAllowed(Head head, String missing) throws IOException {
    write(TinyAlbert.config(), Map.of());
    var options = OPTIONS.withHead(head);
    assertThatThrownBy(() -> Model.load(folder, options))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(missing);
    try (var one = Model.load(folder, options.withAllowNewHead(true).withSeed(3));
        var same = Model.load(folder, options.withAllowNewHead(true).withSeed(3));
        var other = Model.load(folder, options.withAllowNewHead(true).withSeed(4))) {
      var inputs =
          head == Head.MULTIPLE_CHOICE
              ? Inputs.of(Map.of("input_ids", INPUTS.tensors().get("input_ids").reshape(1, 2, 4)))
              : INPUTS;
      assertThat(one.report().initialised()).anyMatch(name -> name.contains(missing));
      assertThat(one.report().initialised()).noneMatch(name -> name.contains("encoder"));
      assertThat(one.forward(inputs).tensors()).isEqualTo(same.forward(inputs).tensors());
      assertThat(one.forward(inputs).tensors()).isNotEqualTo(other.forward(inputs).tensors());
    }
  }

  @Test
  void theEncoderIsNeverMade() throws IOException {
    var tensors = TinyAlbert.tensors(1, 1, 1);
    tensors.remove("albert.encoder.embedding_hidden_mapping_in.bias");
    TinyAlbert.write(folder, TinyAlbert.config(), tensors);
    assertThatThrownBy(() -> Model.load(folder, OPTIONS.withAllowNewHead(true)))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("albert.encoder.embedding_hidden_mapping_in.bias");
  }

  @Test
  void aTiedDecoderIsNotRead() throws IOException {
    var other = new float[TinyAlbert.VOCABULARY * TinyAlbert.EMBEDDING];
    var decoder = Tensor.of(other, TinyAlbert.VOCABULARY, TinyAlbert.EMBEDDING);
    var options = OPTIONS.withHead(Head.MASKED_LM);
    write(TinyAlbert.config(), Map.of("predictions.decoder.weight", decoder));
    Map<String, Tensor> tied;
    try (var model = Model.load(folder, options)) {
      tied = model.forward(INPUTS).tensors();
      assertThat(model.report().unexpected()).isEmpty();
    }
    try (var model = Model.load(folder, options.withSetting("tie_word_embeddings", false))) {
      var logits = ((Output.Logits) model.forward(INPUTS)).logits();
      assertThat(logits).isNotEqualTo(tied.get("logits"));
      assertThat(logits.row(0, 0)).isEqualTo(logits.row(1, 2)); // the bias alone
    }
  }

  @Test
  void theBiasOfOldFiles() throws IOException {
    var tensors = TinyAlbert.tensors(1, 1, 1);
    var options = OPTIONS.withHead(Head.MASKED_LM);
    TinyAlbert.write(folder, TinyAlbert.config(), tensors);
    Map<String, Tensor> expected;
    try (var model = Model.load(folder, options)) {
      expected = model.forward(INPUTS).tensors();
    }
    tensors.put("predictions.decoder.bias", tensors.remove("predictions.bias"));
    TinyAlbert.write(folder, TinyAlbert.config(), tensors);
    try (var model = Model.load(folder, options)) {
      assertThat(model.forward(INPUTS).tensors()).isEqualTo(expected);
    }
  }

  // Settings that cannot be

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hidden_act | swoosh",
        "position_embedding_type | absolutely",
        "num_attention_heads | 3",
        "num_attention_heads | 0",
        "num_hidden_groups | 4",
        "num_hidden_layers | 1000000000",
        "hidden_size | -1",
        "hidden_size | 20.5",
        "layer_norm_eps | -1",
        "problem_type | guessing",
        "model_type | alberta",
        "output_attentions | 1",
      })
  void settingsThatCannotBeAreNamed(String key, String value) {
    Object setting = value;
    if (value.matches("-?[0-9]+")) {
      setting = Integer.valueOf(value);
    } else if (value.matches("[0-9.]+")) {
      setting = Double.valueOf(value);
    }
    var options = OPTIONS.withHead(Head.SEQUENCE_CLASSIFICATION).withSetting(key, setting);
    assertThatThrownBy(() -> TinyAlbert.model(options))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("tiny config")
        .hasMessageContaining(key)
        .hasMessageContaining(value);
  }

  @ParameterizedTest
  @EnumSource(
      value = Head.class,
      names = {"NEXT_SENTENCE_PREDICTION", "CAUSAL_LM", "CONDITIONAL_GENERATION"})
  void headsThatAlbertDoesNotHave(Head head) {
    assertThatThrownBy(() -> TinyAlbert.model(OPTIONS.withHead(head)))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("albert")
        .hasMessageContaining(head.suffix());
  }

  @Test
  void unknownArchitecturesAreNamed() {
    var options = OPTIONS.withSetting("architectures", List.of("AlbertForPoetry"));
    assertThatThrownBy(() -> TinyAlbert.model(options))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("AlbertForPoetry");
    try (var model = TinyAlbert.model(options.withHead(Head.MODEL))) {
      assertThat(model.head()).isEqualTo(Head.MODEL);
    }
  }

  @Test
  void weightsThatNoMemoryCanHold() {
    var options = OPTIONS.withSetting("vocab_size", 1 << 24).withSetting("embedding_size", 1 << 24);
    assertThatThrownBy(() -> TinyAlbert.model(options))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("[16777216, 16777216]");
  }

  // Life and threads

  @Test
  void theSameSeedGivesTheSameModel() {
    try (var one = TinyAlbert.model(OPTIONS.withSeed(1));
        var same = TinyAlbert.model(OPTIONS.withSeed(1));
        var other = TinyAlbert.model(OPTIONS.withSeed(2))) {
      assertThat(one.forward(INPUTS).tensors()).isEqualTo(same.forward(INPUTS).tensors());
      assertThat(one.forward(INPUTS).tensors()).isNotEqualTo(other.forward(INPUTS).tensors());
    }
  }

  @Test
  void aResultOutlivesItsModel() {
    Output output;
    Map<String, Tensor> before;
    try (var model = TinyAlbert.model(OPTIONS)) {
      output = model.forward(INPUTS, Keep.HIDDEN_STATES, Keep.ATTENTIONS);
      before = copy(output);
      model.forward(Inputs.ids(new long[][] {{9, 8, 7, 6}, {5, 4, 3, 2}}));
    }
    assertThat(output.tensors()).isEqualTo(before);
  }

  private static Map<String, Tensor> copy(Output output) {
    var copy = new java.util.LinkedHashMap<String, Tensor>();
    output
        .tensors()
        .forEach(
            (name, tensor) ->
                copy.put(name, Tensor.of(tensor.floats().clone(), tensor.shape().dims())));
    return copy;
  }

  @Test
  void aClosedModelSaysSo() {
    var model = TinyAlbert.model(OPTIONS);
    model.close();
    model.close();
    assertThatThrownBy(() -> model.forward(INPUTS))
        .isInstanceOf(ClosedException.class)
        .hasMessageContaining("closed");
  }

  @ParameterizedTest
  @EnumSource(KernelChoice.class)
  void eightThreadsGetTheSameBits(KernelChoice backend) throws Exception {
    var random = new Random(5);
    try (var model = TinyAlbert.model(OPTIONS.withBackend(Backends.hereOrAuto(backend)));
        var threads = Executors.newFixedThreadPool(8)) {
      var inputs = new ArrayList<Inputs>();
      var expected = new ArrayList<Map<String, Tensor>>();
      for (int i = 0; i < 8; i++) {
        inputs.add(Inputs.ids(TinyAlbert.ids(random, 1 + i % 3, 1 + 2 * i)));
        expected.add(model.forward(inputs.get(i), Keep.ATTENTIONS).tensors());
      }
      var start = new CountDownLatch(1);
      var runs = new ArrayList<Future<Boolean>>();
      for (int i = 0; i < 8; i++) {
        int mine = i;
        Callable<Boolean> run =
            () -> {
              start.await();
              boolean same = true;
              for (int round = 0; round < 25; round++) {
                var output = model.forward(inputs.get(mine), Keep.ATTENTIONS).tensors();
                same &= output.equals(expected.get(mine));
              }
              return same;
            };
        runs.add(threads.submit(run));
      }
      start.countDown();
      for (var run : runs) {
        assertThat(run.get()).isTrue();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(KernelChoice.class)
  void closingWaitsForRunningCalls(KernelChoice backend) throws Exception {
    var model = TinyAlbert.model(OPTIONS.withBackend(Backends.hereOrAuto(backend)));
    var expected = model.forward(INPUTS).tensors();
    try (var threads = Executors.newFixedThreadPool(4)) {
      var running = new CountDownLatch(4);
      var runs = new ArrayList<Future<Boolean>>();
      for (int i = 0; i < 4; i++) {
        Callable<Boolean> untilClosed =
            () -> {
              while (model.forward(INPUTS).tensors().equals(expected)) {
                running.countDown();
              }
              return false;
            };
        runs.add(threads.submit(untilClosed));
      }
      running.await();
      model.close();
      for (var run : runs) {
        assertThatThrownBy(run::get)
            .isInstanceOf(ExecutionException.class)
            .cause()
            .isInstanceOf(ClosedException.class)
            .hasMessageContaining("has been closed");
      }
    }
  }
}
