package io.lanewise.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.kernel.onednn.OneDnnLibrary;
import io.lanewise.kernel.openblas.OpenBlasLibrary;
import io.lanewise.memory.Region;
import java.io.File;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The library in several class loaders of one JVM, as in application servers. */
@Timeout(120)
class SecondClassLoaderTest {
  /** This class is loaded by each class loader. */
  public static final class Products implements Supplier<String> {
    @Override
    public String get() {
      var loaded = Products.class.getClassLoader();
      if (OpenBlasLibrary.class.getClassLoader() != loaded) {
        throw new AssertionError("not isolated");
      }
      return product(Backend.Choice.OPENBLAS)
          + (OneDnnLibrary.refusal(Precision.FLOAT32).isEmpty()
              ? product(Backend.Choice.ONEDNN)
              : " none");
    }

    private static String product(Backend.Choice choice) {
      try (var backend = Backend.of(choice, 2);
          var region = Region.open()) {
        var weights = region.matrix(2, 3);
        weights.copyFrom(new float[] {1, 2, 3, 4, 5, 6}, 0);
        var packed = backend.gemm().pack(List.of(weights), List.of(region.floats(2)), region);
        var x = region.matrix(2, 3);
        x.copyFrom(new float[] {1, 1, 1, 1, 0, 2}, 0);
        var y = region.matrix(2, 2);
        backend.gemm().apply(x, packed, Activation.IDENTITY, y);
        var sums = new StringBuilder();
        for (float sum : y.toArray()) {
          sums.append(' ').append((int) sum);
        }
        return sums.toString();
      }
    }
  }

  private static final String ANSWER = " 6 15 7 16";

  @BeforeAll
  static void needsIt() {
    Here.needsOpenBlas();
  }

  @Test
  void everyLoaderGetsTheNatives() throws Exception {
    var here = new Products().get();
    assertThat(here).startsWith(ANSWER);
    try (var first = isolated();
        var second = isolated()) {
      assertThat(products(first)).isEqualTo(here);
      assertThat(products(second)).isEqualTo(here);
      assertThat(products(first)).isEqualTo(here);
    }
  }

  @Test
  void theOthersGoOnWhenOneIsCollected() throws Exception {
    try (var second = isolated()) {
      var first = useAndForget();
      assertThat(products(second)).startsWith(ANSWER);
      while (first.get() != null) { // until the test's time is over
        System.gc();
        Thread.sleep(20);
      }
      assertThat(products(second)).startsWith(ANSWER);
      try (var third = isolated()) {
        assertThat(products(third)).startsWith(ANSWER);
      }
    }
  }

  private static WeakReference<ClassLoader> useAndForget() throws Exception {
    try (var loader = isolated()) {
      assertThat(products(loader)).startsWith(ANSWER);
      return new WeakReference<>(loader);
    }
  }

  private static String products(ClassLoader loader) throws Exception {
    var type = loader.loadClass(Products.class.getName());
    assertThat(type).isNotEqualTo(Products.class);
    return (String) ((Supplier<?>) type.getConstructor().newInstance()).get();
  }

  private static URLClassLoader isolated() throws Exception {
    var urls = new ArrayList<URL>();
    for (var entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      urls.add(Path.of(entry).toUri().toURL());
    }
    return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
  }
}
