package io.lanewise.serve.route;

import io.lanewise.serve.http.Answer;
import io.lanewise.serve.http.Call;
import io.lanewise.serve.http.Route;
import io.lanewise.serve.http.Route.Access;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * What lies ready as files: the description of all routes (OpenAPI 3.0), and the page for people at
 * {@code /}. Programs that ask there whether the server is well get an empty answer, as from
 * text-embeddings-inference.
 */
record PageRoutes(Route.Handler health) {
  /** The page may load nothing from elsewhere, and nobody may put it into a page of theirs. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'"
          + " data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  List<Route> routes() {
    return List.of(
        Route.get("/", Access.PROBE, this::root),
        Route.get("/api-doc/openapi.json", Access.PUBLIC, _ -> document()),
        Route.get("/page.js", Access.PUBLIC, _ -> script()),
        Route.get("/page.css", Access.PUBLIC, _ -> style()));
  }

  private Answer root(Call call) {
    boolean person = call.header("Accept").orElse("").contains("text/html");
    return person
        ? file(
                "text/html",
                PageRoutes.class.getResourceAsStream("/io/lanewise/serve/page/index.html"))
            .with("Vary", "Accept")
        : health.answer(call);
  }

  private static Answer script() {
    return file(
        "text/javascript", PageRoutes.class.getResourceAsStream("/io/lanewise/serve/page/page.js"));
  }

  private static Answer style() {
    return file(
        "text/css", PageRoutes.class.getResourceAsStream("/io/lanewise/serve/page/page.css"));
  }

  private static Answer document() {
    return file(
        Answer.JSON, PageRoutes.class.getResourceAsStream("/io/lanewise/serve/openapi.json"));
  }

  private static Answer file(String type, InputStream content) {
    try (content) {
      var named = type.equals(Answer.JSON) ? type : type + "; charset=utf-8";
      return Answer.of(200, named, content.readAllBytes())
          .with("Content-Security-Policy", POLICY)
          .with("Cache-Control", "no-cache");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
