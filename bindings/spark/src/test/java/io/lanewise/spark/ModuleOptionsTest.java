package io.lanewise.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import org.apache.spark.launcher.JavaModuleOptions;
import org.junit.jupiter.api.Test;

/** Lanewise needs no flags but those that Spark gives its JVMs. */
class ModuleOptionsTest {
  @Test
  void sparkGivesItsJvmsWhatLanewiseNeeds() {
    assertThat(JavaModuleOptions.defaultModuleOptionArray())
        .contains("--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED");
  }

  /** A driver that spark-submit does not start gets them from whoever starts it: here the build. */
  @Test
  void theseTestsRunWithThem() {
    assertThat(ManagementFactory.getRuntimeMXBean().getInputArguments())
        .containsAll(
            java.util.Arrays.stream(JavaModuleOptions.defaultModuleOptionArray())
                .filter(option -> !option.isBlank())
                .toList());
  }
}
