#!/usr/bin/env python3
"""Checks the golden cases of src/test/resources, and makes new ones of the kinds in goldens.

    golden_cases.py --check [CASE...]
    golden_cases.py --out FOLDER [--seed N] [CASE...]

The weights and inputs of the committed cases were drawn once, and no seed gives them again. So --check, instead of making
them, gives the committed weights and inputs of all sets (goldens, goldens-albert, goldens-bert, goldens-longformer) to
transformers again, and compares with expected.safetensors within the atol and rtol of case.json. Of the cases that
golden_families.py describes it also makes a new one, and compares all that a seed does not change (config.json, names,
shapes and types of tensors, modes, options, notes), and makes flax_model.msgpack and tf_model.h5 again of the committed weights.

--out makes cases as golden_families.py describes them, with other numbers than the committed ones: a set for a second look.
The bad_* cases are those of bad_cases.py.
"""

import argparse
import json
import math
import pathlib
import sys
import tempfile
import zlib

import torch
from safetensors.torch import load_file

import bad_cases
import common
import golden
import golden_families  # noqa: F401, describes the cases
import golden_files
import golden_reference
from golden_descriptions import CASES

SETS = ["goldens", "goldens-albert", "goldens-bert", "goldens-longformer"]
GENERATION = """bos_token_id eos_token_id pad_token_id decoder_start_token_id forced_bos_token_id forced_eos_token_id max_length
max_new_tokens min_length num_beams length_penalty early_stopping no_repeat_ngram_size repetition_penalty num_return_sequences
do_sample""".split()


# --- making ------------------------------------------------------------------------------------------------------------------


def model_of(case):
    kind = golden.class_named(case.saved)
    return kind(kind.config_class(**case.settings, architectures=[case.saved], attn_implementation="eager")).eval()


def two_digits(value):
    return float(f"{value:.2g}")


def write_more(folder, model, case):
    """The same weights for other frameworks, with where they come from."""
    notes = {}
    if "flax_model.msgpack" in case.more:
        golden_files.write_flax(folder, case.architecture)
        notes["flax_model.msgpack"] = (f"written by the real Flax class's save_pretrained (transformers "
                                       f"{common.VERSIONS['transformers']}, flax {common.VERSIONS['flax']})")
    if "tf_model.h5" in case.more:
        golden_files.write_tensorflow(folder, model, case.architecture)
        notes["tf_model.h5"] = (f"written with h5py after TF{case.architecture}'s layer names and Keras 2 save_weights layout "
                                "(not by TensorFlow itself)")
    return notes


def make(folder, case, seed):
    """A new case of this description."""
    common.fresh(folder)
    torch.manual_seed(zlib.crc32(f"{case.name} {seed}".encode()))
    model = model_of(case)
    golden_files.draw(model)
    model.to(case.dtype)
    weights = golden_files.write_weights(folder, model, case.files)
    golden_files.write_config(folder, model, case)
    inputs = case.inputs()
    golden.save_file({name: value.contiguous() for name, value in inputs.items()}, folder / "inputs.safetensors",
                     metadata={"format": "pt"})
    notes = write_more(folder, model, case)
    written = dict(name=case.name, family=case.family, architecture=case.architecture, mode=case.mode, options=case.options,
                   notes=case.notes)
    if case.saved != case.architecture and not case.flax:
        written |= dict(drop=["pooler_output"], checkpoint_architecture=case.saved)
    if case.v5_reason:
        written |= dict(v5=False, v5_reason=case.v5_reason)
    outputs = golden_reference.outputs(folder, written)
    outputs = {name: value for name, value in outputs.items() if name not in written.get("drop", [])}
    if case.flax:
        written |= dict(oracle=f"transformers {common.VERSIONS['transformers']} Flax, jax CPU fp32", atol=2e-4, rtol=1e-4)
    else:
        exact = golden_reference.outputs(folder, written, exact=True)
        floats = {name: value for name, value in outputs.items() if value.is_floating_point()}
        difference = golden.noise(floats, exact)
        written["noise"] = dict(fp64=difference)
        if case.mode == "generate":
            for name in outputs.keys() - floats.keys():
                assert torch.equal(outputs[name], exact[name]), f"{case.name}: double precision writes other tokens: take another seed"
            written["effective_generation_config"] = effective(model, case.options["generate"])
        written |= dict(atol=max(2e-5, two_digits(20 * difference)), rtol=1e-4)
    written |= dict(inputs=golden.described(inputs), expected=golden.described(outputs))
    if not case.flax:
        floats = [value.nan_to_num().abs().max().item() for value in outputs.values() if value.is_floating_point()]
        written["max_abs_expected"] = float(f"{max(floats):.4g}")
    written["weights"] = weights
    if case.more:
        written["alt_weights"] = case.more
        if not case.flax:
            written["alt_notes"] = notes
    golden.save_file({name: value.contiguous() for name, value in outputs.items()}, folder / "expected.safetensors",
                     metadata={"format": "pt"})
    common.write_json(folder / "case.json", written)


