"""Parts of folders of embedders: tokenizers, tiny models, modules as sentence-transformers lays them out."""

import json
import tempfile
import zlib
from pathlib import Path

import numpy as np
import torch
import transformers as hf
from safetensors.torch import save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors

from families.arrays import gelu, sigmoid, silu
from families.golden import randomize, seed

WORDS = ("the capital of france is paris rome in italy , . ! pizza a gripping film madrid spain sky blue rain began to eat "
         "with fork ##s ##ed").split()
QUERIES = ["capital of france", "pizzas", "is the film in rome , italy ! or in madrid , spain ?"]
DOCUMENTS = ["Paris is the capital of France .", "a gripping film !", "it rained", "the sky is blue , and the rain began to eat pizza"]
PUNCTUATION = list("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
WIDTH = 12
TRANSFORMER = "sentence_transformers.base.modules.transformer.Transformer"
DENSE = "sentence_transformers.base.modules.dense.Dense"
SPLADE = "sentence_transformers.sparse_encoder.modules.splade_pooling.SpladePooling"
POOLING = "sentence_transformers.sentence_transformer.modules.pooling.Pooling"
NORMALIZE = "sentence_transformers.base.modules.normalize.Normalize"
MASK = "sentence_transformers.multi_vector_encoder.modules.multi_vector_mask.MultiVectorMask"
NAMES = {
    "Identity": ("torch.nn.modules.linear.Identity", lambda x: x), "Tanh": ("torch.nn.modules.activation.Tanh", np.tanh),
    "Sigmoid": ("torch.nn.modules.activation.Sigmoid", sigmoid), "GELU": ("torch.nn.modules.activation.GELU", gelu),
    "SiLU": ("torch.nn.modules.activation.SiLU", silu), "ReLU": ("torch.nn.modules.activation.ReLU", lambda x: np.maximum(x, 0))}


def write(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n")


def rounded(value):
    return np.round(np.asarray(value, dtype=float), 6).tolist()


def tidy(folder):
    """Takes away what tokenizer.json holds too, and its spaces."""
    for name in ("vocab.txt", "special_tokens_map.json"):
        (folder / name).unlink(missing_ok=True)
    path = folder / "tokenizer.json"
    path.write_text(json.dumps(json.loads(path.read_text()), ensure_ascii=False, separators=(",", ":")) + "\n")


def wordpiece(folder, added=()):
    """A BERT tokenizer in the folder."""
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "[unused0]", "[unused1]", *WORDS]
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "vocab.txt"
        path.write_text("\n".join(vocabulary) + "\n")
        tokenizer = hf.BertTokenizerFast(str(path), model_max_length=16)
        if added:
            tokenizer.add_tokens(list(added))
        tokenizer.save_pretrained(folder)
    tidy(folder)
    return tokenizer


def unigram(folder):
    """A tokenizer as XLM-RoBERTa's in the folder."""
    pieces = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), *(("▁" + word, -4 - i / 50) for i, word in enumerate(WORDS)),
              ("▁", -8.0), ("s", -8.5), ("<mask>", 0.0)]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=3))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "tokenizer.json"
        tokenizer.save(str(path))
        made = hf.XLMRobertaTokenizerFast(tokenizer_file=str(path), model_max_length=16)
        made.save_pretrained(folder)
    tidy(folder)
    return made


def body(folder, cls, tokenizer, **settings):
    """A tiny model of this class in the folder; its weights, in half precision in the file."""
    sizes = dict(hidden_size=WIDTH, num_attention_heads=3, intermediate_size=10, num_hidden_layers=2, max_position_embeddings=20)
    if cls is hf.DistilBertForMaskedLM:
        sizes = dict(dim=WIDTH, n_heads=3, hidden_dim=10, n_layers=1, max_position_embeddings=20)
    model = cls(cls.config_class(**{**sizes, "vocab_size": len(tokenizer), **settings})).eval()
    seed(folder.name)
    randomize(model)
    model.half().save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
    return model.double()


def edit(path, **values):
    write(path, {**json.loads(path.read_text()), **values})


def tensors(path, **arrays):
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file({name: torch.tensor(value, dtype=torch.float32).contiguous() for name, value in arrays.items()}, path,
              metadata={"format": "pt"})


def draw(folder, *shape):
    """Numbers by the folder's name and the shape, as they stand in a file of single precision."""
    rng = np.random.default_rng([zlib.crc32(folder.name.encode()), *shape])
    return (rng.standard_normal(shape) * 0.4).astype(np.float32).astype(float)


def modules(folder, kind, parts, prompts=None, **settings):
    write(folder / "modules.json", [
        {"idx": i, "name": str(i), "path": path, "type": type} for i, (path, type) in enumerate(parts)])
    write(folder / "config_sentence_transformers.json", {
        "model_type": kind, "prompts": prompts or {}, "default_prompt_name": None, "similarity_fn_name": None, **settings})


def transformer(folder, task="feature-extraction", **settings):
    output = "logits" if task == "fill-mask" else "last_hidden_state"
    write(folder / "sentence_bert_config.json", {
        "transformer_task": task, "modality_config": {"text": {"method": "forward", "method_output_name": output}},
        "module_output_name": "token_embeddings", **settings})


def run(model, encoded, output="last_hidden_state"):
    """What the body gives for padded rows of ids, an array [rows, tokens, width]."""
    with torch.no_grad():
        return model(**{name: torch.tensor(value) for name, value in encoded.items()})[output].numpy()


def encode(tokenizer, texts, limit=16):
    encoded = tokenizer(texts, padding=True, truncation=True, max_length=limit, return_tensors="np")
    return {"input_ids": encoded["input_ids"], "attention_mask": encoded["attention_mask"]}


def normalized(x):
    return x / np.maximum(np.linalg.norm(x, axis=-1, keepdims=True), 1e-12)
