package io.lanewise.fuzz;

import com.sun.management.ThreadMXBean;
import io.lanewise.LanewiseException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Changes the files of a target and tries them. Whatever a file holds, it is read or refused with a
 * {@link LanewiseException} that says why in a line, within a time and an amount of memory. A file
 * that does anything else is written aside.
 *
 * <p>A file that is refused at a place where none was refused before is changed further.
 */
final class Fuzzer {
  /** Where bad files go. */
  static final Path ASIDE = Path.of("target", "fuzz");

  private static final int MOST_SEEDS = 300;
  private static final int PLACES = 4;
  private static final int LONGEST_MESSAGE = 1000;

  /** Seconds after which a file hangs, by the clock: the machine may be busy. */
  private static final double HANGS = 60;

  /** Seconds of processor time that a file may take. */
  private static final double MOST_SECONDS = 3;

  /** Bytes of heap that a file may take, and so many for each of its own. */
  private static final long MOST_BYTES = 200L << 20;

  private static final long BYTES_EACH = 500;

  /**
   * What came of it.
   *
   * @param accepted files that could be read
   * @param refused the others
   * @param places where files are refused, as far as they differ
   * @param faults what must not happen, with the file and the way to try it again
   */
  record Outcome(long accepted, long refused, int places, List<String> faults) {
    long tried() {
      return accepted + refused + faults.size();
    }
  }

  private final Target target;
  private final long seed;
  private final Mutator mutator;
  private final List<List<byte[]>> corpora = new ArrayList<>();
  private final Set<String> places = new HashSet<>();
  private final List<String> faults = new ArrayList<>();
  private final Set<String> faultPlaces = new HashSet<>();
  private long accepted;
  private long refused;

  private volatile byte[] current = new byte[0];
  private volatile long since = System.nanoTime();

  private Fuzzer(Target target, long seed) {
    this.target = target;
    this.seed = seed;
    this.mutator = new Mutator(seed);
    target.seeds().forEach(each -> corpora.add(new ArrayList<>(List.of(each.content()))));
  }

  /** Tries so many files, or as many as the time allows. */
  static Outcome run(Target target, long seed, long most, Duration time)
      throws InterruptedException {
    return new Fuzzer(target, seed).run(most, time);
  }

  private Outcome run(long most, Duration time) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    var worker = new Thread(() -> work(most, end), "fuzz " + target);
    worker.setDaemon(true);
    worker.start();
    while (worker.isAlive()) {
      worker.join(500);
      if (worker.isAlive() && System.nanoTime() - since > HANGS * 1e9) {
        var trace = Arrays.stream(worker.getStackTrace()).limit(10).toList();
        fault(current, "hangs at " + trace);
        break;
      }
    }
    return new Outcome(accepted, refused, places.size(), List.copyOf(faults));
  }

  private void work(long most, long end) {
    for (var each : target.seeds()) {
      attempt(each, each.content());
    }
    if (accepted < target.seeds().size()) {
      faults.add(target + ": a good file is refused: " + places);
    }
    for (long i = 0; i < most && System.nanoTime() < end && faults.size() < 20; i++) {
      int which = mutator.below(corpora.size());
      var corpus = corpora.get(which);
      byte[] file = corpus.get(mutator.below(corpus.size()));
      byte[] changed = mutator.change(file, target.kind(), target.contents());
      if (attempt(target.seeds().get(which), changed) && corpus.size() < MOST_SEEDS) {
        corpus.add(changed);
      }
    }
  }

  /** Whether the file came to a place where none had been. */
  private boolean attempt(Target.Seed place, byte[] content) {
    current = content;
    since = System.nanoTime();
    var bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long bytes = bean.getCurrentThreadAllocatedBytes();
    long nanos = bean.getCurrentThreadCpuTime();
    boolean isNew = false;
    try {
      target.run(place, content);
      accepted++;
    } catch (LanewiseException e) {
      refused++;
      isNew = places.add(place(e));
      judge(content, e);
    } catch (Throwable e) {
      if (faultPlaces.add(place(e))) {
        fault(content, e + " at " + place(e));
      } else {
        refused++;
      }
    }
    double seconds = (bean.getCurrentThreadCpuTime() - nanos) / 1e9;
    bytes = bean.getCurrentThreadAllocatedBytes() - bytes;
    if (seconds > MOST_SECONDS && faultPlaces.add("slow")) {
      fault(content, "takes %.1f seconds".formatted(seconds));
    }
    if (bytes > MOST_BYTES + content.length * BYTES_EACH && faultPlaces.add("large")) {
      fault(content, "takes " + (bytes >> 20) + " MiB");
    }
    return isNew;
  }

  private void judge(byte[] content, LanewiseException e) {
    var message = e.getMessage();
    if (message.isBlank() || message.length() > LONGEST_MESSAGE || message.contains("\n")) {
      if (faultPlaces.add("message")) {
        fault(content, "has a message that is no line: " + message);
      }
    }
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof VirtualMachineError && faultPlaces.add(place(cause))) {
        fault(content, "is refused only after " + cause + " at " + place(cause));
      }
    }
  }

  private static String place(Throwable e) {
    return Arrays.stream(e.getStackTrace())
        .filter(frame -> !frame.getClassName().startsWith("java."))
        .limit(PLACES)
        .map(StackTraceElement::toString)
        .collect(Collectors.joining(" "));
  }

  private void fault(byte[] content, String what) {
    var file = ASIDE.resolve(target + "-" + seed + "-" + faults.size());
    try {
      Files.createDirectories(ASIDE);
      Files.write(file, content);
    } catch (IOException e) {
      faults.add(target + " (seed " + seed + "): cannot write " + file + ": " + e);
    }
    faults.add(target + " (seed " + seed + "): " + file + " " + what);
  }
}
