package io.lanewise.springai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.CheckpointException;
import org.junit.jupiter.api.Test;

class ModelSourceTest {
  @Test
  void folderIsFoundWithAndWithoutFileBeforeIt() {
    var folder = CoreFolder.BERT.path().toAbsolutePath().normalize();
    assertThat(ModelSource.of(folder).folder()).isEqualTo(folder);
    assertThat(ModelSource.of("file:" + folder).folder()).isEqualTo(folder);
    assertThat(ModelSource.of("file://" + folder).folder()).isEqualTo(folder);
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
