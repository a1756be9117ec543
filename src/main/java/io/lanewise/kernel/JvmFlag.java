package io.lanewise.kernel;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;

/** Flags of this JVM, as it has set them after a look at the processor. */
public final class JvmFlag {
  private JvmFlag() {}

  /**
   * Whether a flag is on; empty where there is no such flag, or nobody who would know. The first
   * question takes some ten milliseconds.
   */
  public static Optional<Boolean> isOn(String flag) {
    return ModuleLayer.boot().findModule("jdk.management").isPresent()
        ? HotSpot.isOn(flag)
        : Optional.empty();
  }

  /** Is linked only behind the look for the module. */
  private static final class HotSpot {
    static Optional<Boolean> isOn(String flag) {
      var beans = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
      try {
        return Optional.ofNullable(beans)
            .map(found -> Boolean.parseBoolean(found.getVMOption(flag).getValue()));
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }
  }
}
