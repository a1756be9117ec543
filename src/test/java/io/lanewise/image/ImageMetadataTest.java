package io.lanewise.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.lanewise.kernel.onednn.OneDnnLibrary;
import io.lanewise.kernel.openblas.OpenBlasLibrary;
import io.lanewise.model.Model;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.reflect.AccessFlag;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The metadata says all that an image needs, and nothing that is not there. */
class ImageMetadataTest {
  private static final String FOLDER = "META-INF/native-image/";
  private static final String OWN = FOLDER + "io.github.lanewise/lanewise/";
  private static final String PICOCLI =
      FOLDER + "picocli-generated/io.github.lanewise/lanewise/reflect-config.json";
  private static final Map<String, List<String>> SHAPES = Downcalls.of(MainClasses.all());
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void listsTheShapesOfAllDowncallsAndNoOthers() throws IOException {
    assertThat(SHAPES)
        .containsKeys(
            "io.lanewise.kernel.openblas.OpenBlasLibrary", "io.lanewise.cli.output.StandardError")
        .containsEntry("io.lanewise.openblas.OpenBlas$openblas_get_config", List.of("void*[]"));
    assertThat(difference(text(OWN + "reachability-metadata.json"))).isEmpty();
  }

  @Test
  void aRemovedDowncallIsMissed() throws IOException {
    int count = downcalls(metadata()).size();
    assertThat(count).isGreaterThan(7);
    for (int i = 0; i < count; i++) {
      var metadata = metadata();
      downcalls(metadata).remove(i);
      assertThat(difference(metadata.toString())).hasSize(1).allMatch(d -> d.startsWith("no "));
    }
  }

  @Test
  void aMisspeltDowncallIsMissed() throws IOException {
    var json = text(OWN + "reachability-metadata.json");
    assertThat(difference(json.replaceFirst("\"jfloat\"", "\"jflaot\""))).hasSize(2);
    assertThat(difference(json.replaceFirst("\"void\\*\"", "\"void *\""))).isNotEmpty();
    for (var key : List.of("downcalls", "foreign", "parameterTypes", "returnType")) {
      assertThatThrownBy(
              () -> new ImageMetadata(json.replace("\"" + key + "\"", "\"" + key + "s\"")))
          .as(key)
          .isInstanceOf(RuntimeException.class)
          .hasMessageContaining(key);
    }
  }

  /** Where the library is here, its bindings are asked too; the byte code was read rightly. */
  @Test
  void theBindingsSayTheSame() throws Exception {
    // First of all: a binding that is asked before its library is loaded fails for good.
    boolean loaded = OpenBlasLibrary.find().isPresent() && OneDnnLibrary.find().isPresent();
    var asked = new TreeSet<String>();
    for (var type : MainClasses.all()) {
      var owner = MainClasses.name(type);
      for (var method : type.methods()) {
        var name = method.methodName().stringValue();
        if (name.endsWith("$descriptor")) {
          var nested = owner + "$" + name.substring(0, name.indexOf('$'));
          assertThat(SHAPES).containsKey(nested);
          if (!loaded) {
            continue;
          }
          try {
            var descriptor = Class.forName(owner).getMethod(name).invoke(null);
            assertThat(SHAPES.get(nested))
                .containsExactly(Downcalls.shape((FunctionDescriptor) descriptor));
            asked.add(name);
          } catch (InvocationTargetException e) { // no such function in the library here
            assertThat(e).hasCauseInstanceOf(LinkageError.class);
          }
        }
      }
    }
    if (loaded) {
      assertThat(asked).contains("cblas_sgemm$descriptor", "dnnl_primitive_execute$descriptor");
    }
  }

  @Test
  void whatItNamesIsThere() throws Exception {
    var types = new ImageMetadata(text(OWN + "reachability-metadata.json")).types();
    assertThat(types).hasSize(3);
    for (var entry : types) {
      var type = Class.forName(entry.path("type").asText());
      Class.forName(entry.path("condition").path("typeReached").asText());
      for (var field : entry.path("fields")) {
        assertThat(type.getDeclaredField(field.path("name").asText())).isNotNull();
      }
      for (var method : entry.path("methods")) {
        var parameters = new ArrayList<Class<?>>();
        for (var parameter : method.path("parameterTypes")) {
          parameters.add(type(parameter.asText()));
        }
        assertThat(type.getDeclaredConstructor(parameters.toArray(Class<?>[]::new))).isNotNull();
      }
    }
  }

