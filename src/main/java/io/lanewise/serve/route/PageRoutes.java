package io.lanewise.serve.route;

import io.lanewise.serve.http.Answer;
import io.lanewise.serve.http.Call;
import io.lanewise.serve.http.Route;
import io.lanewise.serve.http.Route.Access;
import io.lanewise.serve.page.PageFile;
import io.lanewise.serve.page.PageFiles;
import java.util.ArrayList;
import java.util.List;

/**
 * The page for people at {@code /}, its files below {@code /page/}, and the description of all
 * routes. Programs that ask at {@code /} whether the server is well get an empty answer, as from
 * text-embeddings-inference.
 */
record PageRoutes(Route.Handler health, PageFiles files) {
  private static final String ROOT = "/";

  List<Route> routes() {
    var routes = new ArrayList<Route>();
    files.all().forEach((path, file) -> routes.add(route(path, file)));
    return routes;
  }

  private Route route(String path, PageFile file) {
    return path.equals(ROOT)
        ? Route.get(path, Access.PROBE, call -> root(call, file))
        : Route.get(path, Access.PUBLIC, call -> answer(call, file));
  }

  private Answer root(Call call, PageFile page) {
    boolean person = call.header("Accept").orElse("").contains("text/html");
    return person ? answer(call, page).with("Vary", "Accept") : health.answer(call);
  }

  /** The file, or 304 for who has it already. */
  private static Answer answer(Call call, PageFile file) {
    boolean had = call.header("If-None-Match").filter(file.tag()::equals).isPresent();
    var answer = had ? Answer.empty(304) : Answer.of(200, file.type(), file.content());
    return answer
        .with("Content-Security-Policy", PageFiles.POLICY)
        .with("ETag", file.tag())
        .with("Cache-Control", "no-cache");
  }
}
