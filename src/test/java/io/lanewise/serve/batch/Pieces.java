package io.lanewise.serve.batch;

import io.lanewise.model.FolderSettings;
import io.lanewise.model.Head;
import io.lanewise.model.KernelChoice;
import io.lanewise.model.Options;
import io.lanewise.serve.batch.RequestPasses.Cut;
import io.lanewise.task.TaskOptions;
import io.lanewise.task.text.TextModel;
import io.lanewise.tokenizer.Encoding;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Pieces of these lengths, in the order of waiting; and the model that they are for. */
final class Pieces {
  private static final Path FOLDER = Path.of("src/test/resources/tasks/classes-bert-embed");

  private static final TextModel TEXTS =
      TextModel.load(
          FolderSettings.of(FOLDER),
          Head.MODEL,
          TaskOptions.of(
              Options.DEFAULT.withBackend(KernelChoice.VECTOR).withThreads(1).withPooler(false)));

  private Pieces() {}

  /** The tokenizer and the model. */
  static TextModel texts() {
    return TEXTS;
  }

  static List<Piece> of(List<List<Integer>> lengths) {
    return lengths.stream().map(each -> piece(each, Optional.empty())).toList();
  }

  /** A piece of which only the first token of each sequence is read. */
  static Piece reading(List<Integer> lengths) {
    var positions = lengths.stream().map(_ -> new int[] {0}).toArray(int[][]::new);
    return piece(lengths, Optional.of(positions));
  }

  private static Piece piece(List<Integer> lengths, Optional<int[][]> positions) {
    return new Piece(
        new RequestPasses(null, Cut.AS_THE_TASK),
        TEXTS,
        lengths.stream().map(Pieces::encoding).toList(),
        positions);
  }

  /** A sequence of so many tokens. */
  static Encoding encoding(int length) {
    var ids = new int[length];
    for (int i = 0; i < length; i++) {
      ids[i] = 5 + i % 7;
    }
    var whole = TEXTS.tokenizer().prepare(ids);
    return whole.length() == length ? whole : TEXTS.tokenizer().prepare(cut(ids, whole));
  }

  /** Special tokens are counted, so that fewer of the others are needed. */
  private static int[] cut(int[] ids, Encoding whole) {
    return Arrays.copyOf(ids, Math.max(0, 2 * ids.length - whole.length()));
  }
}
