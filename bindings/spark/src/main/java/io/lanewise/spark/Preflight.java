package io.lanewise.spark;

import io.lanewise.BackendException;
import io.lanewise.CheckpointException;
import io.lanewise.InputException;
import io.lanewise.LanewiseException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import scala.Function1;
import scala.collection.Iterator;
import scala.reflect.ClassTag;

/**
 * Looks, before a long job, at every executor: whether it has the model, and the same bytes as the
 * others; and on what it runs. The model is loaded there, so that the job finds it loaded.
 *
 * <pre>{@code
 * var embed =
 *     new EmbedTransformer().setModel("/models/e5").setInputCol("text").setOutputCol("vector");
 * var report = Preflight.check(spark, embed);
 * report.executors().forEach(System.out::println);
 * embed.setDigest(report.digest()); // for executors that are yet to come
 * }</pre>
 */
public final class Preflight {
  private Preflight() {}

  /**
   * What an executor said.
   *
   * @param id of the executor; {@code driver} where the driver is the only one
   * @param pid its process
   * @param java its version
   * @param processors of the JVM
   * @param kernels what the model runs on, and why; the width of its vectors and the threads of a
   *     call among it
   * @param folder where it found the model
   * @param digest SHA-256 over the names and bytes of the model's files
   * @param bytes of the model's files
   * @param problem why it cannot run the model; null if it can
   */
  public record Executor(
      String id,
      String host,
      long pid,
      String java,
      int processors,
      List<String> kernels,
      String folder,
      String digest,
      long bytes,
      String problem)
      implements Serializable {
    private static final long serialVersionUID = 1L;

    private String name() {
      return "executor %s on %s".formatted(id, host);
    }
  }

  /**
   * What all executors said, which have the same model, and the same kernels.
   *
   * @param executors at least one, by their ids
   */
  public record Report(List<Executor> executors) {
    public Report {
      executors = List.copyOf(executors);
    }

    /** The digest of the model's files, which is the same on all executors. */
    public String digest() {
      return executors.getFirst().digest();
    }
  }

  /**
   * Asks all executors that there are now.
   *
   * @throws LanewiseException if one lacks the model or has other files, runs on other kernels, so
   *     that the last bits of its answers would differ, or did not answer; the message names it
   */
  public static Report check(SparkSession spark, LanewiseTransformer<?> transformer) {
    return check(spark.sparkContext(), transformer);
  }

  private static Report check(SparkContext context, LanewiseTransformer<?> transformer) {
    if (context.conf().getBoolean("spark.dynamicAllocation.enabled", false)) {
      throw new InputException(
          "executors come and go with spark.dynamicAllocation.enabled, so that all cannot be asked:"
              + " set the transformer's digest, and each looks at its files when it loads them");
    }
    int slots =
        context.maxNumConcurrentTasks(context.resourceProfileManager().defaultResourceProfile());
    if (slots == 0) {
      throw new InputException("there is no executor yet: wait until the first has come");
    }
    var settings = transformer.settings();
    var rows = transformer.anyRows();
    var numbers = IntStream.range(0, slots).boxed().toList();
    // Tasks of a barrier stage start at the same time, one in each slot: no executor is left out.
    var said =
        answers(
            () ->
                JavaSparkContext.fromSparkContext(context)
                    .parallelize(numbers, slots)
                    .rdd()
                    .barrier()
                    .mapPartitions(asking(rows, settings), false, ClassTag.apply(Executor.class))
                    .toJavaRDD()
                    .collect());
    var byId = new TreeMap<String, Executor>();
    said.forEach(each -> byId.putIfAbsent(each.id(), each));
    return checked(List.copyOf(byId.values()));
  }

  @SuppressWarnings("unchecked")
  private static Function1<Iterator<Integer>, Iterator<Executor>> asking(
      TaskRows<?, ?, ?> rows, ModelSettings settings) {
    return (Function1<Iterator<Integer>, Iterator<Executor>> & Serializable)
        _ -> scala.collection.Iterator$.MODULE$.single(ExecutorProbe.ask(rows, settings));
  }

  /** A job of Spark. */
  interface Job {
    List<Executor> run() throws SparkException;
  }

  /**
   * What the executors said.
   *
   * @throws InputException if they could not be asked
   */
  static List<Executor> answers(Job job) {
    try {
      return job.run();
    } catch (SparkException e) {
      if (String.valueOf(e.getMessage()).contains("UnsupportedClassVersionError")) {
        throw new InputException(
            "an executor runs on a Java before 25: set JAVA_HOME there, such as by"
                + " spark.executorEnv.JAVA_HOME",
            e);
      }
      throw new InputException("the executors could not be asked: " + e.getMessage(), e);
    }
  }

  /**
   * What the executors said, if they agree.
   *
   * @throws LanewiseException as {@link #check(SparkSession, LanewiseTransformer)}
   */
  static Report checked(List<Executor> executors) {
    var problems =
        executors.stream()
            .filter(each -> each.problem() != null)
            .map(each -> each.name() + ": " + each.problem())
            .toList();
    if (!problems.isEmpty()) {
      throw new CheckpointException(String.join("; ", problems));
    }
    var digests = groups(executors, Executor::digest);
    if (digests.size() > 1) {
      throw new CheckpointException(
          "the executors hold different files under the model's name: %s; bring the same to all"
              .formatted(listed(digests)));
    }
    var kernels = groups(executors, each -> String.join(", ", each.kernels()));
    if (kernels.size() > 1) {
      throw new BackendException(
          "the executors would compute in different ways, so that the last bits of an answer depend on its executor: %s; take machines of one kind"
              .formatted(listed(kernels)));
    }
    return new Report(executors);
  }

  private static Map<String, List<String>> groups(
      List<Executor> executors, Function<Executor, String> by) {
    return executors.stream()
        .collect(
            Collectors.groupingBy(
                by, TreeMap::new, Collectors.mapping(Executor::name, Collectors.toList())));
  }

  private static String listed(Map<String, List<String>> groups) {
    var parts = new ArrayList<String>();
    groups.forEach((what, executors) -> parts.add("%s by %s".formatted(what, executors)));
    Collections.sort(parts);
    return String.join(", ", parts);
  }
}
