package io.lanewise.image.planted;

/** Looks a class and a method up by name. */
public final class Reflecting {
  private Reflecting() {}

  public static Object look(String name) throws ReflectiveOperationException {
    return Class.forName(name).getMethod("toString").invoke("");
  }
}
