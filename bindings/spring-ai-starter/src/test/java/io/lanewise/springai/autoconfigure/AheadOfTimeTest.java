package io.lanewise.springai.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplicationAotProcessor;
import sample.SearchApplication;

/**
 * What Spring Boot does ahead of time for a native image: the sample's beans as code, and all that
 * is reached by reflection in a list.
 */
class AheadOfTimeTest {
  @TempDir private Path folder;

  @Test
  void theSampleRunsFromWhatWasMadeAheadOfTime() throws Exception {
    var sources = folder.resolve("sources");
    var resources = folder.resolve("resources");
    var classes = Files.createDirectory(folder.resolve("classes"));
    var path = System.getProperty("java.class.path");
    var processing =
        new ArrayList<>(
            List.of(
                Processes.java().toString(),
                "-cp",
                path,
                SpringApplicationAotProcessor.class.getName(),
                SearchApplication.class.getName(),
                sources.toString(),
                resources.toString(),
                classes.toString(),
                "sample",
                "search"));
    // This JVM has no vectors, that of the application will have them.
    processing.addAll(Processes.sample("--spring.ai.lanewise.vector-module-required=true"));
    var processed = Processes.run(processing, Map.of());
    assertThat(processed.code()).as(processed.output()).isZero();

    var metadata = resources.resolve("META-INF/native-image/sample/search");
    var reached = Files.readString(metadata.resolve("reachability-metadata.json"));
    for (var type :
        List.of(
            LanewiseEmbeddingProperties.class,
            LanewiseRerankerProperties.class,
            StartCheck.class,
            LanewiseFailureAnalyzer.class)) {
      assertThat(reached).contains('"' + type.getName() + '"');
    }

    compile(sources, classes, path);
    var all = String.join(File.pathSeparator, classes.toString(), resources.toString(), path);
    var command =
        new ArrayList<>(
            List.of(
                Processes.java().toString(),
                "--add-modules=jdk.incubator.vector",
                "-Dspring.aot.enabled=true",
                "-cp",
                all,
                SearchApplication.class.getName()));
    command.addAll(Processes.sample());
    var ended = Processes.run(command, Map.of());
    Processes.assertAnswered(ended.output());
    assertThat(ended.output()).contains("AOT-processed");
    assertThat(ended.code()).isZero();
  }

  private static void compile(Path sources, Path classes, String path) throws Exception {
    try (var files = Files.walk(sources)) {
      var command = new ArrayList<>(List.of("-nowarn", "-d", classes.toString(), "-cp"));
      command.add(classes + File.pathSeparator + path);
      files.map(Path::toString).filter(file -> file.endsWith(".java")).forEach(command::add);
      int code =
          ToolProvider.getSystemJavaCompiler()
              .run(null, null, null, command.toArray(String[]::new));
      assertThat(code).isZero();
    }
  }
}
