package io.lanewise.image;

import io.lanewise.model.Model;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/** The compiled classes of the library, its bindings among them, or of the planted mistakes. */
final class MainClasses {
  private MainClasses() {}

  /** All of the library. */
  static List<ClassModel> all() {
    return in(Model.class, _ -> true);
  }

  /** Those that stand in one package beside {@code neighbour}. */
  static List<ClassModel> beside(Class<?> neighbour) {
    var folder = neighbour.getPackageName().replace('.', '/');
    return in(neighbour, path -> path.getParent().endsWith(folder));
  }

  /** The name of a class as the sources write it, with {@code $} for nested ones. */
  static String name(ClassModel type) {
    return type.thisClass().asInternalName().replace('/', '.');
  }

  private static List<ClassModel> in(Class<?> origin, Predicate<Path> wanted) {
    try {
      var root = Path.of(origin.getProtectionDomain().getCodeSource().getLocation().toURI());
      try (var files = Files.walk(root)) {
        return files
            .filter(file -> file.toString().endsWith(".class"))
            .filter(file -> !file.endsWith("module-info.class"))
            .filter(wanted)
            .sorted()
            .map(MainClasses::parse)
            .toList();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ClassModel parse(Path file) {
    try {
      return ClassFile.of().parse(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
