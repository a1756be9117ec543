package io.lanewise.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Threads leave a processor, and keep the set of those that they may use. */
class ThreadPlacementTest {
  private static final Path STATUS = Path.of("/proc/thread-self/status");

  @Test
  void aThreadLeavesItsProcessorAndMayReturnToIt() throws IOException {
    ThreadPlacement.prepare();
    boolean known = System.getProperty("os.name").equals("Linux");
    assertThat(ThreadPlacement.processor() != ThreadPlacement.UNKNOWN).isEqualTo(known);
    if (!known) {
      return; // nothing is moved on other systems
    }
    var before = allowed();
    int left = 0;
    for (int again = 0; again < 200; again++) {
      int processor = ThreadPlacement.processor();
      ThreadPlacement.moveFrom(processor);
      left += ThreadPlacement.processor() == processor ? 0 : 1;
    }
    assertThat(allowed()).isEqualTo(before);
    if (before.matches(".*[-,].*")) { // more than one processor
      assertThat(left).isGreaterThan(100);
    } else {
      assertThat(left).isZero();
    }
  }

  @Test
  void aThreadOnAnotherProcessorStaysThere() throws IOException {
    ThreadPlacement.prepare();
    if (!Files.exists(STATUS)) {
      return; // not Linux
    }
    var before = allowed();
    ThreadPlacement.moveFrom(ThreadPlacement.UNKNOWN);
    ThreadPlacement.moveFrom(100_000);
    assertThat(allowed()).isEqualTo(before);
  }

  /** The processors that the calling thread may use, such as {@code 0-1}. */
  private static String allowed() throws IOException {
    return Files.readAllLines(STATUS).stream()
        .filter(line -> line.startsWith("Cpus_allowed_list:"))
        .findFirst()
        .orElseThrow()
        .substring("Cpus_allowed_list:".length());
  }
}
