package io.lanewise.tokenizer.files;

import io.lanewise.TokenizerException;
import io.lanewise.tokenizer.pipeline.PostProcessor;
import io.lanewise.tokenizer.pipeline.Template;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Reads the {@code post_processor} of a tokenizer.json (processors/*.rs in Hugging Face's
 * tokenizers library).
 */
final class PostProcessorJson {
  private static final int MOST_PARTS = 1024;

  /** The most texts in a template; each repeats all tokens of a text. */
  private static final int MOST_TEXTS = 8;

  private static final Predicate<Template.Part> SEQUENCES = Template.Sequence.class::isInstance;

  private PostProcessorJson() {}

  static PostProcessor read(JsonPart part) {
    if (part.isNull()) {
      return PostProcessor.NONE;
    }
    return switch (part.type()) {
      case "Sequence" -> sequence(part.get("processors"));
      case "BertProcessing" ->
          new PostProcessor(Template.bert(id(part.get("cls")), id(part.get("sep"))), null);
      case "ByteLevel" -> new PostProcessor(Template.BARE, trim(part));
      case "RobertaProcessing" ->
          new PostProcessor(Template.roberta(id(part.get("cls")), id(part.get("sep"))), trim(part));
      case "TemplateProcessing" -> {
        var specials = specials(part);
        yield new PostProcessor(
            new Template(
                parts(part.get("single"), specials, 1), parts(part.get("pair"), specials, 2)),
            null);
      }
      default -> throw part.unknown("post-processor");
    };
  }

  /**
   * {@code Sequence} (processors/sequence.rs): one after the other; at most one of them may add
   * special tokens.
   */
  private static PostProcessor sequence(JsonPart part) {
    var all = PostProcessor.NONE;
    for (var step : part.steps()) {
      var next = read(step);
      boolean both =
          !all.template().equals(Template.BARE) && !next.template().equals(Template.BARE);
      if (both || (all.trim() != null && next.trim() != null)) {
        throw new TokenizerException(
            step.where() + ": a second \"" + step.type() + "\" in one sequence is not known");
      }
      all =
          new PostProcessor(
              next.template().equals(Template.BARE) ? all.template() : next.template(),
              next.trim() == null ? all.trim() : next.trim());
    }
    return all;
  }

  private static PostProcessor.Trim trim(JsonPart part) {
    return part.bool("trim_offsets", true)
        ? new PostProcessor.Trim(part.bool("add_prefix_space", true))
        : null;
  }

  /** The id in {@code ["</s>", 2]}. */
  private static int id(JsonPart part) {
    var pair = part.items();
    if (pair.size() != 2 || !pair.getFirst().node().isTextual()) {
      throw part.wrong("a token and its id");
    }
    return natural(pair.getLast());
  }

  private static int natural(JsonPart part) {
    int id = part.integer();
    if (id < 0) {
      throw part.wrong("an id of 0 or more");
    }
    return id;
  }

  private static Map<String, List<Integer>> specials(JsonPart part) {
    var specials = new HashMap<String, List<Integer>>();
    var tokens = part.get("special_tokens");
    for (var name : tokens.node().properties()) {
      var ids = tokens.find(name.getKey()).get("ids");
      specials.put(name.getKey(), ids.items().stream().map(PostProcessorJson::natural).toList());
    }
    return specials;
  }

  private static List<Template.Part> parts(
      JsonPart pieces, Map<String, List<Integer>> specials, int texts) {
    var parts = new ArrayList<Template.Part>();
    for (var piece : pieces.items()) {
      if (!piece.find("SpecialToken").isNull()) {
        var special = piece.get("SpecialToken");
        var ids = specials.get(special.get("id").text());
        if (ids == null) {
          throw special.wrong("one of the special_tokens");
        }
        for (int id : ids) {
          parts.add(new Template.Special(id, special.integer("type_id", 0)));
        }
      } else {
        var sequence = piece.get("Sequence");
        int index = "A".equals(sequence.get("id").text()) ? 0 : 1;
        if (index >= texts) {
          throw sequence.wrong("the sequence A");
        }
        parts.add(new Template.Sequence(index, sequence.integer("type_id", 0)));
      }
    }
    if (parts.size() > MOST_PARTS || parts.stream().filter(SEQUENCES).count() > MOST_TEXTS) {
      throw pieces.wrong(
          "a template of at most %d parts, %d of them texts".formatted(MOST_PARTS, MOST_TEXTS));
    }
    return parts;
  }
}
