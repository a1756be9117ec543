package io.lanewise.cli;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.util.Map;

/**
 * Which of the three streams are a terminal, with somebody in front of it.
 *
 * @param colour whether colours are welcome there: {@code NO_COLOR} is not set, and the terminal is
 *     not {@code dumb}
 */
record Terminal(boolean in, boolean out, boolean err, boolean colour) {
  /** No terminal at all, as in a pipeline. */
  static final Terminal NONE = new Terminal(false, false, false, false);

  /**
   * That of this process.
   *
   * @param err the descriptor of standard error
   */
  static Terminal here(Map<String, String> environment, int err) {
    boolean refused =
        !environment.getOrDefault("NO_COLOR", "").isEmpty()
            || environment.getOrDefault("TERM", "dumb").equals("dumb");
    return new Terminal(isTerminal(0), isTerminal(1), isTerminal(err), !refused);
  }

  private static boolean isTerminal(int descriptor) {
    var linker = Linker.nativeLinker();
    var lookup = linker.defaultLookup();
    var found = lookup.find("isatty").or(() -> lookup.find("_isatty"));
    if (found.isEmpty()) {
      return false;
    }
    var isatty = linker.downcallHandle(found.get(), FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    try {
      return (int) isatty.invokeExact(descriptor) != 0;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether results may be coloured. */
  boolean colourOut() {
    return out && colour;
  }

  /** Whether messages may be coloured. */
  boolean colourErr() {
    return err && colour;
  }
}
