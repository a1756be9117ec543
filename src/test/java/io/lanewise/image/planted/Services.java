package io.lanewise.image.planted;

import java.util.ServiceLoader;

/** Looks for services. */
public final class Services {
  private Services() {}

  public static Object first() {
    return ServiceLoader.load(Runnable.class).findFirst();
  }
}
