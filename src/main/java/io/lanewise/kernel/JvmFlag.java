package io.lanewise.kernel;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;

/** Flags of this JVM, with the values that it chose for this processor. */
public final class JvmFlag {
  private JvmFlag() {}

  /**
   * Whether a flag is on; empty if there is no such flag, or if the JVM has no interface to read
   * it. The first call takes some ten milliseconds.
   */
  public static Optional<Boolean> isOn(String flag) {
    return ModuleLayer.boot().findModule("jdk.management").isPresent()
        ? HotSpot.isOn(flag)
        : Optional.empty();
  }

  /** A class of its own, so that it is linked only after the module has been found. */
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
