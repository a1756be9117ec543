package io.lanewise.serve.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which route answers which path. */
public final class RouteTable {
  private final Map<String, Map<String, Route>> byPath = new LinkedHashMap<>();
  private final List<Route> all;

  /** Of these routes, of which no two have the same method and path. */
  public RouteTable(List<Route> routes) {
    all = List.copyOf(routes);
    for (var route : routes) {
      var before =
          byPath
              .computeIfAbsent(route.path(), _ -> new LinkedHashMap<>())
              .put(route.method(), route);
      if (before != null) {
        throw new IllegalStateException(route.method() + " " + route.path() + " twice");
      }
    }
  }

  /** All of them. */
  public List<Route> all() {
    return all;
  }

  /** The route of a path for this method. */
  Optional<Route> find(String method, String path) {
    var methods = byPath.getOrDefault(path, Map.of());
    return Optional.ofNullable(methods.get(method.equals("HEAD") ? "GET" : method));
  }

  /** The methods that a path has; empty if there is no such path. */
  String methods(String path) {
    return String.join(", ", byPath.getOrDefault(path, Map.of()).keySet());
  }
}
