package io.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lanewise.cli.output.Terminal;
import io.lanewise.json.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;

/** What a run of the command line left behind. */
public record Run(int code, String out, String err) {
  /** A run that reads nothing. */
  public static Run of(String... arguments) {
    return reading("", arguments);
  }

  /** A run with this on standard input. */
  public static Run reading(String input, String... arguments) {
    return reading(input.getBytes(StandardCharsets.UTF_8), arguments);
  }

  public static Run reading(byte[] input, String... arguments) {
    return on(Terminal.NONE, input, arguments);
  }

  /** A run on a terminal. */
  public static Run on(Terminal terminal, byte[] input, String... arguments) {
    var out = new ByteArrayOutputStream();
    var err = new StringWriter();
    var in = new ByteArrayInputStream(input);
    int code = Main.run(arguments, in, out, new PrintWriter(err, true), terminal);
    return new Run(code, out.toString(StandardCharsets.UTF_8), err.toString());
  }

  /** A run by a launcher, in a folder. */
  static Run by(String launcher, Path folder, String input, String... arguments)
      throws IOException, InterruptedException {
    var builder = new ProcessBuilder(launcher).directory(folder.toFile());
    builder.command().addAll(List.of(arguments));
    var errors = Files.createTempFile("lanewise", "errors");
    builder.redirectError(errors.toFile());
    var process = builder.start();
    try (var in = process.outputWriter(StandardCharsets.UTF_8)) {
      in.write(input);
    } catch (IOException e) {
      // it has ended without reading
    }
    var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    var err = Files.readString(errors);
    Files.delete(errors);
    return new Run(code, out, err);
  }

  /** A process of its own, to be killed or to have an environment. */
  public static ProcessBuilder builder(String... arguments) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--add-modules=jdk.incubator.vector");
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-XX:+UseSerialGC");
    command.add("-cp");
    command.add(classPath());
    command.add(Main.class.getName());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command);
  }

  /** The library itself, picocli and Jackson. */
  static String classPath() {
    return Stream.of(
            Main.class,
            CommandLine.class,
            ObjectMapper.class,
            JsonFactory.class,
            JsonProperty.class)
        .map(type -> file(type.getProtectionDomain().getCodeSource().getLocation()))
        .collect(Collectors.joining(":"));
  }

  /** The URL has signs of its own in place of blanks and accents. */
  private static String file(URL location) {
    return Path.of(URI.create(location.toString())).toString();
  }

  /** Failed, and said why in one line. */
  public Run failed(String why) {
    assertThat(code).isEqualTo(1);
    assertThat(err.lines()).hasSize(1);
    assertThat(err).startsWith("lanewise: ").contains(why);
    return this;
  }

  public Run succeeded() {
    assertThat(err).isEmpty();
    assertThat(code).isZero();
    return this;
  }

  /** Was told that it was called wrongly. */
  public Run refused(String why) {
    assertThat(code).isEqualTo(2);
    assertThat(out).isEmpty();
    assertThat(err).startsWith("lanewise").contains(why).contains("--help");
    return this;
  }

  public JsonNode json() {
    return Json.parse(out.getBytes(StandardCharsets.UTF_8), "output");
  }

  /** The output as JSON Lines. */
  public List<JsonNode> jsonLines() {
    return out.lines()
        .map(line -> Json.parse(line.getBytes(StandardCharsets.UTF_8), "output"))
        .toList();
  }
}
