"""Models of transformers in well-known sizes, with random weights."""


def build(kind, **more):
    """bert, albert, longformer, distilbert, modernbert or deberta-v3; more: settings, such as how attention is computed."""
    import torch, transformers as t  # not before torch_passes.answers()
    torch.manual_seed(0)
    if kind == "albert":
        model = t.AlbertModel(t.AlbertConfig(hidden_size=768, num_attention_heads=12, intermediate_size=3072, **more), add_pooling_layer=False)
    elif kind == "longformer":
        model = t.LongformerForSequenceClassification(
            t.LongformerConfig(max_position_embeddings=16386, type_vocab_size=1, attention_window=[512] * 12, **more))  # token 0 is global
    elif kind == "distilbert":
        model = t.DistilBertModel(t.DistilBertConfig(**more))
    elif kind == "modernbert":
        model = t.ModernBertModel(t.ModernBertConfig(reference_compile=False, **more))
    elif kind == "deberta-v3":
        model = t.DebertaV2Model(t.DebertaV2Config(
            hidden_size=768, num_hidden_layers=12, num_attention_heads=12, intermediate_size=3072, relative_attention=True, position_buckets=256,
            pos_att_type=["p2c", "c2p"], share_att_key=True, norm_rel_ebd="layer_norm", position_biased_input=False, **more))
    else:
        model = t.BertModel(t.BertConfig(vocab_size=30000, **more), add_pooling_layer=False)
    return model.eval()
