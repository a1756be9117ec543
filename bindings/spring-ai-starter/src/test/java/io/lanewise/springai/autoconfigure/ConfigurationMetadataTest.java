package io.lanewise.springai.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What editors complete and explain in an application's properties. */
class ConfigurationMetadataTest {
  private static JsonNode metadata() throws IOException {
    try (var stream =
        LanewiseEmbeddingProperties.class.getResourceAsStream(
            "/META-INF/spring-configuration-metadata.json")) {
      return JsonMapper.shared().readTree(stream);
    }
  }

  @Test
  void everyPropertyIsThereWithADescriptionAndItsDefault() throws Exception {
    var properties = new HashMap<String, JsonNode>();
    for (var property : metadata().path("properties")) {
      properties.put(property.path("name").asString(), property);
    }
    for (var type :
        Arrays.asList(LanewiseEmbeddingProperties.class, LanewiseRerankerProperties.class)) {
      var prefix = (String) type.getField("PREFIX").get(null);
      for (var component : type.getRecordComponents()) {
        var name = prefix + "." + kebab(component.getName());
        assertThat(properties).containsKey(name);
        var property = properties.remove(name);
        assertThat(property.path("description").asString()).as(name).endsWith(".");
        var parameters =
            Arrays.stream(type.getDeclaredConstructors()[0].getParameters())
                .filter(each -> each.getName().equals(component.getName()));
        var value = parameters.findFirst().orElseThrow().getAnnotation(DefaultValue.class);
        if (value != null) {
          assertThat(property.path("defaultValue").asString()).as(name).isEqualTo(value.value()[0]);
        }
      }
    }
    assertThat(properties).containsOnlyKeys("spring.ai.lanewise.vector-module-required");
  }

  private static String kebab(String name) {
    var kebab = name.replaceAll("([A-Z])", "-$1").toLowerCase(java.util.Locale.ROOT);
    return ConfigurationPropertyName.of(kebab).toString();
  }

  @Test
  void theValueThatAsksForLanewiseIsOffered() throws Exception {
    var offered = new HashMap<String, String>();
    for (var hint : metadata().path("hints")) {
      offered.put(
          hint.path("name").asString(), hint.path("values").path(0).path("value").asString());
    }
    assertThat(offered).isEqualTo(Map.of("spring.ai.model.embedding", StartCheck.LANEWISE));
  }
}
