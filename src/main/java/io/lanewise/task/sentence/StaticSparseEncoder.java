package io.lanewise.task.sentence;

import io.lanewise.InputException;
import io.lanewise.checkpoint.Checkpoint;
import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.folder.JsonConfig;
import io.lanewise.model.FolderSettings;
import io.lanewise.task.SparseEmbedder.SparseVector;
import io.lanewise.task.TaskOptions;
import io.lanewise.task.text.TextModel;
import io.lanewise.tokenizer.EncodeOptions;
import io.lanewise.tokenizer.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The {@code SparseStaticEmbedding} of sentence-transformers: each token of a text has a weight of
 * its own, whatever the text, and however often it stands there. Special tokens are not added.
 *
 * @param where its folder, for messages
 * @param weights by the tokens' ids
 */
record StaticSparseEncoder(
    String where, Tokenizer tokenizer, EncodeOptions options, float[] weights)
    implements SparseEncoder {
  private static final String TABLE = "path";

  /**
   * That of a folder.
   *
   * @param root the folder that holds it, where a table of weights may lie as well
   */
  static StaticSparseEncoder load(Path root, Path folder, TaskOptions options) {
    var config = Checkpoint.config(folder);
    var tokenizer = TextModel.tokenizer(FolderSettings.of(folder), options.tokenizer());
    int most =
        options.maxLength() == 0
            ? tokenizer.maxLength()
            : Math.min(options.maxLength(), tokenizer.maxLength());
    var encoding =
        tokenizer.options().withMaxLength(most).withPadding(false).withAddSpecialTokens(false);
    var table = config.text(TABLE, "");
    var weights =
        table.endsWith(".json")
            ? table(tableFile(root, folder, config, table), tokenizer)
            : SentenceModule.read(
                folder,
                config,
                stored -> SentenceModule.vector(stored, "weight", tokenizer.size()));
    return new StaticSparseEncoder(folder.toString(), tokenizer, encoding, weights);
  }

  private static Path tableFile(Path root, Path folder, Config config, String name) {
    for (var home : List.of(folder, root)) {
      var file = FolderModule.inside(home, config, name);
      if (Files.exists(file)) {
        return file;
      }
    }
    throw config.wrong(
        TABLE,
        "there is no file %s, neither in %s nor in %s"
            .formatted(TextModel.excerpt(name), folder, root));
  }

  /** An object from tokens to weights. */
  private static float[] table(Path file, Tokenizer tokenizer) {
    var table = Config.read(file);
    var weights = new float[tokenizer.size()];
    for (var entry : JsonConfig.tree(table).properties()) {
      var id = tokenizer.id(entry.getKey());
      if (id.isEmpty()) {
        throw table.wrong(TextModel.excerpt(entry.getKey()), "the tokenizer has no such token");
      }
      weights[id.getAsInt()] = (float) table.decimal(entry.getKey(), 0);
    }
    return weights;
  }

  @Override
  public List<SparseVector> encode(List<String> texts, int top) {
    return texts.stream().map(text -> encode(text, top)).toList();
  }

  private SparseVector encode(String text, int top) {
    var vector = new float[weights.length];
    for (int id : tokenizer.encode(text, options).ids()) {
      if (id >= weights.length) {
        throw new InputException(
            "%s has no weight for the token %s".formatted(where, tokenizer.token(id)));
      }
      vector[id] = weights[id];
    }
    return SparseVector.of(SentenceModel.finite(vector), top);
  }

  @Override
  public String name(int index) {
    return tokenizer.token(index);
  }

  @Override
  public void warmUp() {
    // There is no model.
  }

  @Override
  public void close() {
    // Nothing is held but memory of the heap.
  }
}
