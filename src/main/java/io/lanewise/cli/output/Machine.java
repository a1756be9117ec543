package io.lanewise.cli.output;

import io.lanewise.kernel.JvmFlag;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What this process knows of the machine and of the JVM it runs on. */
public final class Machine {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

  private Machine() {}

  /** The processor's name, or the architecture where the system does not tell. */
  public static String processor() {
    return value(PROCESSORS, "model name").orElse(System.getProperty("os.arch"));
  }

  /** Bytes of this process that are in memory now; empty where the system does not tell. */
  public static OptionalLong residentBytes() {
    return kilobytes("VmRSS");
  }

  /** The most bytes of this process that ever were in memory. */
  public static OptionalLong peakResidentBytes() {
    return kilobytes("VmHWM");
  }

  private static OptionalLong kilobytes(String key) {
    return value(STATUS, key)
        .map(text -> text.replaceAll("[^0-9]", ""))
        .filter(digits -> !digits.isEmpty())
        .map(digits -> OptionalLong.of(Long.parseLong(digits) * 1024))
        .orElse(OptionalLong.empty());
  }

  private static Optional<String> value(Path file, String key) {
    try (var lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith(key))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst();
    } catch (IOException | UncheckedIOException e) {
      return Optional.empty();
    }
  }

  /** Bytes of the heap in use after a collection. */
  public static long usedHeapBytes() {
    System.gc();
    var runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  /** Whether the Vector API's module was added. */
  public static boolean hasVectorModule() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
  }

  /** Bits of a vector of this machine; only where {@link #hasVectorModule}. */
  public static int vectorBits() {
    return jdk.incubator.vector.FloatVector.SPECIES_PREFERRED.vectorBitSize();
  }

  /** Whether a flag of the JVM is on; false where there is no such flag. */
  public static boolean isFlagOn(String flag) {
    return JvmFlag.isOn(flag).orElse(false);
  }

  /** The flags that this JVM was started with; none where nobody tells. */
  public static List<String> flags() {
    return ModuleLayer.boot().findModule("java.management").isPresent()
        ? ManagementFactory.getRuntimeMXBean().getInputArguments()
        : List.of();
  }
}
