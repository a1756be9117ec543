package io.lanewise.serve.batch;

import io.lanewise.model.Head;
import io.lanewise.task.text.TextModel;
import io.lanewise.tokenizer.Encoding;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Sequences of one request that wait for a pass, or for several: each pass takes the next of them.
 * Guarded by the lock of its queue, but for what is final.
 */
final class Piece {
  /**
   * Which pieces can share a pass: those of the same kind.
   *
   * @param read whether only some tokens' results are read
   * @param ends end tokens of a sequence, which a head of whole sequences wants equally many of
   */
  record Kind(boolean read, int ends) {}

  private final RequestPasses request;
  private final TextModel texts;
  private final List<Encoding> rows;
  private final Optional<int[][]> positions;
  private final Kind kind;
  private final Share share;
  private final CompletableFuture<Share> done = new CompletableFuture<>();
  private final long since = System.nanoTime();
  private int taken;
  private int finished;
  private long waited = -1;
  private long inference;

  Piece(RequestPasses request, TextModel texts, List<Encoding> rows, Optional<int[][]> positions) {
    this.request = request;
    this.texts = texts;
    this.rows = rows;
    this.positions = positions;
    boolean whole = texts.model().head() == Head.SEQUENCE_CLASSIFICATION;
    this.kind = new Kind(positions.isPresent(), whole ? texts.endTokens(rows.getFirst()) : 0);
    this.share = new Share(rows, positions);
  }

  RequestPasses request() {
    return request;
  }

  TextModel texts() {
    return texts;
  }

  Kind kind() {
    return kind;
  }

  CompletableFuture<Share> done() {
    return done;
  }

  Share share() {
    return share;
  }

  /** Sequences that no pass has taken. */
  int left() {
    return rows.size() - taken;
  }

  /** Tokens of the sequence that is the {@code ahead}-th of those left. */
  int length(int ahead) {
    return rows.get(taken + ahead).length();
  }

  Encoding row(int row) {
    return rows.get(row);
  }

  /** The tokens of a row that are read. */
  int[] read(int row) {
    return positions.orElseThrow()[row];
  }

  /** Takes the next sequences; the index of the first. */
  int take(int count) {
    int first = taken;
    taken += count;
    return first;
  }

  /** Whether so many sequences are all. */
  boolean isWhole(int count) {
    return count == rows.size();
  }

  /** A pass held some of them. */
  void timed(long begin, long end) {
    if (waited < 0) {
      waited = begin - since;
    }
    inference += end - begin;
  }

  /** Nanoseconds until a pass began that held some of them. */
  long waited() {
    return Math.max(0, waited);
  }

  /** Nanoseconds of all passes that held some of them. */
  long inference() {
    return inference;
  }

  /** So many more have results; whether all have. */
  boolean finish(int count) {
    finished += count;
    return finished == rows.size();
  }
}
