package io.lanewise.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.BitSet;

/**
 * Moves a thread off a processor that another thread of the same call needs; on Linux only.
 *
 * <p>In a virtual machine, Linux often wakes a thread on the processor of the thread that wakes it,
 * even if others are idle: it takes an idle virtual processor, which its host has stopped, for one
 * that is not available. The two threads then take turns on one processor, and it is some
 * milliseconds until Linux moves one of them. Measured on Zen 5 with two threads, a pass of
 * MiniLM-L6's shape with 16 tokens after 0.3 s without work: 2 to 7 ms, where it is 1.4 ms in a
 * row.
 *
 * <p>The thread excludes the processor from the set of those that it may use, which moves it, and
 * then restores the set. Nothing happens where the C library lacks the functions, or where native
 * access is not enabled for this module.
 */
final class ThreadPlacement {
  /** No processor. */
  static final int UNKNOWN = -1;

  /** Bytes of a set of processors: 4,096 of them. */
  private static final long SET = 512;

  private static volatile boolean available;

  private ThreadPlacement() {}

  /** The functions of the C library; null where they are missing. */
  private static final class Calls {
    static final MethodHandle PROCESSOR = handle("sched_getcpu", FunctionDescriptor.of(JAVA_INT));
    static final MethodHandle GET = handle("sched_getaffinity", ofSet());
    static final MethodHandle SET = handle("sched_setaffinity", ofSet());

    private static FunctionDescriptor ofSet() {
      return FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS);
    }

    private static MethodHandle handle(String name, FunctionDescriptor shape) {
      var linker = Linker.nativeLinker();
      return linker
          .defaultLookup()
          .find(name)
          .map(address -> linker.downcallHandle(address, shape))
          .orElse(null);
    }

    static boolean areThere() {
      return PROCESSOR != null && GET != null && SET != null;
    }
  }

  /**
   * Looks the functions up, once in a process; before that, no thread is moved. It takes some
   * milliseconds, so it is called when there is nothing else to do.
   */
  static void prepare() {
    if (!available && isAllowed()) {
      available = Calls.areThere();
    }
  }

  private static boolean isAllowed() {
    return System.getProperty("os.name").equals("Linux")
        && ThreadPlacement.class.getModule().isNativeAccessEnabled();
  }

  /** The processor that the calling thread is on; {@link #UNKNOWN} if that is not known. */
  static int processor() {
    if (!available) {
      return UNKNOWN;
    }
    try {
      return (int) Calls.PROCESSOR.invokeExact();
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  /**
   * Moves the calling thread to another processor if it is on this one and may use others.
   *
   * @param processor of another thread, or {@link #UNKNOWN}
   */
  static void moveFrom(int processor) {
    if (processor == UNKNOWN || processor != processor()) {
      return;
    }
    try (var arena = Arena.ofConfined()) {
      var before = arena.allocate(SET);
      available = call(Calls.GET, before) == 0;
      var others = processors(before);
      others.clear(processor);
      if (available && !others.isEmpty()) {
        available = call(Calls.SET, set(others, arena)) == 0 && call(Calls.SET, before) == 0;
      }
    }
  }

  /** A processor has a bit of a word; on x86-64 and on ARM words have their lowest byte first. */
  private static BitSet processors(MemorySegment set) {
    return BitSet.valueOf(set.toArray(JAVA_BYTE));
  }

  private static MemorySegment set(BitSet processors, Arena arena) {
    var bytes = processors.toByteArray();
    var set = arena.allocate(SET);
    MemorySegment.copy(bytes, 0, set, JAVA_BYTE, 0, bytes.length);
    return set;
  }

  /** Gets or sets the processors that the calling thread may use. */
  private static int call(MethodHandle function, MemorySegment set) {
    try {
      return (int) function.invokeExact(0, SET, set);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  private static RuntimeException failure(Throwable e) {
    return switch (e) {
      case RuntimeException unchecked -> unchecked;
      case Error error -> throw error;
      default -> new IllegalStateException(e);
    };
  }
}
