package io.lanewise.task.sentence;

import io.lanewise.InputException;
import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.folder.JsonConfig;
import io.lanewise.task.text.TextModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A {@code Router} of sentence-transformers: several lists of modules, of which what a text is for
 * chooses one.
 *
 * @param file that describes it
 * @param routes the lists by name
 * @param mappings from what a text is for, written as in the file, to a name of a list
 * @param unasked the list where nothing chooses one; empty for none
 */
record RouterModules(
    Config file,
    Map<String, List<FolderModule>> routes,
    Map<String, String> mappings,
    Optional<String> unasked) {
  /** A pair of Python: what a text is for, and its kind, either of which may be None. */
  private static final Pattern KEY =
      Pattern.compile("\\(\\s*(None|'[^']*'|\"[^\"]*\")\\s*,\\s*(None|'[^']*'|\"[^\"]*\")\\s*\\)");

  static boolean is(FolderModule module) {
    return module.is("Router") || module.is("Asym"); // as versions before 5 called it
  }

  static RouterModules load(Path folder) {
    var today = folder.resolve("router_config.json");
    var config = Config.read(Files.exists(today) ? today : folder.resolve("config.json"));
    var types = child(config, "types");
    var structure = child(config, "structure");
    var routes = new LinkedHashMap<String, List<FolderModule>>();
    for (var route : JsonConfig.tree(structure).properties()) {
      var modules = new ArrayList<FolderModule>();
      for (var name : structure.texts(route.getKey())) {
        var type = types.text(name).orElseThrow(() -> types.wrong(name, "its type is missing"));
        modules.add(
            new FolderModule(
                types.where() + ": " + TextModel.excerpt(name),
                FolderModule.lastName(type),
                FolderModule.inside(folder, structure, name)));
      }
      if (modules.isEmpty() || modules.size() > FolderModule.MOST) {
        throw structure.wrong(
            TextModel.excerpt(route.getKey()), "1 to " + FolderModule.MOST + " modules are needed");
      }
      routes.put(route.getKey(), List.copyOf(modules));
    }
    if (routes.isEmpty() || routes.size() > FolderModule.MOST) {
      throw config.wrong("structure", "1 to " + FolderModule.MOST + " routes are needed");
    }
    var parameters = TransformerSettings.child(config, "parameters").orElse(EmbeddingSettings.NONE);
    var unasked =
        parameters
            .text("default_route")
            .or(
                () ->
                    parameters.bool("allow_empty_key", true)
                        ? routes.keySet().stream().findFirst()
                        : Optional.empty());
    var router = new RouterModules(config, routes, mappings(parameters), unasked);
    router.unasked.ifPresent(router::check);
    router.mappings.values().forEach(router::check);
    return router;
  }

  private static Config child(Config config, String key) {
    return TransformerSettings.child(config, key)
        .orElseThrow(() -> config.wrong(key, "it is missing"));
  }

  private static Map<String, String> mappings(Config parameters) {
    var mappings = new LinkedHashMap<String, String>();
    var file = TransformerSettings.child(parameters, "route_mappings");
    if (file.isPresent()) {
      for (var entry : JsonConfig.tree(file.get()).properties()) {
        var key = KEY.matcher(entry.getKey());
        if (!key.matches()) {
          throw file.get()
              .wrong(
                  TextModel.excerpt(entry.getKey()),
                  "a pair such as ('query', 'text') or (None, 'text') is needed");
        }
        mappings.put(
            key(unquoted(key.group(1)), unquoted(key.group(2))),
            file.get().text(entry.getKey(), ""));
      }
    }
    return mappings;
  }

  private static String unquoted(String name) {
    return name.equals("None") ? "" : name.substring(1, name.length() - 1);
  }

  private static String key(String role, String kind) {
    return role + "\n" + kind;
  }

  private void check(String route) {
    if (!routes.containsKey(route)) {
      throw file.wrong(
          "parameters",
          "there is no route %s, only %s"
              .formatted(TextModel.excerpt(route), String.join(", ", routes.keySet())));
    }
  }

  /**
   * The name of the list for a text, in the order in which the Router looks: what maps its role and
   * that it is text, its role alone, that it is text, or anything; a list called as its role, or
   * {@code text}; for texts without a role, the default.
   *
   * @throws InputException if there is none
   */
  String route(TextRole role) {
    var title = role.title().orElse("");
    return Stream.of(key(title, "text"), key(title, ""), key("", "text"), key("", ""))
        .filter(mappings::containsKey)
        .map(mappings::get)
        .findFirst()
        .or(() -> Stream.of(title, "text").filter(routes::containsKey).findFirst())
        .or(() -> role == TextRole.ANY ? unasked : Optional.empty())
        .orElseThrow(
            () ->
                new InputException(
                    "%s has no route for %s, only %s"
                        .formatted(
                            file.where(),
                            role.title().map(each -> "a " + each).orElse("a text without a role"),
                            String.join(", ", routes.keySet()))));
  }
}
