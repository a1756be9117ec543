package io.lanewise.task.sentence;

import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.folder.JsonConfig;
import io.lanewise.checkpoint.folder.OpenedFolder;
import io.lanewise.checkpoint.format.Loading;
import io.lanewise.json.Json;
import io.lanewise.memory.Region;
import io.lanewise.model.FolderSettings;
import io.lanewise.task.TaskOptions;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A checkpoint of the ColBERT authors: the model and one linear layer in the same file, {@code
 * linear.weight}, and the settings in {@code artifact.metadata}.
 */
final class StanfordColbert {
  private static final String METADATA = "artifact.metadata";

  private StanfordColbert() {}

  static boolean is(FolderSettings folder) {
    return folder.config().texts("architectures").contains("HF_ColBERT");
  }

  static LateModel load(FolderSettings folder, TaskOptions options) {
    var file = folder.folder().resolve(METADATA);
    var metadata =
        Files.exists(file)
            ? Config.read(file)
            : JsonConfig.of(Json.mapper().createObjectNode(), file);
    var _ = metadata.choice("similarity", List.of("cosine")); // l2 would be another score
    var _ = metadata.choice("interaction", List.of("colbert"));
    var transformer = TransformerSettings.read(folder.folder());
    var model = LateFolder.model(folder, transformer, options);
    try {
      var linear = linear(folder, metadata, model.hidden());
      var tokenizer = model.texts().tokenizer();
      var queries =
          QueryExpansion.fixed(
              metadata,
              tokenizer,
              metadata.bool("attend_to_mask_tokens", false),
              metadata.positive("query_maxlen", 32));
      LateSides.checkFits(metadata, queries, model);
      int longest = Math.min(metadata.positive("doc_maxlen", 220), model.texts().longest());
      var skipped =
          metadata.bool("mask_punctuation", true)
              ? LateSides.ids(tokenizer, LateSides.PUNCTUATION)
              : Set.<Integer>of();
      return LateFolder.checked(
          new LateModel(
              model,
              List.of(Dense.of(folder + ": linear.weight", linear), new Normalize()),
              texts(model, metadata, "query_token_id", "[unused0]", queries.length())
                  .with(Optional.of(queries), Set.of()),
              texts(model, metadata, "doc_token_id", "[unused1]", longest)
                  .with(Optional.empty(), skipped),
              false));
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  private static LateTexts texts(
      SentenceModel model, Config metadata, String key, String unlessNamed, int most) {
    var name = metadata.text(key, unlessNamed);
    int marker = LateSides.marker(model.texts().tokenizer(), metadata, key, name);
    return LateTexts.ALL.with(OptionalInt.of(marker), most);
  }

  private static LinearLayer linear(FolderSettings folder, Config metadata, int hidden) {
    try (var region = Region.open();
        var opened = OpenedFolder.open(folder.folder(), folder.config(), Loading.COPY, region)) {
      int outputs = LinearLayer.outputs(opened, "linear.weight");
      if (metadata.positive("dim", outputs) != outputs) {
        throw metadata.wrong("dim", "linear.weight has " + outputs + " rows");
      }
      return LinearLayer.of(opened.weights().at("linear"), outputs, hidden, false);
    }
  }
}
