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
    var embed = new EmbedRoutes(models);
    var score = new ScoreRoutes(models);
    var pipelines = new PipelineRoutes(models);
    var writing = new WritingRoutes(models);
    routes.addAll(embed.routes());
    var sparse = new SparseRoutes(models);
    routes.addAll(sparse.routes());
    routes.addAll(score.routes());
    routes.addAll(new TokenRoutes(models).routes());
    routes.addAll(new OpenAiRoutes(models).routes());
    routes.addAll(pipelines.routes());
    routes.addAll(writing.routes());
    routes.addAll(new AttentionRoutes(models).routes());
    routes.addAll(new AnyRoutes(models, embed, sparse, score, pipelines, writing).routes());
    routes.addAll(server.routes());
    routes.addAll(new PageRoutes(server::health, PageFiles.load()).routes());
    return routes;
  }
}
