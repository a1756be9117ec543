package io.lanewise.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.CheckpointException;
import io.lanewise.json.Json;
import java.io.IOException;
import java.net.Authenticator;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HubEnvironmentTest {
  private static final Path REFERENCE = Path.of("src", "test", "resources", "hub-caches.tsv");

  /**
   * The expected values are those of huggingface_hub and transformers
   * (tools/reference/hub_caches.py).
   */
  @Test
  void theCacheIsWhereHuggingFaceLooks() throws IOException {
    var lines = Files.readAllLines(REFERENCE);
    assertThat(lines).hasSizeGreaterThan(100);
    for (var line : lines) {
      var parts = line.split("\t", 2);
      var variables = new HashMap<String, String>();
      Json.parse(parts[0].getBytes(StandardCharsets.UTF_8), "variables")
          .properties()
          .forEach(entry -> variables.put(entry.getKey(), entry.getValue().asText()));
      var environment =
          new HubEnvironment(
              variables,
              "/never",
              user -> user.equals("root") ? Optional.of("/root") : Optional.empty());
      assertThat(environment.cache()).as(parts[0]).isEqualTo(Path.of(parts[1]));
    }
  }

  @Test
  void withoutHomeThePasswordFilesFolderIsTaken() {
    assertThat(HubEnvironment.of(Map.of(), "/users-of/ada").cache())
        .isEqualTo(Path.of("/users-of/ada/.cache/huggingface/hub"));
    assertThat(HubEnvironment.of(Map.of("HOME", "/h"), "/users-of/ada").cache())
        .isEqualTo(Path.of("/h/.cache/huggingface/hub"));
  }

  @Test
  void othersVariablesAreHuggingFacesToo() {
    var set =
        HubEnvironment.of(Map.of("HF_ENDPOINT", "https://m.example//", "HF_TOKEN", " t\n"), "");
    assertThat(set.endpoint()).isEqualTo("https://m.example");
    assertThat(set.token()).hasValue("t");
    assertThat(HubEnvironment.of(Map.of(), "/none").endpoint()).isEqualTo("https://huggingface.co");
    assertThat(HubEnvironment.of(Map.of(), "/none").token()).isEmpty();
    for (var yes : new String[] {"1", "true", "YES", "on"}) {
      assertThat(HubEnvironment.of(Map.of("HF_HUB_OFFLINE", yes), "").offline())
          .hasValue("HF_HUB_OFFLINE");
    }
    assertThat(HubEnvironment.of(Map.of("HF_HUB_OFFLINE", "0"), "").offline()).isEmpty();
    assertThat(HubEnvironment.of(Map.of("HF_HUB_ETAG_TIMEOUT", "7"), "").headPatience())
        .isEqualTo(Duration.ofSeconds(7));
    var wrong = HubEnvironment.of(Map.of("HF_HUB_ETAG_TIMEOUT", "soon"), "");
    assertThatThrownBy(wrong::headPatience)
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("HF_HUB_ETAG_TIMEOUT is \"soon\"");
  }

  private static String way(Map<String, String> variables, ProxySelector properties, String uri) {
    var proxy = new HubProxies(variables, properties).select(URI.create(uri)).getFirst();
    return proxy.type() == Proxy.Type.DIRECT
        ? "direct"
        : ((InetSocketAddress) proxy.address()).getHostString()
            + ":"
            + ((InetSocketAddress) proxy.address()).getPort();
  }

  @Test
  void proxiesOfTheVariablesAndOfJava() {
    var none = ProxySelector.of(null);
    var set =
        Map.of(
            "https_proxy", "http://ada:p%40ss@p.example:3128",
            "HTTP_PROXY", "q.example",
            "no_proxy", "localhost, .inner.example,*.far.example,10.0.0.1:81");
    assertThat(way(set, none, "https://huggingface.co/x")).isEqualTo("p.example:3128");
    assertThat(way(set, none, "http://a.example/x")).isEqualTo("q.example:80");
    assertThat(way(set, none, "http://localhost:81/x")).isEqualTo("direct");
    assertThat(way(set, none, "https://a.inner.example/x")).isEqualTo("direct");
    assertThat(way(set, none, "https://b.far.example/x")).isEqualTo("direct");
    assertThat(way(set, none, "https://notinner.example/x")).isEqualTo("p.example:3128");
    assertThat(way(set, none, "http://10.0.0.1:81/")).isEqualTo("direct");
    assertThat(way(set, none, "http://10.0.0.1:82/")).isEqualTo("q.example:80");
    assertThat(way(Map.of("ALL_PROXY", "r.example:1"), none, "https://x/"))
        .isEqualTo("r.example:1");
    assertThat(way(Map.of("ALL_PROXY", "r.example:1", "NO_PROXY", "*"), none, "https://x/"))
        .isEqualTo("direct");
    assertThat(way(Map.of(), none, "https://x/")).isEqualTo("direct");
    var properties = ProxySelector.of(InetSocketAddress.createUnresolved("java.example", 9));
    assertThat(way(set, properties, "https://localhost/")).isEqualTo("java.example:9");
    assertThatThrownBy(() -> way(Map.of("https_proxy", "socks5://s:pw@h:1"), none, "https://x/"))
        .isInstanceOf(CheckpointException.class)
        .hasMessageNotContaining("pw");

    var authenticator = new HubProxies(set, none).authenticator().orElseThrow();
    var known =
        authenticator.requestPasswordAuthenticationInstance(
            "p.example", null, 3128, "http", "", "basic", null, Authenticator.RequestorType.PROXY);
    assertThat(known.getUserName()).isEqualTo("ada");
    assertThat(known.getPassword()).containsExactly("p@ss".toCharArray());
    assertThat(
            authenticator.requestPasswordAuthenticationInstance(
                "p.example",
                null,
                1,
                "http",
                "",
                "basic",
                null,
                Authenticator.RequestorType.SERVER))
        .isNull();
    assertThat(new HubProxies(Map.of(), none).authenticator()).isEmpty();
  }

  @Test
  void javasOwnSelectorMayBeMissing() {
    assertThat(way(Map.of(), null, "https://x/")).isEqualTo("direct");
  }
}
