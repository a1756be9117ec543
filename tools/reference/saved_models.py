#!/usr/bin/env python3
"""Loads models that Lanewise saved in transformers and compares the results: saved_models.py FOLDER...

Each FOLDER holds a saved model, or several of them, each with inputs.safetensors and actual.safetensors
(io.lanewise.golden.SavedModels writes such folders). A model passes if transformers finds every tensor that
its class has and no other, and gives the same numbers within 1e-5 of the largest.
"""

import json
import pathlib
import sys

import torch
import transformers
from safetensors import safe_open
from safetensors.torch import load_file

import common
import golden

TOLERANCE = 1e-5


def stored_dtypes(folder):
    found = set()
    for path in folder.glob("model*.safetensors"):
        with safe_open(path, "pt") as file:
            found |= {str(file.get_slice(key).get_dtype()) for key in file.keys()}
    return found


def check(folder):
    config = json.loads((folder / "config.json").read_text())
    cls = golden.class_named(config["architectures"][0])
    model, info = cls.from_pretrained(folder, output_loading_info=True, attn_implementation="eager")
    # RoFormer's table of sines is saved by transformers alone, which computes it where it is missing
    info["missing_keys"] = [name for name in info["missing_keys"] if not name.endswith("encoder.embed_positions.weight")]
    faults = {key: value for key, value in info.items() if value}
    model.eval()
    model.config.use_cache = False  # transformers counts the encoder's layers for BART's cache
    inputs = load_file(folder / "inputs.safetensors")
    with torch.inference_mode():
        expected = {name: tensor for name, tensor in golden.flatten(model(**inputs)).items() if torch.is_tensor(tensor)}
    actual = load_file(folder / "actual.safetensors")
    largest = 0.0
    for name, tensor in actual.items():
        if name not in expected or expected[name].shape != tensor.shape:
            faults[name] = (tuple(tensor.shape), name in expected and tuple(expected[name].shape))
            continue
        scale = max(1.0, expected[name].abs().max().item())
        largest = max(largest, (expected[name] - tensor).abs().max().item() / scale)
    if not actual or not largest <= TOLERANCE:
        faults["difference"] = largest
    return cls.__name__, largest, stored_dtypes(folder), faults


def main():
    common.need(golden.PACKAGES)
    folders = []
    for argument in map(pathlib.Path, sys.argv[1:]):
        models = [argument] if (argument / "config.json").exists() else sorted(argument.iterdir())
        folders += [folder for folder in models if (folder / "config.json").exists()]
    failed, worst = 0, 0.0
    for folder in folders:
        try:
            name, largest, dtypes, faults = check(folder)
        except Exception as e:  # one model that cannot be run says nothing of the others
            name, largest, dtypes, faults = type(e).__name__, float("nan"), set(), {"error": str(e)[:200]}
        failed += bool(faults)
        worst = max(worst, largest)
        print(f"{'FAIL' if faults else 'ok  '} {folder.name:36} {name:34} {largest:.1e} {','.join(sorted(dtypes))}",
              faults or "", flush=True)
    print(f"{len(folders) - failed} of {len(folders)} models pass, largest difference {worst:.1e},"
          f" transformers {transformers.__version__}, torch {torch.__version__}")
    sys.exit(1 if failed or not folders else 0)


if __name__ == "__main__":
    main()
