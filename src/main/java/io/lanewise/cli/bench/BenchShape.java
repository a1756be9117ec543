package io.lanewise.cli.bench;

import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.folder.JsonConfig;
import io.lanewise.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Optional;

/** Models of well-known sizes, for measuring with random weights: a name and a config.json. */
public enum BenchShape {
  ALBERT_BASE(
      "albert-base",
      """
      {
        "model_type": "albert",
        "architectures": ["AlbertModel"],
        "vocab_size": 30000,
        "embedding_size": 128,
        "hidden_size": 768,
        "num_hidden_layers": 12,
        "num_hidden_groups": 1,
        "inner_group_num": 1,
        "num_attention_heads": 12,
        "intermediate_size": 3072,
        "hidden_act": "gelu_new",
        "max_position_embeddings": 512,
        "type_vocab_size": 2,
        "initializer_range": 0.02,
        "layer_norm_eps": 1e-12
      }
      """),
  /** An encoder-decoder: for {@code --generate}. */
  BART_BASE(
      "bart-base",
      """
      {
        "model_type": "bart",
        "architectures": ["BartForConditionalGeneration"],
        "vocab_size": 50265,
        "d_model": 768,
        "encoder_layers": 6,
        "decoder_layers": 6,
        "encoder_attention_heads": 12,
        "decoder_attention_heads": 12,
        "encoder_ffn_dim": 3072,
        "decoder_ffn_dim": 3072,
        "activation_function": "gelu",
        "max_position_embeddings": 1024,
        "init_std": 0.02,
        "forced_eos_token_id": null
      }
      """),
  BERT_BASE(
      "bert-base",
      """
      {
        "model_type": "bert",
        "architectures": ["BertModel"],
        "vocab_size": 30522,
        "hidden_size": 768,
        "num_hidden_layers": 12,
        "num_attention_heads": 12,
        "intermediate_size": 3072,
        "hidden_act": "gelu",
        "max_position_embeddings": 512,
        "type_vocab_size": 2,
        "initializer_range": 0.02,
        "layer_norm_eps": 1e-12
      }
      """),
  DEBERTA_V3_BASE(
      "deberta-v3-base",
      """
      {
        "model_type": "deberta-v2",
        "architectures": ["DebertaV2Model"],
        "vocab_size": 128100,
        "hidden_size": 768,
        "num_hidden_layers": 12,
        "num_attention_heads": 12,
        "intermediate_size": 3072,
        "hidden_act": "gelu",
        "max_position_embeddings": 512,
        "max_relative_positions": -1,
        "position_buckets": 256,
        "relative_attention": true,
        "pos_att_type": "p2c|c2p",
        "share_att_key": true,
        "norm_rel_ebd": "layer_norm",
        "position_biased_input": false,
        "type_vocab_size": 0,
        "initializer_range": 0.02,
        "layer_norm_eps": 1e-7
      }
      """),
  DISTILBERT_BASE(
      "distilbert-base",
      """
      {
        "model_type": "distilbert",
        "architectures": ["DistilBertModel"],
        "vocab_size": 30522,
        "dim": 768,
        "n_layers": 6,
        "n_heads": 12,
        "hidden_dim": 3072,
        "activation": "gelu",
        "max_position_embeddings": 512,
        "initializer_range": 0.02
      }
      """),
  /** With one global token: what its head for sequences does when no mask is given. */
  LONGFORMER_BASE(
      "longformer-base",
      """
      {
        "model_type": "longformer",
        "architectures": ["LongformerForSequenceClassification"],
        "vocab_size": 50265,
        "hidden_size": 768,
        "num_hidden_layers": 12,
        "num_attention_heads": 12,
        "intermediate_size": 3072,
        "hidden_act": "gelu",
        "attention_window": 512,
        "max_position_embeddings": 16386,
        "type_vocab_size": 1,
        "pad_token_id": 1,
        "sep_token_id": 2,
        "initializer_range": 0.02,
        "layer_norm_eps": 1e-5
      }
      """),
  /** The size of all-MiniLM-L6-v2 and its kin, which most people embed and rerank with. */
  MINILM_L6(
      "minilm-l6",
      """
      {
        "model_type": "bert",
        "architectures": ["BertModel"],
        "vocab_size": 30522,
        "hidden_size": 384,
        "num_hidden_layers": 6,
        "num_attention_heads": 12,
        "intermediate_size": 1536,
        "hidden_act": "gelu",
        "max_position_embeddings": 512,
        "type_vocab_size": 2,
        "initializer_range": 0.02,
        "layer_norm_eps": 1e-12
      }
      """),
  /** Two of three layers see a window of 128 tokens. */
  MODERNBERT_BASE(
      "modernbert-base",
      """
      {
        "model_type": "modernbert",
        "architectures": ["ModernBertModel"],
        "vocab_size": 50368,
        "hidden_size": 768,
        "num_hidden_layers": 22,
        "num_attention_heads": 12,
        "intermediate_size": 1152,
        "hidden_activation": "gelu",
        "max_position_embeddings": 8192,
        "global_attn_every_n_layers": 3,
        "global_rope_theta": 160000.0,
        "local_attention": 128,
        "local_rope_theta": 10000.0,
        "pad_token_id": 50283,
        "initializer_range": 0.02,
        "norm_eps": 1e-5
      }
      """);

  private final String label;
  private final String config;

  BenchShape(String label, String config) {
    this.label = label;
    this.config = config;
  }

  /** As it is written on the command line. */
  String label() {
    return label;
  }

  /** Its config.json. */
  public Config config() {
    return JsonConfig.of(Json.parse(config.getBytes(StandardCharsets.UTF_8), label), label);
  }

  public static Optional<BenchShape> named(String label) {
    return Arrays.stream(values()).filter(shape -> shape.label.equals(label)).findAny();
  }

  /** All labels, for the help text. */
  public static final class Labels implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(values()).map(BenchShape::label).iterator();
    }
  }
}
