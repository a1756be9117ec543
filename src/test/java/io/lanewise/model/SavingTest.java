package io.lanewise.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.CheckpointException;
import io.lanewise.ClosedException;
import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.Safetensors;
import io.lanewise.golden.SavedModels;
import io.lanewise.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks what is saved against what was loaded; transformers does so in saved_models.py. */
@Timeout(300)
class SavingTest {
  private static final Options OPTIONS = Options.DEFAULT.withThreads(1);
  private static final Inputs INPUTS = Inputs.ids(TinyBert.ids(new Random(3), 2, 7));

  @TempDir Path folder;

  static List<SavedModels.Case> cases() {
    return SavedModels.cases();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void comesBackBitForBit(SavedModels.Case given) {
    var saved = folder.resolve("saved");
    var again = folder.resolve("again");
    var inputs = SavedModels.inputs(given);
    try (var model = given.model()) {
      model.save(saved, given.saving());
      try (var loaded = Model.load(saved, OPTIONS)) {
        assertThat(loaded.head()).isEqualTo(given.head());
        assertThat(loaded.report().missing()).isEmpty();
        assertThat(loaded.report().unexpected()).isEmpty();
        assertThat(loaded.forward(inputs).tensors()).isEqualTo(model.forward(inputs).tensors());
        loaded.save(again, given.saving());
      }
    }
    assertThat(again).isDirectoryNotContaining(file -> !sameFile(file, saved));
  }

  private static boolean sameFile(Path file, Path folder) {
    try {
      return Files.mismatch(file, folder.resolve(file.getFileName())) < 0;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Model bert() {
    return Model.random(TinyBert.BERT.config(), OPTIONS.withHead(Head.MASKED_LM));
  }

  @Test
  void writesWhatHuggingFaceReads() {
    try (var model = bert()) {
      model.save(folder.resolve("saved"));
    }
    var config = Config.read(folder.resolve("saved/config.json"));
    assertThat(config.texts("architectures")).containsExactly("BertForMaskedLM");
    assertThat(config.text("model_type").orElse(null)).isEqualTo("bert");
    assertThat(config.text("torch_dtype").orElse(null)).isEqualTo("float32");
    var tensors = Safetensors.read(folder.resolve("saved/model.safetensors"));
    assertThat(tensors)
        .containsKeys("bert.embeddings.word_embeddings.weight", "cls.predictions.bias")
        .doesNotContainKeys("cls.predictions.decoder.weight", "bert.pooler.dense.weight");
  }

  @Test
  void aBaseModelIsSavedWithoutPrefixWhateverItCameFrom() {
    var saved = folder.resolve("saved");
    var base = folder.resolve("base");
    var head = folder.resolve("head");
    var options = OPTIONS.withHead(Head.MODEL);
    try (var model = bert()) {
      model.save(saved);
    }
    try (var model = Model.load(saved, options)) {
      assertThat(model.report().unexpected()).allMatch(name -> name.startsWith("cls."));
      model.save(base);
      try (var alone = Model.load(base, OPTIONS)) {
        assertThat(alone.forward(INPUTS).tensors()).isEqualTo(model.forward(INPUTS).tensors());
      }
    }
    assertThat(Safetensors.read(base.resolve("model.safetensors")))
        .containsKey("embeddings.word_embeddings.weight");
    var made = OPTIONS.withHead(Head.MASKED_LM).withAllowNewHead(true);
    try (var model = Model.load(base, made)) {
      model.save(head);
    }
    assertThat(Safetensors.read(head.resolve("model.safetensors")).keySet())
        .containsExactlyInAnyOrderElementsOf(
            Safetensors.read(saved.resolve("model.safetensors")).keySet());
  }

  @Test
  void whatWasSetIsSaved() {
    var options =
        OPTIONS
            .withHead(Head.SEQUENCE_CLASSIFICATION)
            .withSetting("num_labels", 3)
            .withSetting("problem_type", "regression");
    try (var model = Model.random(TinyBert.BERT.config(), options)) {
      model.save(folder.resolve("saved"));
    }
    try (var model = Model.load(folder.resolve("saved"), OPTIONS)) {
      assertThat(model.labels()).containsExactly("LABEL_0", "LABEL_1", "LABEL_2");
      assertThat(model.config().problemType()).contains("regression");
      assertThat(model.config().has("num_labels")).isFalse();
    }
  }

  @Test
  void aFolderThatHoldsSomethingIsLeftAlone() throws IOException {
    Files.writeString(folder.resolve("notes.txt"), "mine");
    try (var model = bert()) {
      assertThatThrownBy(() -> model.save(folder))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("not empty");
      assertThat(folder).isDirectoryNotContaining("glob:**.safetensors");
      model.save(folder, Saving.DEFAULT.withShardBytes(3000).withOverwrite(true));
      model.save(folder, Saving.DEFAULT.withOverwrite(true));
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("notes.txt", "config.json", "model.safetensors");
    }
  }

  @Test
  void aFileIsNoFolder() throws IOException {
    var file = Files.writeString(folder.resolve("file"), "mine");
    try (var model = bert()) {
      assertThatThrownBy(() -> model.save(file))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("is a file");
    }
  }

  @Test
  void aMappedModelCanBeSavedOverItself() {
    var saved = folder.resolve("saved");
    try (var model = bert()) {
      model.save(saved);
    }
    try (var model = Model.load(saved, OPTIONS)) {
      var before = model.forward(INPUTS).tensors();
      model.save(saved, Saving.DEFAULT.withOverwrite(true));
      assertThat(model.forward(INPUTS).tensors()).isEqualTo(before);
      try (var again = Model.load(saved, OPTIONS)) {
        assertThat(again.forward(INPUTS).tensors()).isEqualTo(before);
      }
    }
  }

  @Test
  void aCopiedModelIsReadOnceMoreUnlessItsFileHasChanged() throws IOException {
    var saved = folder.resolve("saved");
    try (var model = bert()) {
      model.save(saved);
    }
    try (var model = Model.load(saved, OPTIONS.withLoading(Loading.COPY))) {
      model.save(folder.resolve("again"));
      var weights = saved.resolve("model.safetensors");
      assertThat(sameFile(weights, folder.resolve("again"))).isTrue();
      Files.writeString(weights, "something else");
      assertThatThrownBy(() -> model.save(folder.resolve("third")))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("not the file that was loaded");
      assertThat(folder.resolve("third")).doesNotExist();
    }
  }

  private static void saveRandom(Path to, long seed) {
    try (var model = Model.random(TinyBert.BERT.config(), OPTIONS.withSeed(seed))) {
      model.save(to);
    }
  }

  /** Other weights of the same size in the same file; with the time of before, too. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aMappedModelIsNotSavedAfterItsFileWasWrittenOver(boolean sameTime) throws IOException {
    var first = folder.resolve("first");
    var second = folder.resolve("second");
    saveRandom(first, 1);
    saveRandom(second, 2);
    var file = first.resolve("model.safetensors");
    var other = Files.readAllBytes(second.resolve("model.safetensors"));
    assertThat(Files.size(file)).isEqualTo(other.length);
    var time = Files.getLastModifiedTime(file);
    try (var model = Model.load(first, OPTIONS.withLoading(Loading.MAP))) {
      Files.write(file, other);
      Files.setLastModifiedTime(
          file, sameTime ? time : FileTime.fromMillis(time.toMillis() + 2000));
      assertThatThrownBy(() -> model.save(folder.resolve("third")))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContainingAll("model.safetensors", "written over", "load it again");
      assertThat(folder.resolve("third")).doesNotExist();
    }
  }

  /** What is mapped stays what it was when another file takes the name, or none. */
  @Test
  void aMappedModelIsSavedAfterItsFileWasReplaced() throws IOException {
    var first = folder.resolve("first");
    saveRandom(first, 1);
    var file = first.resolve("model.safetensors");
    var before = Files.readAllBytes(file);
    try (var model = Model.load(first, OPTIONS.withLoading(Loading.MAP))) {
      var fresh = Files.write(first.resolve("fresh"), new byte[before.length]);
      Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
      model.save(folder.resolve("second"));
      Files.delete(file);
      model.save(folder.resolve("third"));
    }
    for (var copy : List.of("second", "third")) {
      assertThat(Files.readAllBytes(folder.resolve(copy).resolve("model.safetensors")))
          .isEqualTo(before);
    }
  }

  @Test
  void aClosedModelCannotBeSaved() {
    var model = bert();
    model.close();
    assertThatThrownBy(() -> model.save(folder.resolve("saved")))
        .isInstanceOf(ClosedException.class);
  }

  @Test
  void savingRoundedIsLoadingRounded() {
    var edits = Edits.NONE.withDtype(DType.BF16);
    var saved = folder.resolve("saved");
    try (var model = bert()) {
      model.save(saved, Saving.DEFAULT.withDtype(DType.BF16));
      model.save(folder.resolve("wide"));
    }
    try (var narrow = Model.load(saved, OPTIONS);
        var rounded = Model.load(folder.resolve("wide"), OPTIONS.withEdits(edits));
        var wide = Model.load(folder.resolve("wide"), OPTIONS)) {
      assertThat(narrow.config().text("torch_dtype").orElse(null)).isEqualTo("bfloat16");
      assertThat(rounded.forward(INPUTS).tensors()).isEqualTo(narrow.forward(INPUTS).tensors());
      assertThat(wide.forward(INPUTS).tensors()).isNotEqualTo(narrow.forward(INPUTS).tensors());
    }
  }

  @Test
  void whatF16CannotHoldIsToldByName() throws IOException {
    var tensors = TinyAlbert.tensors(1, 1, 1);
    TinyAlbert.write(folder, TinyAlbert.config(), tensors);
    var narrow = OPTIONS.withEdits(Edits.NONE.withDtype(DType.F16));
    Model.load(folder, narrow).close();
    tensors.get("predictions.bias").floats()[4] = 65520; // rounds to 2^16, which is none
    TinyAlbert.write(folder, TinyAlbert.config(), tensors);
    var options = narrow.withHead(Head.MASKED_LM);
    assertThatThrownBy(() -> Model.load(folder, options))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("predictions.bias")
        .hasMessageContaining("65520")
        .hasMessageContaining("F16");
  }
}
