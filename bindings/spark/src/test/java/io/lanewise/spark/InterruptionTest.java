package io.lanewise.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.model.FolderSettings;
import io.lanewise.task.Task;
import io.lanewise.task.TaskOptions;
import io.lanewise.task.TaskOptions.BatchListener;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/** A job that is cancelled ends between two batches, and not after all of its rows. */
class InterruptionTest {
  private static final CountDownLatch BEGUN = new CountDownLatch(1);
  private static final CountDownLatch CANCELLED = new CountDownLatch(1);
  private static final AtomicInteger BATCHES = new AtomicInteger();

  /** A model of two batches, between which the job is cancelled. */
  private record TwoBatches(BatchListener listener) implements Task<String, String> {
    @Override
    public List<String> predictAll(List<String> inputs) {
      BATCHES.incrementAndGet();
      BEGUN.countDown();
      try {
        CANCELLED.await();
        while (!TaskContext.get().isInterrupted()) {
          Thread.sleep(5); // the kill is on its way
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException("Spark does not interrupt unless it is asked to", e);
      }
      listener.batchDone(1, 2);
      BATCHES.incrementAndGet();
      return new ArrayList<>(inputs);
    }

    @Override
    public void warmUp() {}

    @Override
    public void close() {}
  }

  private record SlowRows() implements TaskRows<TwoBatches, String, String> {
    private static final long serialVersionUID = 1L;

    @Override
    public TwoBatches load(FolderSettings folder, TaskOptions options) {
      return new TwoBatches(options.listener());
    }

    @Override
    public TwoBatches configured(TwoBatches loaded) {
      return loaded;
    }

    @Override
    public String input(Object[] cells) {
      return Cells.text(cells[0]);
    }

    @Override
    public Object cell(String answer) {
      return answer;
    }

    @Override
    public DataType type() {
      return DataTypes.StringType;
    }
  }

  @Test
  void aCancelledJobEndsBetweenTwoBatches() throws Exception {
    var spark = Sessions.local();
    var settings = new ModelSettings(Folders.EMBED, "", "auto", 4096, 0, 1, "");
    var windows = new RowWindows<>(new SlowRows(), settings, new int[] {0}, 8, false);
    var out = new StructType().add("text", "string").add("out", "string");
    var rows =
        Sessions.texts(spark, Texts.some(64, 3))
            .coalesce(1)
            .mapPartitions(windows, Encoders.row(out));
    var answers =
        CompletableFuture.supplyAsync(
            () -> {
              spark.sparkContext().setJobGroup("slow", "cancelled in the middle", false);
              return rows.collectAsList();
            });
    BEGUN.await();
    spark.sparkContext().cancelJobGroup("slow");
    CANCELLED.countDown();
    assertThatThrownBy(answers::get)
        .isInstanceOf(ExecutionException.class)
        .hasMessageContaining("cancelled");
    while (spark.sparkContext().statusTracker().getActiveStageIds().length > 0) {
      Thread.sleep(5);
    }
    assertThat(BATCHES).hasValue(1);
  }

  @Test
  void outsideOfATaskNothingIsHeard() {
    Interruption.check();
    assertThat(Interruption.isKilled()).isFalse();
  }
}
