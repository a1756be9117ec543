#!/usr/bin/env python3
"""Makes the bad_* cases of src/test/resources/goldens: good cases with one thing broken, which must be refused.

Each is made of the case that its base_case names, so that of a set of golden cases made anew there are bad cases too.
"""

import json
import os

import torch
from safetensors.torch import load_file, save_file

import common
import golden

COMMAND = "echo PWNED > gatun_pwned.txt"


class Command:
    """What a pickle must not do when it is read."""

    def __reduce__(self):
        return os.system, (COMMAND,)


def header_of(data):
    length = int.from_bytes(data[:8], "little")
    return json.loads(data[8:8 + length]), data[8 + length:]


def rewrite(folder, change=lambda header: None, length=None):
    """Changes the header of the weights; length: what the file says of the header's length, where that is wrong."""
    file = folder / "model.safetensors"
    header, data = header_of(file.read_bytes())
    change(header)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    file.write_bytes((length or len(text)).to_bytes(8, "little") + text + data)


def truncated(folder):
    data = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(data[:len(data) * 6 // 10])


def overlap(folder):
    def change(header):
        first, second = (header[f"encoder.layer.{i}.attention.self.query.weight"] for i in (0, 1))
        first["data_offsets"] = second["data_offsets"]
    rewrite(folder, change)


def unknown_dtype(folder):
    def change(header):
        header["encoder.layer.0.attention.self.query.weight"]["dtype"] = "F7"
    rewrite(folder, change)


def missing_tensor(folder):
    tensors = load_file(folder / "model.safetensors")
    del tensors["nezha.encoder.layer.0.attention.self.query.weight"]
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})


def pickle_code(folder):
    (folder / "model.safetensors").unlink()
    torch.save({"x": Command()}, folder / "pytorch_model.bin")


def config(folder, change):
    settings = json.loads((folder / "config.json").read_text())
    change(settings)
    common.write_json(folder / "config.json", settings)


def as_version_4(settings):
    """What version 5 of transformers writes differently is no part of what is broken here."""
    if "dtype" in settings:
        settings["torch_dtype"] = settings.pop("dtype")
        settings["transformers_version"] = "4.37.2"


def malformed(folder):
    text = json.dumps(json.loads((folder / "config.json").read_text()))
    (folder / "config.json").write_text(text[:-20])


def unknown_model_type(folder):
    def change(settings):
        settings["model_type"] = "x" + settings["model_type"]
        settings["architectures"] = ["X" + name for name in settings["architectures"]]
    config(folder, change)


def wrong_shape(folder):
    config(folder, lambda settings: settings.update(intermediate_size=settings["intermediate_size"] + 4))


def inputs(folder, change):
    tensors = change(load_file(folder / "inputs.safetensors"))
    save_file({name: value.contiguous() for name, value in tensors.items()}, folder / "inputs.safetensors", metadata={"format": "pt"})


def too_long(folder):
    inputs(folder, lambda tensors: {name: value.repeat(1, 6) for name, value in tensors.items()})


def zero_length(folder):
    inputs(folder, lambda tensors: {name: value[:, :0] for name, value in tensors.items()})


def vocab_range(folder):
    def change(tensors):
        tensors["input_ids"][0, 1] = json.loads((folder / "config.json").read_text())["vocab_size"]
        return tensors
    inputs(folder, change)


