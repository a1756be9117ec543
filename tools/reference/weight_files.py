#!/usr/bin/env python3
"""Makes src/test/resources/weight-files: tensors as PyTorch, Flax and TensorFlow save them, each
set beside the same tensors as safetensors, under PyTorch's names.

torch_zip.bin, torch_protocol4.bin and torch_legacy.bin hold one state
dict with every oddity that a checkpoint can have: views with strides and offsets, one storage under
several tensors, parameters, an OrderedDict with metadata, all element types, empty and scalar
tensors, and a value that is no tensor.

flax.msgpack holds arrays of all types, a scalar, and large ones in pieces (the limit is lowered to
make them small). keras.h5 is laid out as Keras 2 saves weights, with the names of TensorFlow's
models, one of them twice; keras_shard.h5 as Hugging Face saves one file of several.

The old format of torch names storages by their addresses, so torch_legacy.bin has other bytes each time, and the same tensors.
"""

import io
from collections import OrderedDict

import h5py
import ml_dtypes
import numpy as np
import torch
from flax import serialization
from safetensors.numpy import save_file as save_arrays
from safetensors.torch import save_file

import common
import compare
import golden_files


def state():
    torch.manual_seed(1)
    table = torch.randn(7, 5)
    cube = torch.randn(2, 3, 4)
    tensors = OrderedDict()
    tensors["plain"] = torch.randn(3, 2)
    tensors["table"] = table
    tensors["table.transposed"] = table.t()
    tensors["table.rows"] = table[2:5]
    tensors["table.columns"] = table[:, 1:4]
    tensors["table.column"] = table[:, 3]
    tensors["table.steps"] = table[::2, ::3]
    tensors["table.again"] = table
    tensors["cube.permuted"] = cube.permute(2, 0, 1)
    tensors["cube.swapped"] = cube.transpose(1, 2)
    tensors["one.wide"] = torch.randn(4, 1).t()
    tensors["wide.transposed"] = torch.randn(70, 90).t()
    tensors["parameter"] = torch.nn.Parameter(torch.randn(2, 2))
    tensors["parameter.fixed"] = torch.nn.Parameter(torch.randn(2), requires_grad=False)
    tensors["scalar"] = torch.tensor(2.5)
    tensors["empty"] = torch.zeros(0, 4)
    for dtype in (torch.float16, torch.bfloat16, torch.float64):
        tensors[str(dtype)[6:]] = torch.tensor([[1.5, -2.0, 1e-7], [65504, 0.1, 3.0]]).to(dtype)
    for dtype in (torch.int64, torch.int32, torch.int16, torch.int8):
        tensors[str(dtype)[6:]] = torch.tensor([-3, 0, 100], dtype=dtype)
    tensors["uint8"] = torch.tensor([0, 1, 255], dtype=torch.uint8)
    tensors["bool"] = torch.tensor([True, False])
    return tensors


def flax(out):
    rng = np.random.default_rng(2)
    f32 = lambda *shape: rng.standard_normal(shape, dtype=np.float32)
    norm, dense, wide = f32(4), f32(3, 5), f32(40, 30)
    half, brain, double = f32(2, 3), f32(2, 3), rng.standard_normal((2, 3))
    params = {
        "model": {
            "norm": {"scale": norm, "bias": norm + 1},
            "layers": {"0": {"dense": {"kernel": dense, "bias": dense[0]}}},
            "words": {"embedding": wide},
            "wide": {"kernel": wide},
            "half": {"kernel": half.astype(np.float16)},
            "brain": {"kernel": brain.astype(ml_dtypes.bfloat16)},
            "double": {"bias": double},
        },
        "counts": {"bias": np.array([1, -2], dtype=np.int32)},
        "final_logits_bias": f32(1, 6),
        "scalar": np.float32(2.5),
        "step": 7,
    }
    serialization.MAX_CHUNK_SIZE = 1000
    (out / "flax.msgpack").write_bytes(serialization.msgpack_serialize(params))
    save_arrays(
        {
            "model.norm.weight": norm,
            "model.norm.bias": norm + 1,
            "model.layers.0.dense.weight": dense.T.copy(),
            "model.layers.0.dense.bias": dense[0],
            "model.words.weight": wide,
            "model.wide.weight": wide.T.copy(),
            "model.half.weight": half.astype(np.float16).T.copy(),
            "model.brain.weight": brain.astype(ml_dtypes.bfloat16).astype(np.float32).T.copy(),
            "model.double.bias": double,
            "counts.bias": params["counts"]["bias"],
            "final_logits_bias": params["final_logits_bias"],
            "scalar": np.array(2.5, dtype=np.float32),
        },
        out / "flax.safetensors",
    )


