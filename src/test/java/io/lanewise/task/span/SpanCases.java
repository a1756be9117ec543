package io.lanewise.task.span;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanewise.json.Json;
import io.lanewise.model.KernelChoice;
import io.lanewise.model.Options;
import io.lanewise.tokenizer.TokenizerOptions;
import io.lanewise.tokenizer.TokenizerOptions.Flavor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What {@code tools/reference/span_tasks.py} has made. */
public final class SpanCases {
  public static final Path FOLDER = Path.of("src/test/resources/tasks");
  private static final JsonNode ALL = Json.read(FOLDER.resolve("span-cases.json"));

  /** Quick to start, and the same on every machine. */
  public static final Options OPTIONS =
      Options.DEFAULT.withBackend(KernelChoice.SCALAR).withThreads(1);

  private SpanCases() {}

  /** A checkpoint, and which of its tokenizers. */
  public record Model(Path folder, boolean fast) {
    public TokenizerOptions tokenizer() {
      return TokenizerOptions.DEFAULT.withFlavor(fast ? Flavor.AUTO : Flavor.SLOW);
    }

    @Override
    public String toString() {
      return folder.getFileName() + (fast ? "" : " slow");
    }
  }

  /** The cases of a task by their models. */
  public static Map<Model, List<JsonNode>> of(String task) {
    var cases = new LinkedHashMap<Model, List<JsonNode>>();
    for (var each : ALL.get(task)) {
      var model =
          new Model(FOLDER.resolve(each.get("model").textValue()), each.get("fast").booleanValue());
      cases.computeIfAbsent(model, _ -> new ArrayList<>()).add(each);
    }
    return cases;
  }

  /** The same task with a setting of the case, if the case has it. */
  public static <T> T with(T task, JsonNode settings, String name, Function<JsonNode, T> change) {
    return settings.has(name) ? change.apply(settings.get(name)) : task;
  }

  public static List<String> texts(JsonNode array) {
    var texts = new ArrayList<String>();
    array.forEach(each -> texts.add(each.textValue()));
    return texts;
  }
}
