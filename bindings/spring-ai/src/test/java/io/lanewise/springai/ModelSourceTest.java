package io.lanewise.springai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.CheckpointException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelSourceTest {
  @Test
  void folderIsFoundWithAndWithoutFileBeforeIt() {
    var folder = CoreFolder.BERT.path().toAbsolutePath().normalize();
    assertThat(ModelSource.of(folder).folder()).isEqualTo(folder);
    assertThat(ModelSource.of("file:" + folder).folder()).isEqualTo(folder);
    assertThat(ModelSource.of("file://" + folder).folder()).isEqualTo(folder);
  }

  /** The build names a cache for the tests. */
  @Test
  void aNameOfTheHubIsFoundInTheCache() throws Exception {
    var repository = Path.of(System.getenv("TRANSFORMERS_CACHE"), "models--acme--small");
    var commit = "0123456789abcdef0123456789abcdef01234567";
    var snapshot = Files.createDirectories(repository.resolve("snapshots").resolve(commit));
    Files.createDirectories(repository.resolve("refs"));
    for (var revision : List.of("main", "v1")) {
      Files.writeString(repository.resolve("refs").resolve(revision), commit);
    }
    try (var files = Files.list(CoreFolder.CROSS.path())) {
      for (var file : files.toList()) {
        Files.copy(file, snapshot.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    var source = ModelSource.of("acme/small");
    assertThat(source.folder()).isEqualTo(snapshot);
    assertThat(source.withRevision("v1").folder()).isEqualTo(snapshot);
    refused(source.withRevision("v2"), "acme/small at revision v2 is not in the cache of the Hub");
    try (var reranker = LanewiseDocumentReranker.builder(source).build()) {
      assertThat(reranker.name()).isEqualTo("acme/small");
      assertThat(reranker.folder()).isEqualTo(snapshot);
    }
  }

  /** The build forbids to ask it, so that asking is an error of its own. */
  @Test
  void theHubIsAskedOnlyWhereThatIsSaid() {
    var source = ModelSource.of("acme/elsewhere");
    assertThatThrownBy(source::folder).hasMessageNotContaining("HF_HUB_OFFLINE");
    refused(source.withFetch(true), "HF_HUB_OFFLINE is set, which forbids to ask the Hub");
  }

  @Test
  void whatIsNotThereIsNamedWithTheNextStep() {
    refused(ModelSource.of("/no/such/folder"), "there is no folder /no/such/folder");
    refused(ModelSource.of("classpath:models/bert"), "put the model into a folder beside");
    refused(ModelSource.of("lanewise/no-such-model"), "is not in the cache of the Hub");
    refused(ModelSource.of(CoreFolder.BERT.path()).withRevision("main"), "has no revision main");
  }

  private static void refused(ModelSource source, String why) {
    assertThatThrownBy(source::folder)
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(why);
  }
}
