package io.lanewise.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.oracle.svm.configure.ConfigurationBase;
import com.oracle.svm.configure.ConfigurationParserOption;
import com.oracle.svm.configure.config.ForeignConfiguration;
import com.oracle.svm.configure.config.ResourceConfiguration;
import com.oracle.svm.configure.config.TypeConfiguration;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import jdk.graal.compiler.util.json.JsonWriter;

/** A {@code reachability-metadata.json} as GraalVM reads it, and refuses it. */
public final class ImageMetadata {
  private static final EnumSet<ConfigurationParserOption> STRICT =
      EnumSet.of(ConfigurationParserOption.STRICT_CONFIGURATION);

  private final ForeignConfiguration foreign = new ForeignConfiguration();
  private final ResourceConfiguration resources = new ResourceConfiguration();
  private final TypeConfiguration types = new TypeConfiguration();

  /** Reads it with GraalVM's parsers, which throw on what they do not know. */
  public ImageMetadata(String json) throws IOException {
    for (ConfigurationBase<?, ?> part : List.of(foreign, resources, types)) {
      part.createParser(true, STRICT).parseAndRegister(new StringReader(json));
    }
  }

  /** What GraalVM understood, in its own words. */
  private static JsonNode read(ConfigurationBase<?, ?> part) throws IOException {
    var text = new StringWriter();
    try (var writer = new JsonWriter(text)) {
      part.printJson(writer);
    }
    return new ObjectMapper().readTree(text.toString());
  }

  /** The registered shapes, written as {@link Downcalls#shape} does. */
  Set<String> downcalls() throws IOException {
    var shapes = new TreeSet<String>();
    for (var call : read(foreign).path("downcalls")) {
      var parameters =
          StreamSupport.stream(call.path("parameterTypes").spliterator(), false)
              .map(JsonNode::asText)
              .toList();
      shapes.add(call.path("returnType").asText() + parameters);
    }
    return shapes;
  }

  /** Whether an image will hold the resource of this name, if it is on the class path. */
  public boolean holds(String resource) {
    try {
      return StreamSupport.stream(read(resources).spliterator(), false)
          .map(entry -> entry.path("glob").asText())
          .anyMatch(glob -> matches(glob, resource));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One star stands for anything but a slash, two for that too. */
  private static boolean matches(String glob, String name) {
    var pattern = Pattern.quote(glob).replace("**", "\\E.+\\Q").replace("*", "\\E[^/]*\\Q");
    return name.matches(pattern);
  }

  /** What may be looked up by reflection, in GraalVM's own words. */
  JsonNode types() throws IOException {
    return read(types);
  }
}
