package io.lanewise.kernel.onednn;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.function.Supplier;

/**
 * Prevents oneDNN from starting threads of its own.
 *
 * <p>oneDNN plans for as many threads as OpenMP would give the calling thread. Most primitives
 * planned for one thread always run in their caller; those for processors without AVX2 read the
 * number again when they run. OpenMP keeps the number for each thread, so it is set around planning
 * and running, and then restored: the thread may belong to an application that uses OpenMP itself.
 */
final class OneDnnThreads {
  private static final MethodHandle GET =
      handle("omp_get_max_threads", FunctionDescriptor.of(ValueLayout.JAVA_INT));
  private static final MethodHandle SET =
      handle("omp_set_num_threads", FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT));

  private OneDnnThreads() {}

  /** Null if oneDNN is built without threads. */
  private static MethodHandle handle(String name, FunctionDescriptor shape) {
    return SymbolLookup.loaderLookup()
        .find(name)
        .map(address -> Linker.nativeLinker().downcallHandle(address, shape))
        .orElse(null);
  }

  /** Runs the supplier with OpenMP set to one thread. */
  static <T> T alone(Supplier<T> supplier) {
    if (GET == null || SET == null) {
      return supplier.get();
    }
    int before = get();
    set(1);
    try {
      return supplier.get();
    } finally {
      set(before);
    }
  }

  private static int get() {
    try {
      return (int) GET.invokeExact();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static void set(int threads) {
    try {
      SET.invokeExact(threads);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
