package io.lanewise.kernel.vector;

import io.lanewise.kernel.ScratchPool;
import io.lanewise.kernel.WindowedAttention;
import io.lanewise.kernel.Workers;
import io.lanewise.memory.Matrix;

/**
 * {@link WindowedAttention} with the Vector API. A task is a run of consecutive queries of one
 * head: the keys and values in their windows are packed once ({@link
 * io.lanewise.kernel.packing.WindowPanels}), and tiles of a few queries are multiplied by them
 * ({@link WindowTile}).
 */
public final class VectorWindowedAttention implements WindowedAttention {
  /** The fewest queries of a run, so that packing their keys pays off. */
  private static final int SHORTEST_RUN = 384;

  private final Workers workers;
  private final ScratchPool<WindowTile> free;

  /** Attention that runs on these threads. */
  public VectorWindowedAttention(Workers workers) {
    this.workers = workers;
    this.free = ScratchPool.of(workers);
  }

  @Override
  public void windowed(Arguments a, Matrix probabilities, Matrix out) {
    int heads = Math.multiplyExact(a.roles().batch(), a.heads());
    int run = run(a, heads);
    int runs = Math.ceilDiv(a.roles().tokens(), run);
    workers.run(
        Math.multiplyExact(heads, runs),
        i -> {
          int from = i % runs * run;
          int to = Math.min(from + run, a.roles().tokens());
          var tile = free.borrow(WindowTile::new);
          tile.start(a, i / runs / a.heads(), i / runs % a.heads(), from, to);
          for (int t = from; t < to; t += Panels.GROUP) {
            tile.attend(t, Math.min(Panels.GROUP, to - t), probabilities, out);
          }
          free.giveBack(tile);
        });
  }

  /**
   * Queries of a task, a multiple of those of a tile. The start of a run does not change the bits,
   * because tiles always begin at the same tokens.
   */
  private int run(Arguments a, int heads) {
    int tokens = a.roles().tokens();
    int longest = Math.max(1, Math.ceilDiv(tokens, Math.max(a.window(), SHORTEST_RUN)));
    int runs = Math.clamp(Math.ceilDiv(8L * workers.threads(), heads), 1, longest);
    return Math.ceilDiv(Math.ceilDiv(tokens, runs), Panels.GROUP) * Panels.GROUP;
  }
}
