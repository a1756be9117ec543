package io.lanewise.golden;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.lanewise.CheckpointException;
import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.Safetensors;
import io.lanewise.checkpoint.folder.JsonConfig;
import io.lanewise.family.Family;
import io.lanewise.model.Edits;
import io.lanewise.model.Head;
import io.lanewise.model.Inputs;
import io.lanewise.model.Model;
import io.lanewise.model.Options;
import io.lanewise.model.Saving;
import io.lanewise.tensor.DType;
import io.lanewise.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Saves a small random model of every family and head, with inputs and results beside it: {@code
 * SavedModels OUT}. {@code tools/reference/saved_models.py} loads them in transformers and
 * compares.
 */
public final class SavedModels {
  /** Ids of the separator, the padding and the end are not among the words. */
  private static final int FIRST_WORD = 4;

  private static final List<String> TYPES =
      List.of(
          "albert",
          "bart",
          "bert",
          "deberta",
          "deberta-v2",
          "distilbert",
          "electra",
          "longformer",
          "modernbert",
          "mpnet",
          "nezha",
          "roberta",
          "roformer",
          "xlm-roberta-xl");

  private static final int VOCABULARY = 43;
  private static final Options OPTIONS = Options.DEFAULT.withThreads(1).withSeed(11);

  /** One model to save. */
  public record Case(String name, Config config, Head head, Edits edits, Saving saving) {
    Case(String name, Config config, Head head) {
      this(name, config, head, Edits.NONE, Saving.DEFAULT);
    }

