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
 * The memory available to this process: the smallest of the machine's memory and the limits of its
 * control groups (Linux containers, versions 1 and 2). On other systems it is the machine's memory
 * as the JVM reports it.
 *
 * @param root the root of the file system
 */
record MachineMemory(Path root) {
  /** Assumed if nothing is known. */
  private static final long UNKNOWN = 4L << 30;

  /** Bytes available to the process. */
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

  /** The limits of all groups of the process, because a parent group may have a smaller limit. */
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
      // Inside a container the path may be that of the host; then only the top folder exists.
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

  /**
   * 0 if the text is not a number, such as "max"; in version 1 the largest number means no limit.
   */
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
