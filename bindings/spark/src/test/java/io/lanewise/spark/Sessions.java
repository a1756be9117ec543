package io.lanewise.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Sessions of the tests. A JVM has one Spark at a time. */
final class Sessions {
  private Sessions() {}

  /** Two tasks at a time in this JVM, with the functions of SQL. */
  static SparkSession local() {
    return settings("local[2]")
        .config("spark.sql.extensions", LanewiseExtensions.class.getName())
        .config("spark.plugins", LanewisePlugin.class.getName())
        .getOrCreate();
  }

  /**
   * Two executors of one task each, in processes of their own.
   *
   * @param archives as {@code --archives} of spark-submit takes them
   */
  static SparkSession cluster(String archives) {
    end();
    var home = Path.of(System.getenv("SPARK_HOME"));
    try {
      Files.createDirectories(home.resolve("jars"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return settings("local-cluster[2,1,1024]")
        .config("spark.sql.extensions", LanewiseExtensions.class.getName())
        .config("spark.plugins", LanewisePlugin.class.getName())
        .config("spark.executorEnv.SPARK_SCALA_VERSION", "2.13")
        .config("spark.executorEnv.JAVA_HOME", System.getProperty("java.home"))
        .config("spark.executor.extraClassPath", System.getProperty("java.class.path"))
        .config("spark.executor.memory", "900m")
        .config("spark.archives", archives)
        .getOrCreate();
  }

  private static SparkSession.Builder settings(String master) {
    return SparkSession.builder()
        .master(master)
        .config("spark.ui.enabled", false)
        .config("spark.sql.shuffle.partitions", 2)
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.warehouse.dir", Path.of(System.getenv("SPARK_HOME"), "w").toString());
  }

  /** Ends the session that there is, if any. */
  static void end() {
    var session = SparkSession.getDefaultSession();
    if (session.isDefined()) {
      session.get().stop();
    }
    SparkSession.clearActiveSession();
    SparkSession.clearDefaultSession();
  }

  /** The texts, and nulls among them, as a column of that name in the singular. */
  static Dataset<Row> texts(SparkSession spark, List<String> texts) {
    return spark.createDataset(texts, Encoders.STRING()).toDF("text");
  }
}
