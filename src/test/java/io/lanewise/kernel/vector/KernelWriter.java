package io.lanewise.kernel.vector;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes the generated kernels of {@link TileWriter} and {@link FewRowsWriter} to their files. Run
 * it by {@code java -cp target/test-classes io.lanewise.kernel.vector.KernelWriter
 * src/main/java/io/lanewise/kernel/vector} once the tests are compiled.
 */
final class KernelWriter {
  private KernelWriter() {}

  /**
   * Writes the classes.
   *
   * @param arguments the folder of the package's sources
   */
  public static void main(String[] arguments) throws IOException {
    for (var file : sources().entrySet()) {
      Files.writeString(Path.of(arguments[0], file.getKey()), file.getValue());
    }
  }

  /** The text of each class, by the name of its file. */
  static Map<String, String> sources() {
    var sources = new LinkedHashMap<>(TileWriter.sources());
    sources.putAll(FewRowsWriter.sources());
    return sources;
  }
}
