package io.lanewise.hub;

import io.lanewise.CheckpointException;
import java.io.IOException;
import java.net.Authenticator;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The proxies for connections: those of Java's properties ({@code https.proxyHost}), otherwise
 * those of the variables {@code https_proxy}, {@code http_proxy}, {@code all_proxy} and {@code
 * no_proxy}, in lower or upper case, by the rules of curl and Python.
 */
final class HubProxies extends ProxySelector {
  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  private final Map<String, String> variables;
  private final ProxySelector properties;

  HubProxies(Map<String, String> variables, ProxySelector properties) {
    this.variables = variables;
    this.properties = properties;
  }

  @Override
  public List<Proxy> select(URI uri) {
    var said = properties == null ? List.of(Proxy.NO_PROXY) : properties.select(uri);
    if (said.stream().anyMatch(proxy -> proxy.type() != Proxy.Type.DIRECT)) {
      return said;
    }
    return proxy(uri)
        .map(
            proxy ->
                new Proxy(
                    Proxy.Type.HTTP,
                    InetSocketAddress.createUnresolved(proxy.getHost(), port(proxy))))
        .map(List::of)
        .orElse(List.of(Proxy.NO_PROXY));
  }

  @Override
  public void connectFailed(URI uri, SocketAddress address, IOException e) {
    // the caller gets the exception
  }

  /** The proxy for a server from the variables; empty for none. */
  private Optional<URI> proxy(URI uri) {
    var scheme = uri.getScheme().toLowerCase(Locale.ROOT);
    return isExempt(uri)
        ? Optional.empty()
        : Stream.of(scheme + "_proxy", "all_proxy")
            .map(this::variable)
            .filter(value -> !value.isEmpty())
            .findFirst()
            .map(HubProxies::address);
  }

  private static URI address(String text) {
    try {
      var uri = URI.create(text.contains("://") ? text : "http://" + text);
      if (uri.getHost() != null && List.of("http", "https").contains(uri.getScheme())) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // reported below, without a possible password
    }
    throw new CheckpointException(
        "the proxy that the environment names is no address such as http://proxy.example:3128");
  }

  private String variable(String name) {
    var small = variables.getOrDefault(name, "").strip();
    return small.isEmpty()
        ? variables.getOrDefault(name.toUpperCase(Locale.ROOT), "").strip()
        : small;
  }

  private boolean isExempt(URI uri) {
    var host = uri.getHost().toLowerCase(Locale.ROOT);
    return Stream.of(variable("no_proxy").toLowerCase(Locale.ROOT).split("[,\\s]+"))
        .anyMatch(entry -> covers(entry, host, port(uri)));
  }

  private static boolean covers(String entry, String host, int port) {
    if (entry.equals("*")) {
      return true;
    }
    int colon = entry.lastIndexOf(':');
    boolean numbered = colon > 0 && entry.substring(colon + 1).matches("\\d{1,5}");
    if (numbered && Integer.parseInt(entry.substring(colon + 1)) != port) {
      return false;
    }
    var name = (numbered ? entry.substring(0, colon) : entry).replaceFirst("^\\*?\\.", "");
    return !name.isEmpty() && (host.equals(name) || host.endsWith("." + name));
  }

  private static int port(URI uri) {
    if (uri.getPort() > 0) {
      return uri.getPort();
    }
    return "https".equals(uri.getScheme()) ? HTTPS_PORT : HTTP_PORT;
  }

  /** The name and password in the address of a proxy; used for no other server. */
  Optional<Authenticator> authenticator() {
    var users =
        Stream.of("https_proxy", "http_proxy", "all_proxy")
            .map(this::variable)
            .filter(value -> !value.isEmpty())
            .map(HubProxies::address)
            .filter(uri -> uri.getRawUserInfo() != null)
            .toList();
    return users.isEmpty() ? Optional.empty() : Optional.of(new Known(users));
  }

  private static final class Known extends Authenticator {
    private final List<URI> users;

    Known(List<URI> users) {
      this.users = users;
    }

    @Override
    protected PasswordAuthentication getPasswordAuthentication() {
      if (getRequestorType() != RequestorType.PROXY) {
        return null;
      }
      return users.stream()
          .filter(uri -> uri.getHost().equals(getRequestingHost()))
          .findFirst()
          .map(uri -> uri.getRawUserInfo().split(":", 2))
          .map(
              parts ->
                  new PasswordAuthentication(
                      decoded(parts[0]), decoded(parts.length > 1 ? parts[1] : "").toCharArray()))
          .orElse(null);
    }

    private static String decoded(String part) {
      return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
  }
}