def keras(out):
    rng = np.random.default_rng(3)
    f32 = lambda *shape: rng.standard_normal(shape, dtype=np.float32)
    words, kernel, bias, head = f32(9, 4), f32(4, 6), f32(6), f32(4, 2).astype(np.float16)
    scope = "tf_bert_for_pre_training/"
    layers = {
        "bert": {
            scope + "bert/embeddings/word_embeddings/weight:0": words,
            scope + "bert/embeddings/position_embeddings/embeddings:0": words[:5],
            scope + "bert/encoder/layer_._0/attention/self/query/kernel:0": kernel,
            scope + "bert/encoder/layer_._0/attention/self/query/bias:0": bias,
            scope + "bert/encoder/layer_._11/output/LayerNorm/gamma:0": bias + 1,
            scope + "bert/encoder/layer_._11/output/LayerNorm/beta:0": bias + 2,
        },
        "mlm___cls": {
            scope + "mlm___cls/predictions/bias:0": bias,
            scope + "bert/embeddings/word_embeddings/weight:0": words,
        },
        "nsp___cls": {scope + "nsp___cls/seq_relationship/kernel:0": head},
        "final_logits_bias": {"final_logits_bias:0": f32(1, 6)},
        "model.shared": {"model.shared/model.shared/embeddings:0": words},
        "dropout_37": {},
    }
    expected = {
        "bert.embeddings.word_embeddings.weight": words,
        "bert.embeddings.position_embeddings.weight": words[:5],
        "bert.encoder.layer.0.attention.self.query.weight": kernel.T.copy(),
        "bert.encoder.layer.0.attention.self.query.bias": bias,
        "bert.encoder.layer.11.output.LayerNorm.weight": bias + 1,
        "bert.encoder.layer.11.output.LayerNorm.bias": bias + 2,
        "cls.predictions.bias": bias,
        "cls.seq_relationship.weight": head.T.copy(),
        "final_logits_bias": layers["final_logits_bias"]["final_logits_bias:0"],
        "model.shared.weight": words,
    }
    # Keras splits lists of names that are too long for one attribute.
    golden_files.write_keras(out / "keras.h5", layers, split={"bert": 3}, backend=b"tensorflow")
    save_arrays(expected, out / "keras.safetensors")
    with h5py.File(out / "keras_shard.h5", "w") as file:
        for weights in layers.values():
            for name, weight in weights.items():
                whole = "model." in name or "/" not in name
                short = name if whole else name.split("/", 1)[1]
                if short not in file:
                    file.create_dataset(short, data=weight)
    with h5py.File(out / "keras_compressed.h5", "w") as file:
        group = file.create_group("dense")
        group.attrs["weight_names"] = [b"model/dense/kernel:0"]
        group.create_dataset("model/dense/kernel:0", data=kernel, compression="gzip")
    with h5py.File(out / "keras_link.h5", "w") as file:
        group = file.create_group("dense")
        group.attrs["weight_names"] = [b"model/dense/kernel:0"]
        group["kernel:0"] = h5py.ExternalLink("keras.h5", "/bert")


def make(out):
    flax(out)
    keras(out)
    tensors = state()
    small = {name: tensor.detach().contiguous().clone() for name, tensor in tensors.items()}
    save_file(small, out / "torch.safetensors")
    tensors._metadata = OrderedDict([("", {"version": 1})])
    tensors["step"] = 100
    torch.save(tensors, out / "torch_zip.bin")
    torch.save(dict(tensors), out / "torch_protocol4.bin", pickle_protocol=4)
    torch.save(tensors, out / "torch_legacy.bin", _use_new_zipfile_serialization=False)


def same_state(one, other):
    """Compares two files of torch by what they hold."""
    one, other = (torch.load(io.BytesIO(data), weights_only=True) for data in (one, other))
    if list(one) != list(other):
        raise compare.Different(f"other names: {list(one)} and {list(other)}")
    for name, value in one.items():
        same = torch.equal(value, other[name]) if torch.is_tensor(value) else value == other[name]
        if not same:
            raise compare.Different(f"{name} has other values")
    return 0.0


if __name__ == "__main__":
    common.main(__doc__, make, "weight-files", ["torch", "flax", "h5py"], same={".bin": same_state})
