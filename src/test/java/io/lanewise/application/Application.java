package io.lanewise.application;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lanewise.model.Model;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.jspecify.annotations.NullMarked;

/** An application that embeds the library, compiled and started as its author would. */
final class Application {
  /** All that stands beside the application: the library and what it needs. */
  static final List<Path> LIBRARIES =
      Stream.of(
              Model.class,
              ObjectMapper.class,
              JsonFactory.class,
              JsonProperty.class,
              NullMarked.class)
          .map(Application::origin)
          .toList();

  private final Path folder;

  /** An application in an empty folder. */
  Application(Path folder) {
    this.folder = folder;
  }

  private static Path origin(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String path(List<Path> entries) {
    return entries.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }

  /** Adds a source file. */
  Application with(String name, String source) {
    try {
      var file = folder.resolve("src").resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, source);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Compiles everything with the library on the class path or on the module path. */
  void compile(boolean modules) throws IOException {
    var compiler = ToolProvider.getSystemJavaCompiler();
    var messages = new StringWriter();
    try (var files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8);
        var walk = Files.walk(folder.resolve("src"))) {
      var sources = walk.filter(file -> file.toString().endsWith(".java")).toList();
      var options =
          List.of(
              modules ? "--module-path" : "--class-path",
              path(LIBRARIES),
              "-d",
              folder.resolve("classes").toString(),
              "-proc:none");
      var task =
          compiler.getTask(
              messages, files, null, options, null, files.getJavaFileObjectsFromPaths(sources));
      assertThat(task.call()).as(messages.toString()).isTrue();
    }
  }

  /** What it prints; {@code flags} are for the JVM. */
  String run(boolean modules, String mainClass, String... flags) throws Exception {
    var entries = new ArrayList<Path>();
    entries.add(folder.resolve("classes"));
    entries.addAll(LIBRARIES);
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(Arrays.asList(flags));
    command.add(modules ? "--module-path" : "--class-path");
    command.add(path(entries));
    if (modules) {
      command.add("--module");
    }
    command.add(mainClass);
    var errors = folder.resolve("errors.txt");
    var process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    process.getOutputStream().close();
    var printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(errors)).isZero();
    return printed;
  }
}
