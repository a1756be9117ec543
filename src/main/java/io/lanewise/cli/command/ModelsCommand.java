package io.lanewise.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanewise.checkpoint.HubCache;
import io.lanewise.cli.option.CachedModel;
import io.lanewise.cli.output.Csv;
import io.lanewise.cli.output.Table;
import io.lanewise.json.Json;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** What the Hub's cache holds. */
@Command(
    name = "models",
    description = {
      "Lists the models that Hugging Face's tools have brought into their cache, and which of them"
          + " run here. Nothing is downloaded, and nothing in the cache is changed.",
      "Prints a line a snapshot: its name and revision, its family and head, its size on disk, the"
          + " format of its weights, and whether it runs, or what keeps it from running."
    },
    footer = {
      "",
      "The cache is the first that is set of HF_HUB_CACHE, HUGGINGFACE_HUB_CACHE, HF_HOME/hub and",
      "XDG_CACHE_HOME/huggingface/hub, otherwise ~/.cache/huggingface/hub. What a model lacks",
      "because it was not downloaded, \"lanewise fetch NAME\" brings.",
      "",
      "Example: lanewise fetch albert/albert-base-v2 && lanewise models"
    })
final class ModelsCommand implements Callable<Integer> {
  private static final List<String> COLUMNS =
      List.of("model", "revision", "family", "head", "size", "weights", "runs");
  private static final List<String> FIELDS =
      List.of(
          "model",
          "commit",
          "revisions",
          "folder",
          "bytes",
          "family",
          "head",
          "format",
          "dtype",
          "runs",
          "problem");
  private static final int SHORT = 9;

  @Option(
      names = "--cache",
      paramLabel = "FOLDER",
      description = "Look into this cache; default: the one that the environment names.")
  private Path folder;

  @ArgGroup private Form form = new Form();

  @ParentCommand private RootCommand root;

  /** How the list is written, if not as a table. */
  private static final class Form {
    @Option(names = "--json", description = "Write one JSON document, a list of snapshots.")
    private boolean json;

    @Option(names = "--jsonl", description = "Write a JSON object a line.")
    private boolean jsonLines;

    @Option(
        names = "--csv",
        description = "Write comma-separated values (RFC 4180) with a head line.")
    private boolean csv;
  }

  @Override
  public Integer call() {
    var cache = folder == null ? HubCache.here() : new HubCache(folder);
    var models =
        cache.repositories().stream().flatMap(each -> CachedModel.of(each).stream()).toList();
    var results = root.results();
    if (form.json) {
      var list = Json.mapper().createArrayNode();
      models.forEach(model -> write(list.addObject(), model));
      results.line(list.toPrettyString());
    } else if (form.jsonLines) {
      models.forEach(model -> results.line(object(model).toString()));
    } else if (form.csv) {
      Csv.line(results, FIELDS);
      models.forEach(model -> Csv.line(results, cells(object(model))));
    } else if (models.isEmpty()) {
      root.say(
          "lanewise: no models in %s: bring one with lanewise fetch albert/albert-base-v2"
              .formatted(cache.folder()));
    } else {
      var table = new Table("llllrll").row(COLUMNS.toArray(String[]::new));
      models.forEach(model -> table.row(row(model)));
      table.print(results, "");
    }
    return 0;
  }

  private static String[] row(CachedModel model) {
    var snapshot = model.snapshot();
    var weights = model.format() == null ? null : model.format() + " " + model.dtype();
    var cells =
        new String[] {
          model.name(),
          snapshot == null ? null : revision(model),
          model.family(),
          model.head(),
          snapshot == null ? null : Table.size(snapshot.bytes()),
          weights,
          model.problem() == null ? "yes" : "no: " + model.problem()
        };
    return Arrays.stream(cells).map(cell -> cell == null ? "-" : cell).toArray(String[]::new);
  }

  private static String revision(CachedModel model) {
    var commit = model.snapshot().commit();
    var names = model.snapshot().revisions();
    return names.isEmpty()
        ? commit.substring(0, Math.min(SHORT, commit.length()))
        : String.join(", ", names);
  }

  private static ObjectNode object(CachedModel model) {
    var object = Json.mapper().createObjectNode();
    write(object, model);
    return object;
  }

  private static void write(ObjectNode object, CachedModel model) {
    object.put("model", model.name());
    var snapshot = model.snapshot();
    if (snapshot != null) {
      object.put("commit", snapshot.commit());
      var revisions = object.putArray("revisions");
      snapshot.revisions().forEach(revisions::add);
      object.put("folder", snapshot.folder().toString());
      object.put("bytes", snapshot.bytes());
    }
    put(object, "family", model.family());
    put(object, "head", model.head());
    put(object, "format", model.format());
    put(object, "dtype", model.dtype());
    object.put("runs", model.problem() == null);
    put(object, "problem", model.problem());
  }

  private static void put(ObjectNode object, String field, Object value) {
    if (value != null) {
      object.put(field, value.toString());
    }
  }

  private static List<String> cells(ObjectNode object) {
    return FIELDS.stream().map(field -> cell(object.path(field))).toList();
  }

  private static String cell(JsonNode value) {
    return value.isArray()
        ? value.valueStream().map(JsonNode::asText).collect(Collectors.joining(" "))
        : value.asText();
  }
}
