"""What beside-onnx compares on: a folder that both engines load, with the same weights.

side_by_side.py FOLDER writes a BERT of the shape of all-MiniLM-L6-v2 (6 layers, 384 wide, random weights) as sentence-transformers would save it,
for Lanewise; model.onnx, for LangChain4j's OnnxEmbeddingModel, exported by torch; and texts.txt, 500 texts of mixed lengths, one a line.
"""

import json
import pathlib
import random
import sys

import torch
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

PROJECT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(PROJECT / "tools" / "reference"))
import tiny_tokenizers  # noqa: E402

VOCABULARY = 30522
LONGEST = 512
TEXTS = 500


def sentences():
    corpus = PROJECT / "tools" / "reference" / "tokenizer_corpus.txt"
    lines = [line for line in corpus.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    # LangChain4j's model splits into tokens, joins them, and splits again; beyond ASCII that does not always give the same.
    return [line for line in lines if line.isascii()]


def tokenizer(lines):
    """WordPiece trained on the sentences; unused tokens bring its table of embeddings to the size of BERT's."""
    trained = json.loads(tiny_tokenizers.word_piece(lines, VOCABULARY).to_str())
    vocabulary = trained["model"]["vocab"]
    for i in range(VOCABULARY - len(vocabulary)):
        vocabulary[f"[unused{i}]"] = len(vocabulary)
    return Tokenizer.from_str(json.dumps(trained))


def texts(lines, of):
    """From a few words to some hundred, most of them short, as the parts of a document collection are."""
    drawn = random.Random(7)
    written = []
    while len(written) < TEXTS:
        tokens = min(LONGEST - 8, int(drawn.lognormvariate(3.9, 0.9)) + 4)
        words = []
        while len(words) < tokens:
            words += drawn.choice(lines).split()
        while len(of.encode(" ".join(words)).ids) > tokens:
            words.pop()
        if words:
            written.append(" ".join(words))
    return written


def export(model, path):
    """The usual graph: three inputs, the last hidden state, any batch and length."""
    example = torch.ones(1, 8, dtype=torch.long)
    names = ["input_ids", "attention_mask", "token_type_ids"]
    axes = {name: {0: "batch", 1: "tokens"} for name in [*names, "last_hidden_state"]}
    torch.onnx.export(
        model, (example, example, torch.zeros_like(example)), str(path), input_names=names, output_names=["last_hidden_state"],
        dynamic_axes=axes, opset_version=17, dynamo=False)


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    lines = sentences()
    tokens = tokenizer(lines)
    PreTrainedTokenizerFast(
        tokenizer_object=tokens, model_max_length=LONGEST, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]",
        mask_token="[MASK]").save_pretrained(folder)
    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=VOCABULARY, hidden_size=384, num_hidden_layers=6, num_attention_heads=12, intermediate_size=1536,
        max_position_embeddings=LONGEST, attn_implementation="eager")
    model = BertModel(config, add_pooling_layer=False).eval()
    model.save_pretrained(folder)
    kinds = ["Transformer", "Pooling", "Normalize"]
    places = ["", "1_Pooling", "2_Normalize"]
    modules = [
        {"idx": i, "name": str(i), "path": places[i], "type": f"sentence_transformers.models.{kinds[i]}"} for i in range(len(kinds))]
    (folder / "modules.json").write_text(json.dumps(modules, indent=1))
    (folder / places[1]).mkdir(exist_ok=True)
    pooling = {"word_embedding_dimension": 384, "pooling_mode_mean_tokens": True}
    (folder / places[1] / "config.json").write_text(json.dumps(pooling, indent=1))
    (folder / "texts.txt").write_text("\n".join(texts(lines, tokens)) + "\n")
    with torch.no_grad():
        export(model, folder / "model.onnx")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(pathlib.Path(sys.argv[1]))