def effective(model, settings):
    """The settings of generate() after those of generation_config.json."""
    return {name: settings.get(name, getattr(model.generation_config, name, None)) for name in GENERATION}


def make_all(out, names, seed):
    for name in names:
        if name in CASES:
            make(out / name, CASES[name], seed)
        else:
            base = out / bad_cases.CASES[name][0]
            if not base.exists():
                make(base, CASES[base.name], seed)
            bad_cases.make_case(out / name, base, name)
        print("made", out / name, flush=True)


# --- checking ----------------------------------------------------------------------------------------------------------------


def tensors_of(folder, files):
    found = {}
    for name in files:
        if name.endswith(".safetensors"):
            found |= load_file(folder / name)
        elif name.endswith(".bin"):
            found |= torch.load(folder / name, weights_only=True)
    return {name: (str(value.dtype), list(value.shape)) for name, value in found.items()}


def outline(folder):
    """All of a case that does not depend on what is drawn."""
    case = golden.read_case(folder)
    drawn = {"noise", "atol", "max_abs_expected"}
    kept = {key: None if key in drawn else value for key, value in case.items()}
    kept["inputs"] = {each["name"]: (each["dtype"], each["shape"]) for each in case["inputs"]}
    # How many tokens generate() writes depends on the weights.
    generated = case["mode"] == "generate"
    kept["expected"] = {each["name"].partition(".")[0]: each["dtype"] for each in case["expected"]} if generated else {
        each["name"]: (each["dtype"], each["shape"]) for each in case["expected"]}
    kept["alt_notes"] = sorted(case.get("alt_notes", {}))
    for name in ("config.json", "generation_config.json"):
        kept[name] = json.loads((folder / name).read_text()) if (folder / name).exists() else None
    return kept | dict(tensors=tensors_of(folder, case["weights"]), files=sorted(path.name for path in folder.iterdir()))


def described_otherwise(folder, scratch):
    """Where a committed case is not what its description makes."""
    case = CASES[folder.name]
    made = scratch / folder.name
    make(made, case, 0)
    ours, theirs = outline(folder), outline(made)
    lines = [f"{key} is {str(ours.get(key)):.150}, described as {str(theirs.get(key)):.150}"
             for key in {**ours, **theirs} if ours.get(key) != theirs.get(key)]
    if case.more:
        copy = common.fresh(scratch / "copy")
        committed = golden.read_case(folder)
        common.copy_beside(folder, copy, ["config.json", *committed["weights"]])
        write_more(copy, golden.class_named(case.saved).from_pretrained(copy), case)
        for name in case.more:
            read = golden_files.keras_contents if name.endswith(".h5") else pathlib.Path.read_bytes
            if read(folder / name) != read(copy / name):
                lines.append(f"{name} has other contents than the weights give")
    return lines


def check(folder, scratch):
    """The faults of a committed case, and its largest difference in units of what is allowed."""
    case = golden.read_case(folder)
    inputs, expected = (load_file(folder / f"{name}.safetensors") for name in ("inputs", "expected"))
    lines, largest = golden_reference.faults(case, inputs, expected, golden_reference.outputs(folder, case))
    if folder.parent.name == "goldens":
        lines += described_otherwise(folder, scratch) if folder.name in CASES else ["golden_families.py has no description"]
    return lines, largest


def check_all(names):
    folders = [path.parent for each in SETS for path in sorted((common.RESOURCES / each).glob("*/case.json"))]
    folders = [path for path in folders if not path.name.startswith("bad_") and (not names or path.name in names)]
    there = {path.name for path in folders}
    absent = [name for name in names or CASES if name not in there]
    failed, most = len(absent), 0.0
    for name in absent:
        print("FAIL", name, "is not committed")
    with tempfile.TemporaryDirectory() as scratch:
        for folder in folders:
            lines, largest = check(folder, pathlib.Path(scratch))
            failed += bool(lines)
            most = max(most, largest) if math.isfinite(largest) else largest
            print("FAIL" if lines else "ok  ", f"{folder.parent.name}/{folder.name}", f"{largest:.3f}", *lines, sep="  ", flush=True)
    print(f"{len(folders) + len(absent) - failed} of {len(folders) + len(absent)} cases hold, at most {most:.3f} of the tolerance is used")
    return failed == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--check", action="store_true", help="compare what is committed with what transformers gives")
    what.add_argument("--out", type=pathlib.Path, help="a folder for new cases")
    parser.add_argument("--seed", type=int, default=0, help="other numbers for new cases (0)")
    parser.add_argument("--any-version", action="store_true", help="go on with other versions of the packages")
    parser.add_argument("cases", nargs="*", help="only these cases")
    a = parser.parse_args()
    common.need(golden.PACKAGES + ["flax", "h5py"], a.any_version)
    if a.check:
        sys.exit(0 if check_all(a.cases) else 1)
    every = [*CASES, *bad_cases.CASES]
    unknown = [name for name in a.cases if name not in every]
    if unknown:
        parser.error(f"no case has the name {unknown[0]!r}; there are {', '.join(every)}")
    make_all(a.out, a.cases or every, a.seed)


if __name__ == "__main__":
    main()