    /** The model, from its seed. */
    public Model model() {
      return Model.random(config, OPTIONS.withHead(head).withEdits(edits));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private SavedModels() {}

  /** Every family with every head, and what else may change the names or the shapes in a file. */
  public static List<Case> cases() {
    var cases = new ArrayList<Case>();
    for (var head : Head.values()) {
      for (var type : TYPES) {
        if (has(type, head)) {
          cases.add(new Case(type + "-" + head.suffix(), config(type), head));
        }
      }
    }
    for (var type : List.of("camembert", "xlm-roberta")) {
      cases.add(new Case(type, config(type), Head.MASKED_LM));
    }
    for (var type :
        List.of(
            "bert",
            "roberta",
            "albert",
            "bart",
            "deberta",
            "deberta-v2",
            "distilbert",
            "electra",
            "modernbert",
            "mpnet",
            "roformer",
            "xlm-roberta-xl")) {
      var untied = config(type).with("tie_word_embeddings", false);
      var head = type.equals("bart") ? Head.CONDITIONAL_GENERATION : Head.MASKED_LM;
      cases.add(new Case(type + "-untied", untied, head));
      var larger = Edits.NONE.withVocabulary(VOCABULARY + 5);
      cases.add(new Case(type + "-resized", config(type), head, larger, Saving.DEFAULT));
    }
    cases.add(
        new Case(
            "bart-causal-untied",
            config("bart").with("tie_word_embeddings", false),
            Head.CAUSAL_LM));
    for (var type : List.of("bert", "roberta", "albert")) {
      var relative = config(type).with("position_embedding_type", "relative_key_query");
      cases.add(new Case(type + "-relative", relative, Head.MODEL));
    }
    var heads = Map.of(0, Set.of(0, 3));
    var more = Map.of(0, Set.of(1), 1, Set.of(0, 3));
    for (var type :
        List.of(
            "albert",
            "bert",
            "distilbert",
            "electra",
            "nezha",
            "roberta",
            "roformer",
            "xlm-roberta-xl")) {
      var pruned = Edits.NONE.withPrunedHeads(type.equals("albert") ? heads : more);
      var head = Head.SEQUENCE_CLASSIFICATION;
      cases.add(new Case(type + "-pruned", config(type), head, pruned, Saving.DEFAULT));
    }
    var decoder = config("bert").with("is_decoder", true).with("add_cross_attention", true);
    cases.add(new Case("bert-decoder", decoder, Head.CAUSAL_LM));
    var labels = config("bert").with("num_labels", 5).with("problem_type", "regression");
    cases.add(new Case("bert-labels", labels, Head.SEQUENCE_CLASSIFICATION));
    cases.add(new Case("bert-labels-answers", labels, Head.QUESTION_ANSWERING));
    var shards = Saving.DEFAULT.withShardBytes(9000);
    cases.add(new Case("bert-sharded", config("bert"), Head.PRE_TRAINING, Edits.NONE, shards));
    for (var dtype : List.of(DType.F16, DType.BF16)) {
      var narrow = Edits.NONE.withDtype(dtype);
      cases.add(
          new Case("roberta-" + dtype, config("roberta"), Head.CAUSAL_LM, narrow, Saving.DEFAULT));
    }
    return cases;
  }

  private static boolean has(String type, Head head) {
    try {
      Family.type(type, Config.of(Map.of())).head(head);
      return true;
    } catch (CheckpointException e) {
      return false; // ModelTypeTest has the heads of each family
    }
  }

  private static Config config(String type) {
    var tree = JsonNodeFactory.instance.objectNode();
    tree.put("model_type", type).put("vocab_size", VOCABULARY).put("max_position_embeddings", 30);
    tree.put("pad_token_id", 1).put("eos_token_id", 2).put("sep_token_id", 2);
    if (type.equals("bart")) {
      tree.put("d_model", 24).put("init_std", 0.3);
      tree.put("encoder_layers", 2).put("encoder_attention_heads", 4).put("encoder_ffn_dim", 14);
      tree.put("decoder_layers", 3).put("decoder_attention_heads", 6).put("decoder_ffn_dim", 22);
      tree.put("decoder_start_token_id", 2).put("forced_eos_token_id", 2);
    } else {
      tree.put("hidden_size", 24).put("num_attention_heads", 4).put("intermediate_size", 14);
      tree.put("num_hidden_layers", 3).put("type_vocab_size", 2).put("initializer_range", 0.3);
    }
    switch (type) {
      case "albert" -> tree.put("embedding_size", 10);
      case "electra" -> tree.put("embedding_size", 10);
      case "distilbert" -> tree.put("hidden_dim", 14);
      case "deberta", "deberta-v2" ->
          tree.put("relative_attention", true).put("pos_att_type", "c2p|p2c");
      case "longformer" -> tree.put("attention_window", 4);
      case "modernbert" ->
          tree.put("local_attention", 4).put("cls_token_id", 3).put("bos_token_id", 3);
      case "roformer" -> tree.put("embedding_size", 10);
      case "nezha" -> tree.put("max_relative_position", 5);
      default -> {}
    }
    return JsonConfig.of(tree, "tiny " + type);
  }

  /** Inputs that every head of that number of dimensions takes. */
  public static Inputs inputs(Case given) {
    var random = new Random(given.name().hashCode());
    boolean choices = given.head() == Head.MULTIPLE_CHOICE;
    int length = 8;
    int sequences = choices ? 6 : 2;
    var ids = new long[sequences * length];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = random.nextLong(FIRST_WORD, VOCABULARY);
      if (i % length == 3 || i % length >= 6) {
        ids[i] = 2;
      }
    }
    var tensor = Tensor.of(ids, sequences, length);
    return Inputs.of(Map.of("input_ids", choices ? tensor.reshape(2, 3, length) : tensor));
  }

  /** Writes them all. */
  public static void main(String... arguments) throws Exception {
    var out = Files.createDirectories(Path.of(arguments[0]));
    for (var given : cases()) {
      var folder = out.resolve(given.name());
      try (var model = given.model()) {
        model.save(folder, given.saving());
        var inputs = inputs(given);
        Safetensors.write(folder.resolve("inputs.safetensors"), inputs.tensors());
        Safetensors.write(folder.resolve("actual.safetensors"), model.forward(inputs).tensors());
      }
    }
    System.out.println(cases().size() + " models in " + out);
  }
}
