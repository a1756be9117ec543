"""Writes the files of a golden case: config.json in the styles of several versions, weights in the ways that checkpoints have them,
and the same weights for TensorFlow and Flax."""

import json
import pathlib
import re
import tempfile

import torch
import transformers
from safetensors.torch import load_file, save_file

import common

VERSIONS = {"4": "4.37.2", "5": "5.12.1", "old": "4.0.0"}
OLD_KEYS = {
    "gradient_checkpointing": False, "output_past": True, "finetuning_task": None,
    "task_specific_params": {"summarization": {"length_penalty": 1.0, "max_length": 128}}, "directionality": "bidi",
    "net_structure_type": 0}


# --- config.json -------------------------------------------------------------------------------------------------------------


def write_config(folder, model, case):
    """4: as version 4 of transformers writes it; 5: as version 5; minimal: only what differs from the class; old: with stale keys."""
    config = model.config
    settings = json.loads(config.to_json_string())
    settings = {key: settings[key] for key in sorted(settings) if key not in ("dtype", "torch_dtype", "transformers_version")}
    if case.style == "minimal":
        usual = json.loads(type(config)().to_json_string(use_diff=False))
        kept = {"architectures", "model_type"}
        settings = {key: value for key, value in settings.items() if key in kept or key not in usual or usual[key] != value}
    else:
        settings["transformers_version"] = VERSIONS[case.style]
        settings = dict(sorted(settings.items()))
        settings["dtype" if case.style == "5" else "torch_dtype"] = str(case.dtype).removeprefix("torch.")
    if case.style == "old":
        settings |= OLD_KEYS
    common.write_json(folder / "config.json", settings)


# --- weights -----------------------------------------------------------------------------------------------------------------


def draw(model):
    """Weights whose differences show: of norms around 1, of biases smaller than those of matrices, of embeddings larger."""
    for name, parameter in model.named_parameters():
        values = torch.randn_like(parameter)
        wide = 0.1 if parameter.dim() == 1 else 0.5 if "embed" in name or "shared" in name else 0.2
        if model.config.model_type == "bart" and wide == 0.5:
            wide = 0.33
        norm = parameter.dim() == 1 and name.endswith(("LayerNorm.weight", "layer_norm.weight", "layernorm_embedding.weight"))
        parameter.data.copy_(1 + 0.2 * values if norm else wide * values)
    if hasattr(model, "final_logits_bias"):
        model.final_logits_bias.copy_(torch.randn_like(model.final_logits_bias) * 0.3)


def extra_tensors():
    """What a checkpoint may hold beside the model's own tensors."""
    return {
        "roberta.embeddings.position_ids": torch.arange(40)[None], "scalar_i8": torch.tensor(3, dtype=torch.int8),
        "flag": torch.tensor([True, False]), "zero_size": torch.zeros(0, 4), "encoder.version": torch.tensor([3.0]),
        "unrelated.module.weight": torch.randn(3, 5)}


def old_name(name):
    return re.sub(r"(LayerNorm)\.(weight|bias)$", lambda m: m[1] + (".gamma" if m[2] == "weight" else ".beta"), name)


def write_weights(folder, model, files):
    """Saves the model and returns the names of its files."""
    if "pickle" in files:
        state = {name: value.clone() for name, value in model.state_dict().items()}
        torch.save(state, folder / "pytorch_model.bin", _use_new_zipfile_serialization=files == "pickle")
        return ["pytorch_model.bin"]
    with torch.no_grad():
        if files == "nan":
            model.bert.encoder.layer[0].attention.self.query.weight[1, 2] = float("nan")
        with tempfile.TemporaryDirectory() as scratch:
            model.save_pretrained(scratch, max_shard_size="24KB" if files == "sharded" else "5GB")
            names = sorted(path.name for path in pathlib.Path(scratch).glob("model*.safetensors*"))
            common.copy_beside(pathlib.Path(scratch), folder, [*names, "generation_config.json"])
    if files in ("old names", "extra tensors"):
        tensors = load_file(folder / "model.safetensors")
        tensors = {old_name(name): value for name, value in tensors.items()} if files == "old names" else tensors | extra_tensors()
        save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    return names


