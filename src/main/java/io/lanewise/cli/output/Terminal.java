package io.lanewise.cli.output;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.util.Map;

/**
 * Which of the three streams are a terminal, with somebody in front of it.
 *
 * @param colour whether colours are welcome there: {@code NO_COLOR} is not set, and the terminal is
 *     not {@code dumb}
 */
public record Terminal(boolean in, boolean out, boolean err, boolean colour) {
  /** No terminal at all, as in a pipeline. */
  public static final Terminal NONE = new Terminal(false, false, false, false);

  /**
   * That of this process. The launcher has seen it and says in {@code lanewise.terminals} which of
   * the descriptors 0, 1 and 2 it is, such as "02": the C library is only asked without it, for the
   * first call of a native function takes as long as the launcher.
   *
   * @param err the descriptor of standard error
   */
  public static Terminal here(Map<String, String> environment, int err) {
    boolean refused =
        !environment.getOrDefault("NO_COLOR", "").isEmpty()
            || environment.getOrDefault("TERM", "dumb").equals("dumb");
    var seen = System.getProperty("lanewise.terminals");
    if (seen != null) {
      return new Terminal(seen.contains("0"), seen.contains("1"), seen.contains("2"), !refused);
    }
    var isatty = isatty();
    return new Terminal(
        isTerminal(isatty, 0), isTerminal(isatty, 1), isTerminal(isatty, err), !refused);
  }

  /** The C library's function; null where there is none. */
  private static MethodHandle isatty() {
    var linker = Linker.nativeLinker();
    var lookup = linker.defaultLookup();
    return lookup
        .find("isatty")
        .or(() -> lookup.find("_isatty"))
        .map(found -> linker.downcallHandle(found, FunctionDescriptor.of(JAVA_INT, JAVA_INT)))
        .orElse(null);
  }

  private static boolean isTerminal(MethodHandle isatty, int descriptor) {
    if (isatty == null) {
      return false;
    }
    try {
      return (int) isatty.invokeExact(descriptor) != 0;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether results may be coloured. */
  public boolean colourOut() {
    return out && colour;
  }

  /** Whether messages may be coloured. */
  public boolean colourErr() {
    return err && colour;
  }
}
