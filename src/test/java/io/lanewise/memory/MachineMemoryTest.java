package io.lanewise.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineMemoryTest {
  private static final long GIGABYTE = 1L << 30;

  @TempDir private Path root;

  private void file(String name, String text) throws IOException {
    var path = root.resolve(name);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private long bytes() {
    return new MachineMemory(root).bytes();
  }

  @Test
  void withoutGroupsItIsTheMachines() throws IOException {
    file("proc/meminfo", "MemTotal:       8388608 kB\nMemFree:  17 kB\n");
    assertThat(bytes()).isEqualTo(8 * GIGABYTE);
    file("proc/self/cgroup", "0::/\n");
    file("sys/fs/cgroup/memory.max", "max\n");
    assertThat(bytes()).isEqualTo(8 * GIGABYTE);
  }

  @Test
  void aGroupOfVersion2AllowsLess() throws IOException {
    file("proc/meminfo", "MemTotal:       8388608 kB\n");
    file("proc/self/cgroup", "0::/kubepods/pod7/main\n");
    file("sys/fs/cgroup/kubepods/pod7/main/memory.max", "max\n");
    file("sys/fs/cgroup/kubepods/pod7/memory.max", "1073741824\n");
    assertThat(bytes()).isEqualTo(GIGABYTE);
  }

  @Test
  void insideAContainerTheTopIsItsOwn() throws IOException {
    file("proc/meminfo", "MemTotal:       8388608 kB\n");
    file("proc/self/cgroup", "0::/../../of/the/host\n");
    file("sys/fs/cgroup/memory.max", "2147483648\n");
    assertThat(bytes()).isEqualTo(8 * GIGABYTE); // a path that leads out of the mount is ignored
    file("proc/self/cgroup", "0::/of/the/host\n");
    assertThat(bytes()).isEqualTo(2 * GIGABYTE);
  }

  @Test
  void aGroupOfVersion1AllowsLess() throws IOException {
    file("proc/meminfo", "MemTotal:       8388608 kB\n");
    file("proc/self/cgroup", "5:cpu,cpuacct:/docker/x\n4:memory:/docker/x\n0::/docker/x\n");
    file("sys/fs/cgroup/memory/docker/x/memory.limit_in_bytes", "3221225472\n");
    file("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    assertThat(bytes()).isEqualTo(3 * GIGABYTE);
  }

  @Test
  void whatCannotBeReadIsLeftOut() throws IOException {
    file("proc/meminfo", "MemTotal: many\n");
    file("proc/self/cgroup", "nonsense\n0::/a\u0000b\n");
    assertThat(bytes()).isGreaterThan(100 << 20); // the value of the JVM
  }

  @Test
  void theBudgetLeavesRoomForTheHeap() {
    assertThat(MemoryBudget.share(8 * GIGABYTE, 2 * GIGABYTE)).isEqualTo(4 * GIGABYTE);
    assertThat(MemoryBudget.share(8 * GIGABYTE, 6 * GIGABYTE)).isEqualTo(2 * GIGABYTE);
    assertThat(MemoryBudget.share(8 * GIGABYTE, 8 * GIGABYTE)).isEqualTo(GIGABYTE);
    assertThat(MemoryBudget.ofMachine().bytes()).isPositive();
  }
}
