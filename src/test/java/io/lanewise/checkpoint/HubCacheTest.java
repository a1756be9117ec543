package io.lanewise.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubCacheTest {
  private static final String MAIN = "8e2f239c5f8a2c0f253781ca60135db913e5c80c";
  private static final String OTHER = "8e2f239c00000000000000000000000000000000";

  @TempDir private Path folder;

  private HubCache cache() throws IOException {
    var repository = folder.resolve("models--albert--albert-base-v2");
    Files.createDirectories(repository.resolve("snapshots").resolve(MAIN));
    Files.createDirectories(repository.resolve("snapshots").resolve(OTHER));
    for (var commit : new String[] {MAIN, OTHER}) {
      // Links to blobs, as created by Hugging Face's tools.
      var blob = repository.resolve("blobs").resolve("b" + commit);
      Files.createDirectories(blob.getParent());
      Files.writeString(blob, "{\"model_type\":\"albert\"}");
      var link = repository.resolve("snapshots").resolve(commit).resolve("config.json");
      Files.createSymbolicLink(link, Path.of("../../blobs/b" + commit));
    }
    Files.createDirectories(repository.resolve("refs/refs/pr"));
    Files.writeString(repository.resolve("refs/main"), MAIN);
    Files.writeString(repository.resolve("refs/refs/pr/11"), OTHER + "\n");
    return new HubCache(folder);
  }

  @Test
  void aNameIsTheFolderOfItsRevision() throws IOException {
    var cache = cache();
    var name = "albert/albert-base-v2";
    assertThat(cache.find(name, null)).endsWith(Path.of("snapshots", MAIN)).isDirectory();
    assertThat(cache.find(name, "main")).endsWith(Path.of("snapshots", MAIN));
    assertThat(cache.find(name, "refs/pr/11")).endsWith(Path.of("snapshots", OTHER));
    assertThat(cache.find(name, OTHER)).endsWith(Path.of("snapshots", OTHER));
    assertThat(cache.find(name, MAIN.substring(0, 9))).endsWith(Path.of("snapshots", MAIN));
  }

  @Test
  void whatIsNotThereIsToldWithTheCommandThatBringsIt() throws IOException {
    var cache = cache();
    assertThatThrownBy(() -> cache.find("albert/albert-large-v2"))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("models--albert--albert-large-v2")
        .hasMessageContaining("lanewise fetch albert/albert-large-v2,");
    assertThatThrownBy(() -> cache.find("albert/albert-base-v2", "v3"))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("lanewise fetch albert/albert-base-v2 --revision v3");
    // two snapshots begin so
    assertThatThrownBy(() -> cache.find("albert/albert-base-v2", MAIN.substring(0, 8)))
        .isInstanceOf(CheckpointException.class);
    assertThatThrownBy(() -> cache.find("albert/albert-base-v2", "../../../etc/passwd"))
        .isInstanceOf(CheckpointException.class);
    assertThatThrownBy(() -> cache.find("../albert", null))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("no name of the Hub");
  }

  @Test
  void listsWhatItHolds() throws IOException {
    var cache = cache();
    var repository = folder.resolve("models--albert--albert-base-v2");
    // A second link to a blob takes no additional space, and a broken link takes none.
    var main = repository.resolve("snapshots").resolve(MAIN);
    Files.createSymbolicLink(main.resolve("again.json"), Path.of("../../blobs/b" + MAIN));
    Files.createSymbolicLink(main.resolve("gone.json"), Path.of("../../blobs/none"));
    Files.createDirectories(repository.resolve(".no_exist").resolve(MAIN));
    Files.createFile(repository.resolve(".no_exist").resolve(MAIN).resolve("added_tokens.json"));
    Files.createDirectories(folder.resolve("datasets--glue/snapshots/" + MAIN));
    Files.createDirectories(folder.resolve("models--gpt2/snapshots"));
    Files.createDirectories(folder.resolve(".locks"));
    Files.writeString(repository.resolve("refs/bad"), "no commit");
    var repositories = cache.repositories();
    assertThat(repositories)
        .extracting(HubRepository::name)
        .containsExactly("albert/albert-base-v2", "gpt2");
    var snapshots = repositories.getFirst().snapshots();
    assertThat(snapshots).hasSize(2);
    var first = snapshots.getFirst();
    assertThat(first.commit()).isEqualTo(MAIN);
    assertThat(first.revisions()).containsExactly("main");
    assertThat(first.bytes()).isEqualTo(23);
    assertThat(first.gone()).containsExactly("gone.json");
    assertThat(first.absent()).containsExactly("added_tokens.json");
    assertThat(snapshots.getLast().revisions()).containsExactly("refs/pr/11");
    assertThat(repositories.getLast().snapshots()).isEmpty();
    assertThat(new HubCache(folder.resolve("none")).repositories()).isEmpty();
  }

  @Test
  void aPartOfAModelIsNoModel() throws IOException {
    var cache = cache();
    var name = "albert/albert-base-v2";
    var repository = folder.resolve("models--albert--albert-base-v2");
    assertThat(cache.findModel(name, null)).endsWith(Path.of("snapshots", MAIN));
    var unfinished = Files.createFile(repository.resolve("blobs/3333.incomplete"));
    assertThatThrownBy(() -> cache.findModel(name, null))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("not finished")
        .hasMessageContaining("lanewise fetch " + name);
    Files.delete(unfinished);

    var config = repository.resolve("snapshots").resolve(MAIN).resolve("config.json");
    Files.delete(repository.resolve("blobs").resolve("b" + MAIN));
    assertThatThrownBy(() -> cache.findModel(name, "main"))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("lanewise fetch " + name);
    Files.delete(config);
    assertThatThrownBy(() -> cache.findModel(name, null))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("no config.json")
        .hasMessageContaining("lanewise fetch " + name);
    // These files are enough for its tokenizer.
    assertThat(cache.find(name, null)).endsWith(Path.of("snapshots", MAIN));
    // Another download would not bring these files.
    Files.createDirectories(repository.resolve(".no_exist").resolve(MAIN));
    Files.createFile(repository.resolve(".no_exist").resolve(MAIN).resolve("config.json"));
    assertThat(cache.findModel(name, null)).endsWith(Path.of("snapshots", MAIN));
  }

  @Test
  void namesAreNoPaths() {
    assertThat(HubCache.isName("albert/albert-base-v2")).isTrue();
    assertThat(HubCache.isName("bert-base-uncased")).isTrue();
    for (var path : new String[] {"", "/", "./x", "a/b/c", "a/../b", "a//b", "~/a b", "a--b"}) {
      assertThat(HubCache.isName(path)).as(path).isFalse();
    }
  }

  @Test
  void theEnvironmentSaysWhereItIs() {
    var home = Path.of("home");
    assertThat(HubCache.of(Map.of(), home).folder())
        .isEqualTo(Path.of("home", ".cache", "huggingface", "hub"));
    assertThat(HubCache.of(Map.of("XDG_CACHE_HOME", "x"), home).folder())
        .isEqualTo(Path.of("x", "huggingface", "hub"));
    assertThat(HubCache.of(Map.of("XDG_CACHE_HOME", "x", "HF_HOME", "h"), home).folder())
        .isEqualTo(Path.of("h", "hub"));
    assertThat(HubCache.of(Map.of("HF_HUB_CACHE", "c", "HF_HOME", "h"), home).folder())
        .isEqualTo(Path.of("c"));
  }
}
