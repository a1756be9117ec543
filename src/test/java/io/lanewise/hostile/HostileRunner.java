package io.lanewise.hostile;

import io.lanewise.LanewiseException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Runs all cases one after the other and prints a line for each: its name, what came of it, and how
 * many milliseconds of processor time it took. Started in a JVM of its own, whose heap is small.
 */
final class HostileRunner {
  /** After so many milliseconds something hangs. */
  private static final long HANGS = 20_000;

  private HostileRunner() {}

  static List<HostileCase> cases() {
    var cases = new ArrayList<HostileCase>();
    cases.addAll(HostileWeights.all());
    cases.addAll(HostileTokenizers.all());
    cases.addAll(HostileSettings.all());
    cases.addAll(HostileFamilies.all());
    cases.addAll(HostilePlaces.all());
    cases.addAll(HostileInputs.all());
    return cases;
  }

  public static void main(String[] args) throws Exception {
    var root = Path.of(args[0]);
    for (var each : cases()) {
      if (args.length > 1 && !each.name().contains(args[1])) {
        continue;
      }
      var folder = Files.createTempDirectory(root, "case");
      each.make().run(folder);
      var verdict = verdict(each, folder);
      System.out.println(each.name() + "\t" + verdict.replace('\n', ' '));
      Folders.delete(folder);
    }
    System.exit(0); // a thread that hangs does not keep it
  }

  private static String verdict(HostileCase each, Path folder) throws InterruptedException {
    var result = new AtomicReference<String>();
    var millis = new AtomicLong();
    var thread =
        new Thread(
            () -> {
              try {
                each.use().run(folder);
                result.set(
                    each.wanted() == null
                        ? "ok"
                        : "accepted, where \"" + each.wanted() + "\" is due");
              } catch (LanewiseException e) {
                result.set(judged(each, e));
              } catch (Throwable e) {
                var trace = e.getStackTrace();
                result.set(e + (trace.length == 0 ? "" : " at " + trace[0]));
              }
              millis.set(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1_000_000);
            });
    thread.setDaemon(true);
    thread.start();
    thread.join(HANGS);
    if (thread.isAlive()) {
      var trace = thread.getStackTrace();
      return "hangs"
          + (trace.length == 0 ? "" : " at " + List.of(trace).subList(0, Math.min(6, trace.length)))
          + "\t"
          + HANGS;
    }
    return result.get() + "\t" + millis.get();
  }

  private static String judged(HostileCase each, LanewiseException e) {
    if (e.getCause() instanceof VirtualMachineError error) {
      return "refused only after " + error + ": " + e.getMessage();
    }
    if (e.getMessage().length() > 1000 || e.getMessage().contains("\n")) {
      return "a message that is no line: " + e.getMessage();
    }
    return each.wanted() != null && e.getMessage().contains(each.wanted())
        ? "ok"
        : "refused otherwise: " + e.getMessage();
  }
}
