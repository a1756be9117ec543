package io.lanewise.cli.output;

import java.io.PrintWriter;
import java.time.Duration;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;

/** How far a job has come, as a bar on a terminal. */
public interface Progress extends AutoCloseable {
  /** Shows nothing. */
  Progress NONE = _ -> {};

  /**
   * So many inputs are answered, or bytes here, those of earlier runs among them. It never goes
   * back.
   */
  void show(long done);

  @Override
  default void close() {}

  /**
   * A bar, if the library that draws it is there.
   *
   * @param total inputs of the job; -1 if nobody knows
   * @param done inputs answered before
   */
  static Progress bar(PrintWriter err, long total, long done) {
    return bar(err, total, done, " inputs", 1);
  }

  /** A bar of bytes, which are written as MB. */
  static Progress bytes(PrintWriter err, long total) {
    return bar(err, total, 0, " MB", 1_000_000);
  }

  private static Progress bar(PrintWriter err, long total, long done, String unit, long size) {
    try {
      return new Bar(err, total, done, unit, size);
    } catch (NoClassDefFoundError e) {
      return NONE; // me.tongfei:progressbar is optional
    }
  }

  /** The bar of me.tongfei:progressbar. */
  final class Bar implements Progress {
    private static final int WIDTH = 79;
    private static final int UPDATE_MILLISECONDS = 250;

    private final ProgressBar bar;

    Bar(PrintWriter err, long total, long done, String unit, long size) {
      bar =
          new ProgressBarBuilder()
              .setTaskName("")
              .setUnit(unit, size)
              .setInitialMax(total)
              .startsFrom(done, Duration.ZERO)
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis(UPDATE_MILLISECONDS)
              .showSpeed()
              .setConsumer(new Line(err))
              .build();
    }

    @Override
    public void show(long done) {
      bar.stepTo(Math.max(done, bar.getCurrent()));
    }

    @Override
    public void close() {
      bar.close();
    }

    /** One line of a terminal, written over again and again. */
    private record Line(PrintWriter err) implements ProgressBarConsumer {
      @Override
      public int getMaxRenderedLength() {
        return WIDTH;
      }

      @Override
      public void accept(String drawn) {
        err.print("\r" + drawn);
        err.flush();
      }

      @Override
      public void clear() {
        err.print("\r" + " ".repeat(WIDTH) + "\r");
        err.flush();
      }

      @Override
      public void close() {
        err.println();
      }
    }
  }
}