# Base case, what breaks it, what is expected, when and how it may be refused, and what transformers 4.57.6 does.
CASES = {
    "bad_config_malformed": (
        "bart_qa", malformed, "config.json is not valid JSON", "load", ["error"],
        "load raises OSError: It looks like the config file at '/visible/bad_config_malformed/config.json' is not a valid JSON file."),
    "bad_header_too_long": (
        "roberta_model_hs", lambda folder: rewrite(folder, length=10_000_000), "safetensors header length larger than the file",
        "load", ["error"], "load raises SafetensorError: Error while deserializing header: invalid header length"),
    "bad_missing_tensor": (
        "nezha_mlm", missing_tensor, "a tensor is missing (HF initialises it randomly and warns)", "load", ["error"],
        "loads, runs: loss[], logits[2, 8, 99]"),
    "bad_overlap": (
        "bert_model_hs_att_rightpad", overlap, "two tensors with overlapping data_offsets (and a hole)", "load", ["error"],
        "load raises SafetensorError: Error while deserializing header: invalid offset for tensor "
        "`encoder.layer.0.attention.self.value.bias`"),
    "bad_pickle_code": (
        "nezha_mlm", pickle_code, "pytorch_model.bin whose pickle calls os.system: must be refused, nothing may be executed",
        "load", ["error"], "not run here (weights_only unpickler refuses)"),
    "bad_too_long": (
        "bert_model_hs_att_rightpad", too_long, "sequence longer than max_position_embeddings", "run", ["error"],
        "loads, run raises RuntimeError: The size of tensor a (54) must match the size of tensor b (40) at non-singleton dimension 1"),
    "bad_truncated": (
        "bert_model_hs_att_rightpad", truncated, "safetensors data shorter than the header says", "load", ["error"],
        "load raises SafetensorError: Error while deserializing header: incomplete metadata, file not fully covered"),
    "bad_unknown_dtype": (
        "roberta_model_hs", unknown_dtype, "unknown dtype 'F7'", "load", ["error"],
        "load raises SafetensorError: Error while deserializing header: invalid JSON in header: unknown variant `F7`, "
        "expected one of `BOOL`, `F4`, "),
    "bad_unknown_model_type": (
        "longformer_model_local_windows", unknown_model_type, "unknown model_type / architecture", "load", ["error"],
        "loads, runs: last_hidden_state[2, 13, 32], pooler_output[2, 32], hidden_states.0[2, 13, 32]"),
    "bad_vocab_range": (
        "bert_model_hs_att_rightpad", vocab_range, "input id == vocab_size", "run", ["error"],
        "loads, run raises IndexError: index out of range in self"),
    "bad_wrong_shape": (
        "albert_qa_minimal_config", wrong_shape, "tensor shapes do not fit config.json (hidden sizes of the FFN differ)", "load",
        ["error"], "load raises RuntimeError: Error(s) in loading state_dict for Linear: \tsize mismatch for bias: copying a param "
        "with shape torch.Size([40]"),
    "bad_zero_length": (
        "roberta_model_hs", zero_length, "zero-length sequence", "run", ["error", "empty"],
        "loads, run raises IndexError: index 0 is out of bounds for dimension 1 with size 0"),
}
NOTES = {
    "bad_unknown_model_type": "only when the model is chosen from config.json (AutoModel); HF's LongformerModel.from_pretrained "
    "just warns",
}


def make_case(folder, base, name):
    """This bad case in the folder, of the folder of its base case."""
    base_name, breaks, error, phase, outcomes, behaviour = CASES[name]
    common.fresh(folder)
    common.copy_beside(base, folder, ["config.json", "inputs.safetensors", "model.safetensors"])
    config(folder, as_version_4)
    breaks(folder)
    whole = golden.read_case(base)
    tensors = load_file(folder / "inputs.safetensors")
    case = dict(
        name=name, family=whole["family"], architecture=whole["architecture"], mode=whole["mode"], options=whole["options"],
        notes=NOTES.get(name, ""), expect_error=error, error_phase=phase, outcomes=outcomes, base_case=base_name,
        inputs=golden.described({key: tensors[key] for key in sorted(tensors)}), expected=[], hf_behaviour=behaviour,
        weights=[file for file in ("model.safetensors", "pytorch_model.bin") if (folder / file).exists()])
    if name == "bad_unknown_model_type":
        case["load_via"] = "auto"
    common.write_json(folder / "case.json", case)


def make(out, names):
    for name in names:
        make_case(out / name, common.RESOURCES / "goldens" / CASES[name][0], name)


if __name__ == "__main__":
    common.main(__doc__, make, "goldens", ["torch"], produces=["bad_*"], cases=list(CASES))
