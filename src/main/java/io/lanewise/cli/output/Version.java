package io.lanewise.cli.output;

import picocli.CommandLine.IVersionProvider;

/** The version of the library, of the JVM and of the system. */
public final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {"lanewise " + library(), virtualMachine(), system()};
  }

  /** Of the jar's manifest, or {@code development} where the classes lie in a folder. */
  public static String library() {
    var version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  public static String virtualMachine() {
    return System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version");
  }

  public static String system() {
    return System.getProperty("os.name")
        + " "
        + System.getProperty("os.version")
        + " "
        + System.getProperty("os.arch");
  }
}