  @Test
  void picocliListsEveryCommandAndWhatItInjects() throws Exception {
    var listed = JSON.readTree(text(PICOCLI));
    for (var type : MainClasses.all()) {
      var name = MainClasses.name(type);
      if (!name.startsWith("io.lanewise.cli.")) {
        continue;
      }
      var members = new TreeSet<String>();
      for (var field : Class.forName(name).getDeclaredFields()) {
        if (isPicocli(field)) {
          members.add(field.getName());
        }
      }
      if (members.isEmpty() && !isPicocli(Class.forName(name))) {
        continue;
      }
      var found = new TreeSet<String>();
      for (var entry : listed) {
        if (entry.path("name").asText().equals(name)) {
          entry.path("fields").forEach(field -> found.add(field.path("name").asText()));
          assertThat(entry.path("allDeclaredConstructors").asBoolean()).as(name).isTrue();
        }
      }
      assertThat(found).as(name).containsAll(members);
    }
    assertThat(listed.findValuesAsText("name"))
        .contains("io.lanewise.cli.command.RootCommand", "picocli.AutoComplete$GenerateCompletion");
  }

  @Test
  void theArgumentsSwitchTheVectorApiOn() throws IOException {
    var properties = new Properties();
    try (var in =
        getClass().getClassLoader().getResourceAsStream(OWN + "native-image.properties")) {
      properties.load(in);
    }
    assertThat(properties.stringPropertyNames()).isEqualTo(Set.of("Args"));
    assertThat(properties.getProperty("Args").split(" +"))
        .containsExactly(
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "-H:+UnlockExperimentalVMOptions",
            "-H:+VectorAPISupport",
            "--initialize-at-build-time=io.lanewise.memory.NativeImage,io.lanewise.kernel.AllMemory");
  }

  @Test
  void whatIsInitialisedAtBuildTimeHasNothingButConstants() throws IOException {
    for (var name : List.of("io.lanewise.memory.NativeImage", "io.lanewise.kernel.AllMemory")) {
      var types =
          MainClasses.all().stream().filter(type -> MainClasses.name(type).equals(name)).toList();
      assertThat(types).as(name).hasSize(1);
      assertThat(types.getFirst().fields())
          .isNotEmpty()
          .allMatch(field -> field.flags().has(AccessFlag.STATIC))
          .allMatch(field -> field.flags().has(AccessFlag.FINAL));
    }
  }

  /** What is registered too little or too much. */
  private static List<String> difference(String json) throws IOException {
    var needed = new TreeSet<String>();
    SHAPES.values().forEach(needed::addAll);
    var registered = new ImageMetadata(json).downcalls();
    var difference = new ArrayList<String>();
    for (var shape : needed) {
      if (!registered.contains(shape)) {
        difference.add("no " + shape);
      }
    }
    for (var shape : registered) {
      if (!needed.contains(shape)) {
        difference.add("needless " + shape);
      }
    }
    return difference;
  }

  private static boolean isPicocli(AnnotatedElement element) {
    return Arrays.stream(element.getAnnotations())
        .anyMatch(a -> a.annotationType().getName().startsWith(CommandLine.class.getName()));
  }

  private static Class<?> type(String name) throws ClassNotFoundException {
    return switch (name) {
      case "int" -> int.class;
      case "byte[]" -> byte[].class;
      default -> Class.forName(name);
    };
  }

  private static JsonNode metadata() throws IOException {
    return JSON.readTree(text(OWN + "reachability-metadata.json"));
  }

  private static ArrayNode downcalls(JsonNode metadata) {
    return (ArrayNode) metadata.path("foreign").path("downcalls");
  }

  private static String text(String resource) throws IOException {
    try (var in = Model.class.getClassLoader().getResourceAsStream(resource)) {
      assertThat(in).as(resource).isNotNull();
      return new String(in.readAllBytes(), UTF_8);
    }
  }
}
