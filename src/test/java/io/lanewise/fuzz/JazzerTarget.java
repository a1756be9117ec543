package io.lanewise.fuzz;

import io.lanewise.LanewiseException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * What Jazzer calls: the first byte of a file is the number of a target, the second that of a
 * folder.
 */
public final class JazzerTarget {
  private static List<Target> targets;

  private JazzerTarget() {}

  /** The targets of these names; all for none. */
  static List<Target> named(Path root, List<String> names) throws IOException {
    return Targets.all(root).stream()
        .filter(each -> names.isEmpty() || names.contains(each.name()))
        .toList();
  }

  /** Called once, before all files. */
  public static void fuzzerInitialize() throws IOException {
    var names = System.getProperty("lanewise.fuzz.targets", "");
    targets =
        named(
            Path.of(System.getProperty("lanewise.fuzz.folder")),
            names.isEmpty() ? List.of() : List.of(names.split(",")));
  }

  /** Called for every file. */
  public static void fuzzerTestOneInput(byte[] data) throws IOException {
    if (data.length < 2) {
      return;
    }
    var target = targets.get((data[0] & 0xff) % targets.size());
    var seed = target.seeds().get((data[1] & 0xff) % target.seeds().size());
    try {
      target.run(seed, Arrays.copyOfRange(data, 2, data.length));
    } catch (LanewiseException e) {
      if (e.getMessage().isBlank() || e.getCause() instanceof VirtualMachineError) {
        throw new IllegalStateException("refused too late, or without a word", e);
      }
    }
  }
}
