package io.lanewise.serve.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The files of the page, {@code /} and {@code /page/NAME}, and the description of the routes that
 * it points to, {@code /api-doc/openapi.json} (OpenAPI 3.0). Only these can be asked for; no name
 * reaches a file system.
 *
 * <p>The page runs under {@link #POLICY}: it has no script and no style between its lines, and asks
 * nobody but its own server.
 */
public final class PageFiles {
  /** The value of {@code Content-Security-Policy}. */
  public static final String POLICY =
      "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

  private final Map<String, PageFile> files;

  private PageFiles(Map<String, PageFile> files) {
    this.files = Map.copyOf(files);
  }

  /** The file for a path of a request such as {@code /page/page.js}; empty if there is none. */
  public Optional<PageFile> find(String path) {
    return Optional.ofNullable(files.get(path));
  }

  /** All files by their paths. */
  public Map<String, PageFile> all() {
    return files;
  }

  /** Reads all files; each call names its own whole, so that a native image can be told. */
  public static PageFiles load() {
    var files = new HashMap<String, PageFile>();
    var index = read(PageFiles.class.getResourceAsStream("/io/lanewise/serve/page/index.html"));
    var maps = read(PageFiles.class.getResourceAsStream("/io/lanewise/task/attention/maps.html"));
    var page = new String(index, UTF_8).replace("{{attention}}", new String(maps, UTF_8));
    files.put("/", PageFile.html(page));
    var document = read(PageFiles.class.getResourceAsStream("/io/lanewise/serve/openapi.json"));
    files.put("/api-doc/openapi.json", PageFile.of("openapi.json", document));
    put(files, "icon.svg", PageFiles.class.getResourceAsStream("/io/lanewise/serve/page/icon.svg"));
    put(files, "theme.js", PageFiles.class.getResourceAsStream("/io/lanewise/serve/page/theme.js"));
    put(files, "page.css", PageFiles.class.getResourceAsStream("/io/lanewise/serve/page/page.css"));
    put(files, "page.js", PageFiles.class.getResourceAsStream("/io/lanewise/serve/page/page.js"));
    put(files, "tabs.js", PageFiles.class.getResourceAsStream("/io/lanewise/serve/page/tabs.js"));
    put(files, "panel.js", PageFiles.class.getResourceAsStream("/io/lanewise/serve/page/panel.js"));
    put(files, "tasks.js", PageFiles.class.getResourceAsStream("/io/lanewise/serve/page/tasks.js"));
    put(files, "show.js", PageFiles.class.getResourceAsStream("/io/lanewise/serve/page/show.js"));
    put(
        files,
        "server.js",
        PageFiles.class.getResourceAsStream("/io/lanewise/serve/page/server.js"));
    put(files, "mask.js", PageFiles.class.getResourceAsStream("/io/lanewise/serve/page/mask.js"));
    put(
        files,
        "attention.js",
        PageFiles.class.getResourceAsStream("/io/lanewise/serve/page/attention.js"));
    put(
        files,
        "basics.css",
        PageFiles.class.getResourceAsStream("/io/lanewise/task/attention/basics.css"));
    put(
        files,
        "maps.css",
        PageFiles.class.getResourceAsStream("/io/lanewise/task/attention/maps.css"));
    put(
        files,
        "weights.js",
        PageFiles.class.getResourceAsStream("/io/lanewise/task/attention/weights.js"));
    put(
        files,
        "colour.js",
        PageFiles.class.getResourceAsStream("/io/lanewise/task/attention/colour.js"));
    put(
        files,
        "grid.js",
        PageFiles.class.getResourceAsStream("/io/lanewise/task/attention/grid.js"));
    put(files, "map.js", PageFiles.class.getResourceAsStream("/io/lanewise/task/attention/map.js"));
    put(files, "row.js", PageFiles.class.getResourceAsStream("/io/lanewise/task/attention/row.js"));
    put(
        files,
        "maps.js",
        PageFiles.class.getResourceAsStream("/io/lanewise/task/attention/maps.js"));
    return new PageFiles(files);
  }

  private static void put(Map<String, PageFile> files, String name, InputStream resource) {
    files.put("/page/" + name, PageFile.of(name, read(resource)));
  }

  private static byte[] read(InputStream resource) {
    try (resource) {
      if (resource == null) {
        throw new IllegalStateException("a file of the page is missing from the program");
      }
      return resource.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("a file of the page cannot be read", e);
    }
  }
}
