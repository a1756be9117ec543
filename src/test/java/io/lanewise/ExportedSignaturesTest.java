package io.lanewise;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanewise.kernel.Backend;
import io.lanewise.memory.Region;
import java.io.IOException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What users of the module can name is small, and names nothing that they cannot name. */
class ExportedSignaturesTest {
  private static final int MOST_TYPES = 80;

  @Test
  void nameExportedTypesAndTheJdksOnly() throws IOException {
    assertThat(ExportedSignatures.leaks(ExportedSignatures.types())).isEmpty();
  }

  @Test
  void exportedTypesAreFew() throws IOException {
    var types =
        ExportedSignatures.types().stream()
            .filter(type -> type.getEnclosingClass() == null)
            .map(Class::getName)
            .sorted()
            .toList();
    System.out.println(types.size() + " exported types, at most " + MOST_TYPES);
    assertThat(types).hasSizeBetween(50, MOST_TYPES).contains("io.lanewise.model.Model");
  }

  @Test
  void aResultIsNeverNull() throws IOException {
    var methods =
        ExportedSignatures.types().stream()
            .filter(type -> !type.getPackageName().startsWith("io.lanewise.task"))
            .flatMap(type -> Stream.of(type.getDeclaredMethods()))
            .filter(method -> Modifier.isPublic(method.getModifiers()))
            .toList();
    assertThat(methods).hasSizeGreaterThan(300);
    assertThat(methods.stream().filter(ExportedSignaturesTest::mayGiveNull)).isEmpty();
    assertThat(Stream.of(Absent.class.getDeclaredMethods()))
        .hasSize(2)
        .allMatch(ExportedSignaturesTest::mayGiveNull);
  }

  private static boolean mayGiveNull(Method method) {
    return method.getAnnotatedReturnType().isAnnotationPresent(Nullable.class);
  }

  @SuppressWarnings("unused")
  interface Absent {
    @Nullable String text();

    int @Nullable [] numbers();
  }

  @Test
  void theFrontRoomsAreExported() throws IOException {
    assertThat(ExportedSignatures.packages())
        .containsExactly(
            "io.lanewise",
            "io.lanewise.checkpoint",
            "io.lanewise.generate",
            "io.lanewise.model",
            "io.lanewise.task",
            "io.lanewise.task.attention",
            "io.lanewise.tensor",
            "io.lanewise.tokenizer");
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        Returned.class,
        Taken.class,
        Argument.class,
        Array.class,
        Wildcard.class,
        Field.class,
        Component.class,
        Extended.class,
        Implemented.class,
        Bound.class,
        MethodBound.class,
        Constructed.class,
        ThirdParty.class,
        Thrown.class,
        Annotated.class
      })
  void aPlantedLeakIsFound(Class<?> planted) throws IOException {
    assertThat(ExportedSignatures.leaks(List.of(planted)))
        .singleElement()
        .asString()
        .startsWith(planted.getName())
        .containsAnyOf(
            Region.class.getName(),
            Backend.class.getName(),
            JsonNode.class.getName(),
            Hidden.class.getName(),
            HiddenFailure.class.getName(),
            Mark.class.getName());
  }

  @Test
  void whatUsersCannotCallLeaksNothing() throws IOException {
    assertThat(ExportedSignatures.leaks(List.of(Closed.class))).isEmpty();
  }

  @Retention(RetentionPolicy.RUNTIME)
  @interface Mark {}

  interface Hidden {}

  static final class HiddenFailure extends Exception {
    private static final long serialVersionUID = 1;
  }

  @SuppressWarnings("unused")
  static class Closed {
    Region region;

    private Backend backend() {
      return null;
    }

    public Set<String> open(Map<Integer, ? super Long[]> values) {
      return Set.of();
    }
  }

  static class Returned {
    public Region region() {
      return null;
    }
  }

  static class Taken {
    protected void take(Backend backend) {}
  }

  static class Argument {
    public Map<String, List<Region>> regions() {
      return Map.of();
    }
  }

  static class Array {
    public Region[][] regions() {
      return new Region[0][];
    }
  }

  static class Wildcard {
    public void take(Supplier<? extends Region> supplier) {}
  }

  static class Field {
    public static final Region REGION = null;
  }

  static class Component {
    public final List<JsonNode> trees = List.of();
  }

  static class Extended extends HiddenSupplier {}

  static class HiddenSupplier implements Hidden {}

  abstract static class Implemented implements Supplier<Region> {}

  static class Bound<T extends Hidden> {}

  static class MethodBound {
    public <T extends Hidden> void take(T hidden) {}
  }

  static class Constructed {
    public Constructed(Region region) {}
  }

  static class ThirdParty {
    public JsonNode tree() {
      return null;
    }
  }

  static class Thrown {
    public void fail() throws HiddenFailure {}
  }

  static class Annotated {
    @Mark
    public void marked() {}
  }
}
