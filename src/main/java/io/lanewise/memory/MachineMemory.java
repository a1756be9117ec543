package io.lanewise.memory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * How much memory this process may have: the least of what the machine has and what the control
 * groups of a container allow (Linux, versions 1 and 2). Elsewhere what the JVM knows of the
 * machine.
 *
 * @param root the root of the file system
 */
record MachineMemory(Path root) {
  /** What is taken where nothing is known. */
  private static final long UNKNOWN = 4L << 30;

  /** Bytes that the process may have. */
  long bytes() {
    return LongStream.concat(physical(), limits())
        .filter(bytes -> bytes > 0)
        .min()
        .orElseGet(MachineMemory::bytesOfTheJvm);
  }

  private LongStream physical() {
    return lines(root.resolve("proc/meminfo"))
        .filter(line -> line.startsWith("MemTotal:"))
        .mapToLong(line -> number(line.replaceAll("[^0-9]", "")) * 1024);
  }

  /** Limits of all groups that the process is in: a group above may allow less. */
  private LongStream limits() {
    return lines(root.resolve("proc/self/cgroup"))
        .map(line -> line.split(":", 3)) // number:controllers:path
        .filter(words -> words.length == 3)
        .flatMapToLong(
            words ->
                words[1].isEmpty()
                    ? limits("sys/fs/cgroup", words[2], "memory.max")
                    : List.of(words[1].split(",", -1)).contains("memory")
                        ? limits("sys/fs/cgroup/memory", words[2], "memory.limit_in_bytes")
                        : LongStream.empty());
  }

  private LongStream limits(String mount, String group, String file) {
    var top = root.resolve(mount);
    try {
      // Inside a container the path may be that of the host: then only the top is there.
      var folder = top.resolve(group.replaceFirst("^/+", "")).normalize();
      return Stream.iterate(folder, each -> each != null && each.startsWith(top), Path::getParent)
          .flatMap(each -> lines(each.resolve(file)))
          .mapToLong(MachineMemory::number);
    } catch (InvalidPathException e) {
      return LongStream.empty();
    }
  }

  private static Stream<String> lines(Path file) {
    try {
      return Files.isReadable(file) ? Files.readAllLines(file).stream() : Stream.of();
    } catch (IOException | UncheckedIOException e) {
      return Stream.of();
    }
  }

  /** 0 for no number, such as "max"; the largest of version 1 stands for no limit. */
  private static long number(String text) {
    try {
      return Long.parseLong(text.strip());
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private static long bytesOfTheJvm() {
    try {
      return ManagementFactory.getOperatingSystemMXBean()
              instanceof com.sun.management.OperatingSystemMXBean system
          ? system.getTotalMemorySize()
          : UNKNOWN;
    } catch (LinkageError e) { // the module is not there
      return UNKNOWN;
    }
  }
}
