package io.lanewise.serve.route;

import io.lanewise.serve.http.Readiness;
import io.lanewise.serve.http.Route;
import io.lanewise.serve.metrics.Metrics;
import io.lanewise.serve.model.ServedModels;
import io.lanewise.serve.page.PageFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** All routes of a server. */
public final class Routes {
  private Routes() {}

  /**
   * All of them.
   *
   * @param version of the program
   * @param readiness asked whenever somebody asks whether the server is well
   */
  public static List<Route> of(
      ServedModels models, Metrics metrics, String version, Supplier<Readiness> readiness) {
    var server = new ServerRoutes(models, metrics, version, readiness);
    var routes = new ArrayList<Route>();
    routes.addAll(new EmbedRoutes(models).routes());
    routes.addAll(new OpenAiRoutes(models).routes());
    routes.addAll(new PipelineRoutes(models).routes());
    routes.addAll(server.routes());
    routes.addAll(new PageRoutes(server::health, PageFiles.load()).routes());
    return routes;
  }
}