# --- other frameworks --------------------------------------------------------------------------------------------------------


def write_flax(folder, architecture):
    """flax_model.msgpack, as the class of Flax saves it."""
    kind = getattr(transformers, "Flax" + architecture.removeprefix("Flax"))
    with tempfile.TemporaryDirectory() as scratch:
        kind.from_pretrained(folder, from_pt=True).save_pretrained(scratch)
        common.copy_beside(pathlib.Path(scratch), folder, ["flax_model.msgpack"])


def keras_name(name, shape):
    """The name that TensorFlow's models give a tensor, and whether it lies there transposed."""
    path, _, part = name.rpartition(".")
    path = re.sub(r"(layer|albert_layer_groups|albert_layers)/(\d+)", r"\1_._\2", path.replace(".", "/"))
    if path.lower().endswith(("layernorm", "layer_norm")):
        return f"{path}/{'gamma' if part == 'weight' else 'beta'}:0", False
    if path.endswith("word_embeddings"):
        return f"{path}/weight:0", False
    if path.endswith("embeddings"):
        return f"{path}/embeddings:0", False
    return f"{path}/{'kernel' if part == 'weight' else 'bias'}:0", part == "weight" and len(shape) == 2


def keras_layers(model, architecture):
    """The tensors by layer and name, as the class of TensorFlow saves them: its heads hold the embeddings once more."""
    scope = "tf_" + re.sub(r"(?<=[a-z])(?=[A-Z])", "_", architecture).lower() + "/"
    base = model.base_model_prefix
    layers = {}
    for name, value in model.state_dict().items():
        name = name if hasattr(model, base) else f"{base}.{name}"
        if name.endswith("decoder.weight") or name == "lm_head.decoder.bias":
            continue  # the embeddings, and a copy of the bias
        found, transposed = keras_name(name, value.shape)
        layers.setdefault(name.partition(".")[0], {})[scope + found] = (value.T if transposed else value).contiguous().numpy()
    embeddings = {name: value for name, value in layers[base].items() if "/embeddings/" in name}
    for layer in layers:
        if layer in ("predictions", "lm_head"):
            layers[layer] |= embeddings
    return layers


def write_keras(path, layers, split=(), names_as=list, **attributes):
    """A file as Keras 2 saves weights: a group for each layer, with the names of its weights as an attribute.

    split: layers whose names are too long for one attribute, with where the second begins; names_as: how h5py is given lists of
    names, which it writes as strings of any length (list) or of one length (numpy.array).
    """
    import h5py

    with h5py.File(path, "w") as file:
        file.attrs["layer_names"] = names_as([name.encode() for name in layers])
        for name, value in attributes.items():
            file.attrs[name] = value
        for layer, weights in layers.items():
            group = file.create_group(layer)
            names = [name.encode() for name in weights]
            cut = dict(split).get(layer)
            parts = {"weight_names": names} if cut is None else {"weight_names0": names[:cut], "weight_names1": names[cut:]}
            for key, part in parts.items():
                group.attrs[key] = names_as(part)
            for name, weight in weights.items():
                group.create_dataset(name, data=weight)


def write_tensorflow(folder, model, architecture):
    """tf_model.h5, laid out as TensorFlow's class saves it; TensorFlow itself is not needed."""
    import h5py
    import numpy

    path = folder / "tf_model.h5"
    layers = keras_layers(model, architecture)
    write_keras(path, layers, names_as=numpy.array, backend="tensorflow", keras_version="2.15.0")
    with h5py.File(path, "a") as file:
        file.create_group("top_level_model_weights").attrs["weight_names"] = []


def keras_contents(path):
    """All attributes and arrays of a file."""
    import h5py

    found = {}
    with h5py.File(path) as file:
        def add(name, item):
            for key, value in item.attrs.items():
                value = value.tolist() if hasattr(value, "tolist") else value
                found[f"{name}@{key}"] = value.decode() if isinstance(value, bytes) else value
            if isinstance(item, h5py.Dataset):
                found[name] = (str(item.dtype), item.shape, item[()].tobytes())
        add("", file)
        file.visititems(add)
    return found
