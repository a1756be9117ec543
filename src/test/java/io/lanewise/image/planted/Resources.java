package io.lanewise.image.planted;

/** Reads one resource that is registered and two that are not. */
public final class Resources {
  private Resources() {}

  public static Object registered() {
    return Resources.class.getResource("/org/bytedeco/openblas/linux-x86_64/libopenblas.so.0");
  }

  public static Object forgotten() {
    return Resources.class.getResourceAsStream("/messages.txt");
  }

  public static Object computed(String name) {
    return Resources.class.getClassLoader().getResource(name);
  }
}
