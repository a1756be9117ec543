package io.lanewise;

import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Executable;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.GenericDeclaration;
import java.lang.reflect.Member;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is exported, by the compiled module-info and the class files of its packages, and which
 * types the signatures of exported types name.
 */
final class ExportedSignatures {
  /** Where the class files of the module are. */
  static final Path CLASSES = classes();

  private final Predicate<Class<?>> allowed;
  private final Set<String> leaks = new TreeSet<>();

  private ExportedSignatures(Predicate<Class<?>> allowed) {
    this.allowed = allowed;
  }

  /** The exported packages. */
  static Set<String> packages() throws IOException {
    try (var in = Files.newInputStream(CLASSES.resolve("module-info.class"))) {
      return ModuleDescriptor.read(in).exports().stream()
          .filter(export -> !export.isQualified())
          .map(ModuleDescriptor.Exports::source)
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  /** The types that users of the module can name, nested ones among them. */
  static List<Class<?>> types() throws IOException {
    var types = Stream.<Class<?>>builder();
    for (var each : packages()) {
      try (var files = Files.list(CLASSES.resolve(each.replace('.', '/')))) {
        files
            .map(file -> file.getFileName().toString())
            .filter(name -> name.endsWith(".class") && !name.equals("package-info.class"))
            .map(name -> each + "." + name.substring(0, name.length() - ".class".length()))
            .map(ExportedSignatures::load)
            .filter(ExportedSignatures::isOpen)
            .forEach(types::add);
      }
    }
    return types.build().toList();
  }

  /**
   * The places where signatures name a type that is neither exported, nor of the JDK, nor an
   * annotation of JSpecify. The permitted subtypes of a sealed type may be internal.
   */
  static Set<String> leaks(List<Class<?>> types) throws IOException {
    var exported = packages();
    var check =
        new ExportedSignatures(
            type -> isOfJdk(type) || (exported.contains(type.getPackageName()) && isOpen(type)));
    types.forEach(check::type);
    return check.leaks;
  }

  private static Path classes() {
    try {
      return Path.of(
          LanewiseException.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, ExportedSignatures.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new AssertionError(name, e);
    }
  }

  private static boolean isOpen(int modifiers) {
    return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
  }

  private static boolean isOpen(Class<?> type) {
    return !type.isAnonymousClass()
        && !type.isLocalClass()
        && isOpen(type.getModifiers())
        && (type.getEnclosingClass() == null || isOpen(type.getEnclosingClass()));
  }

  private static boolean isOfJdk(Class<?> type) {
    var module = type.getModule().getName();
    return type.isPrimitive() || (module != null && module.startsWith("java."));
  }

  private void type(Class<?> type) {
    var where = type.getName();
    annotations(where, type);
    bounds(where, type);
    if (type.getGenericSuperclass() != null) {
      name(where + " extends", type.getGenericSuperclass());
    }
    for (var each : type.getGenericInterfaces()) {
      name(where + " implements", each);
    }
    for (var field : type.getDeclaredFields()) {
      if (isOpen(field)) {
        annotations(where + "." + field.getName(), field);
        name(where + "." + field.getName(), field.getGenericType());
      }
    }
    for (var method : type.getDeclaredMethods()) {
      if (isOpen(method)) {
        name(where + "." + method.getName() + "() returns", method.getGenericReturnType());
        executable(where + "." + method.getName() + "()", method);
      }
    }
    for (var constructor : type.getDeclaredConstructors()) {
      if (isOpen(constructor)) {
        executable(where + "()", constructor);
      }
    }
  }

  private static boolean isOpen(Member member) {
    return isOpen(member.getModifiers()) && !member.isSynthetic();
  }

  private void executable(String where, Executable executable) {
    annotations(where, executable);
    bounds(where, executable);
    for (var parameter : executable.getParameters()) {
      annotations(where, parameter);
    }
    for (var each : executable.getGenericParameterTypes()) {
      name(where + " takes", each);
    }
    for (var each : executable.getGenericExceptionTypes()) {
      name(where + " throws", each);
    }
  }

  private void bounds(String where, GenericDeclaration declaration) {
    for (var variable : declaration.getTypeParameters()) {
      for (var bound : variable.getBounds()) {
        name(where + " <" + variable.getName() + "> of", bound);
      }
    }
  }

  private void annotations(String where, AnnotatedElement element) {
    for (Annotation each : element.getDeclaredAnnotations()) {
      var type = each.annotationType();
      if (!type.getPackageName().equals("org.jspecify.annotations")) {
        name(where + " is annotated", type);
      }
    }
  }

  private void name(String where, Type named) {
    switch (named) {
      case Class<?> type -> {
        var element = type.isArray() ? type.componentType() : type;
        if (type.isArray()) {
          name(where, element);
        } else if (!allowed.test(element)) {
          leaks.add(where + " " + element.getName());
        }
      }
      case ParameterizedType type -> {
        name(where, type.getRawType());
        for (var argument : type.getActualTypeArguments()) {
          name(where, argument);
        }
      }
      case GenericArrayType type -> name(where, type.getGenericComponentType());
      case WildcardType type -> {
        Stream.of(type.getLowerBounds(), type.getUpperBounds())
            .flatMap(Stream::of)
            .forEach(bound -> name(where, bound));
      }
      case TypeVariable<?> _ -> {} // its bounds are looked at where it is declared
      default -> throw new AssertionError(named);
    }
  }
}
