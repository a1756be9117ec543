"""The same weights as files of other frameworks: tf_model.h5 and flax_model.msgpack.

The Flax file is written by the family's real Flax class. The Keras file is laid out as Keras 2 saves weights, with the
names that the family's TensorFlow class gives its variables; transformers' own conversion of these names checks them.
"""

import importlib
import re

import h5py
import numpy as np
from transformers.modeling_tf_pytorch_utils import convert_tf_weight_name_to_pt_weight_name as original

FLAX = {
    "distilbert": "transformers.models.distilbert.modeling_flax_distilbert",
    "electra": "transformers.models.electra.modeling_flax_electra",
    "roformer": "transformers.models.roformer.modeling_flax_roformer",
}
LAYERS = {"cls": "mlm___cls"}


def keras_name(name, tensor):
    """TensorFlow's name of a weight, without the model's, and its values as TensorFlow keeps them."""
    values = tensor.detach().float().numpy()
    path = name.split(".")
    path[0] = LAYERS.get(path[0], path[0])
    last = path[-1]
    if "norm" in path[-2].lower() and last in ("weight", "bias"):
        path[-1] = {"weight": "gamma", "bias": "beta"}[last]
    elif path[-2] == "rel_embeddings":
        path[-2:] = ["rel_embeddings.weight"]
    elif "embed" in path[-2] and path[-2] != "embeddings_project" or path[-2] == "relative_attention_bias":
        path[-1] = "weight" if path[-2] == "word_embeddings" else "embeddings"
    elif last == "weight":
        path[-1] = "kernel"
        values = values.T
    return re.sub(r"/layer/(\d+)/", r"/layer_._\1/", "/".join(path)), np.ascontiguousarray(values)


def is_tied(name):
    return name.endswith(("decoder.weight", "decoder.bias", "vocab_projector.weight", "generator_lm_head.weight"))


def keras(model, folder):
    scope = "TF" + type(model).__name__
    scope = re.sub(r"([a-z])([A-Z])", r"\1_\2", re.sub(r"(.)([A-Z][a-z0-9]+)", r"\1_\2", scope)).lower()
    layers = {}
    for name, tensor in model.state_dict().items():
        if is_tied(name):
            continue
        path, values = keras_name(name, tensor)
        back, _ = original(f"{scope}/{path}:0", tf_weight_shape=values.shape)
        assert back == name, (back, name)
        layers.setdefault(path.split("/")[0], {})[f"{scope}/{path}:0"] = values
    with h5py.File(folder / "tf_model.h5", "w", track_order=False) as file:
        file.attrs["layer_names"] = [name.encode() for name in layers]
        file.attrs["backend"] = b"tensorflow"
        for layer, weights in layers.items():
            group = file.create_group(layer)
            group.attrs["weight_names"] = [name.encode() for name in weights]
            for name, values in weights.items():
                group.create_dataset(name, data=values)
    return "tf_model.h5"


def flax(model, folder):
    module = importlib.import_module(FLAX[model.config.model_type])
    made = getattr(module, "Flax" + type(model).__name__).from_pretrained(folder, from_pt=True)
    made.save_pretrained(folder)
    return "flax_model.msgpack"


WRITERS = {"h5": keras, "msgpack": flax}
