"""Makes one golden case: a tiny checkpoint, its inputs, and what transformers computes from them.

The format is that of the golden cases in src/test/resources/goldens. A case seeds its random numbers with its own
name, so a new case changes no other. Every count of a checkpoint differs from every other, so that no mix-up hides.
"""

import json
import pathlib
import zlib
from dataclasses import dataclass, field
from typing import Callable

import torch
from safetensors.torch import load_file, save_file

OUT = pathlib.Path("src/test/resources/families")
VOCABULARY = 37
HIDDEN = 12
HEADS = 3
POSITIONS = 18
STATES = {"output_hidden_states": True, "output_attentions": True}
HIDDEN_STATES = {"output_hidden_states": True}
CACHE = {**STATES, "use_cache": True}
NO_CACHE = {"use_cache": False}
DECODER = dict(is_decoder=True)
CROSS = dict(is_decoder=True, add_cross_attention=True)


@dataclass(frozen=True)
class Family:
    """A family's classes in transformers.

    name: model_type; config_class and module: where they are; prefix: of the class names; sizes: of all its cases.
    """

    name: str
    prefix: str
    config_class: type
    module: object
    sizes: dict

    def architecture(self, kind):
        return getattr(self.module, self.prefix + kind)


@dataclass(frozen=True)
class Case:
    """What makes a case.

    kind: the class without the family's prefix; "Asked:Saved" when another class saved the file. inputs: makes them.
    remove: tensors that the file does not hold. wide: sets weights before saving. written: keys of config.json as they
    stand in the file, None to take one away. minimal: only keys that differ from the class defaults are written.
    files: "safetensors", "bin" or "shards"; also: other files with the same weights.
    """

    name: str
    kind: str
    config: dict
    inputs: Callable[[], dict]
    options: dict = field(default_factory=dict)
    notes: str = ""
    files: str = "safetensors"
    also: tuple = ()
    minimal: bool = True
    written: dict = field(default_factory=dict)
    remove: tuple = ()
    change: Callable | None = None
    valid_rows: str | None = None
    drop: tuple = ()


def seed(name):
    torch.manual_seed(zlib.crc32(name.encode()))


def ids(*shape, limit=VOCABULARY):
    return torch.randint(0, limit, shape)


def words(*shape):
    """Ids without special meaning in any family."""
    return torch.randint(5, VOCABULARY, shape)


def embeds(*shape, width=HIDDEN):
    return torch.randn(*shape, width)


def positions(length, limit=POSITIONS):
    """Distinct positions in no order, for all rows."""
    return torch.randperm(limit)[:length][None]


def with_pads(tokens, pad, *places):
    for row, place in places:
        tokens[row, place] = pad
    return tokens


def gaps(labels):
    """Every third label left out."""
    labels[..., ::3] = -100
    return labels


def padding(batch, length, left=False):
    """Row r has 2r masked tokens at its end (or beginning)."""
    mask = torch.ones(batch, length, dtype=torch.long)
    for row in range(1, batch):
        if left:
            mask[row, :2 * row] = 0
        else:
            mask[row, length - 2 * row:] = 0
    return mask


def pairs(batch, queries, keys):
    """A mask for each query and key, a row of zeros and a fraction among them."""
    mask = (torch.rand(batch, queries, keys) < 0.7).float()
    mask[0, 0] = 0
    mask[0, 1, 0] = 0.5
    return mask


def source(batch, length):
    return dict(encoder_hidden_states=embeds(batch, length), encoder_attention_mask=padding(batch, length))


def past(cache):
    """A cache's layers as a flat dict."""
    layers = cache.to_legacy_cache() if hasattr(cache, "to_legacy_cache") else cache
    flat = {}
    for i, layer in enumerate(layers):
        for name, tensor in zip(("key", "value", "cross_key", "cross_value"), layer):
            if tensor is not None:
                flat[f"past_key_values.{i}.{name}"] = tensor
    return flat


def flatten(outputs):
    flat = {}
    for name, value in outputs.items():
        if name == "past_key_values":
            flat.update(past(value))
        elif isinstance(value, tuple):
            flat.update({f"{name}.{i}": item for i, item in enumerate(value)})
        else:
            flat[name] = value
    return flat


def cut(inputs, start, end):
    """The inputs of the tokens from start to end; masks reach back to the first."""
    part = {}
    for name, value in inputs.items():
        if name.startswith("encoder_"):
            part[name] = value
        else:
            part[name] = value[:, :end] if name == "attention_mask" else value[:, start:end]
    return part


def decode(model, inputs, chunks):
    """One call for all tokens, and then the chunks, each with the past of those before it."""
    whole = model(**inputs, use_cache=False)
    name = "logits" if "logits" in whole else "last_hidden_state"
    expected = {"full." + name: whole[name]}
    start, cache = 0, None
    for i, length in enumerate(chunks):
        outputs = model(**cut(inputs, start, start + length), past_key_values=cache, use_cache=True)
        cache = outputs.past_key_values
        expected[f"step.{i}.{name}"] = outputs[name]
        start += length
    return {**expected, **past(cache)}


def run(model, case, inputs):
    with torch.no_grad():
        if "chunks" in case.options:
            outputs = decode(model, inputs, case.options["chunks"])
        else:
            outputs = flatten(model(**inputs, **case.options))
    return {name: value.detach().float().contiguous().clone() for name, value in outputs.items()}


def randomize(model):
    """Weights around zero, gains of norms around one; tables of sines stay what they are."""
    for name, parameter in model.named_parameters():
        if "embed_positions" in name:
            continue
        values = torch.randn_like(parameter) * 0.3
        is_gain = "norm" in name.lower() and name.endswith("weight")
        parameter.data.copy_(values + 1 if is_gain else values)


def save(model, folder, case):
    """Writes the checkpoint; the names of its weight files."""
    if case.files == "safetensors":
        model.save_pretrained(folder)
    elif case.files == "bin":
        model.save_pretrained(folder, safe_serialization=False)
    else:
        model.save_pretrained(folder, max_shard_size="3KB")
    if "bin" in case.also:
        torch.save(model.state_dict(), folder / "pytorch_model.bin")
    if case.remove:
        path = folder / "model.safetensors"
        tensors = load_file(path)
        for name in case.remove:
            del tensors[name]
        save_file(tensors, path, metadata={"format": "pt"})
    (folder / "generation_config.json").unlink(missing_ok=True)
    return sorted(path.name for path in folder.iterdir() if path.name.startswith(("model", "pytorch_model")))


def write_config(model, folder, case):
    path = folder / "config.json"
    config = json.loads(path.read_text())
    if case.minimal:
        defaults = type(model.config)().to_dict()
        config = {
            key: value for key, value in config.items()
            if key in ("architectures", "model_type") or key not in defaults or defaults[key] != value}
    for key, value in case.written.items():
        config.pop(key, None)
        if value is not None:
            config[key] = value
    path.write_text(json.dumps(config, indent=1, sort_keys=True) + "\n")


def difference(one, other):
    return (one.double() - other.double()).abs().nan_to_num().max().item() if one.numel() else 0.0


def write_case(folder, inputs, expected, exact, least=1e-5, **facts):
    """Writes the inputs, what is expected and case.json; the noise is what single precision adds.

    least: the smallest tolerance.
    """
    noise = max(difference(expected[name], exact[name]) for name in expected)
    save_file({name: value.contiguous() for name, value in inputs.items()}, folder / "inputs.safetensors")
    save_file({name: value.contiguous() for name, value in expected.items()}, folder / "expected.safetensors")
    case = dict(
        name=folder.name, **{key: value for key, value in facts.items() if value not in (None, "", [], ())},
        noise=dict(fp64=float(f"{noise:.2g}")), atol=float(f"{max(least, 20 * noise):.2g}"), rtol=1e-4)
    (folder / "case.json").write_text(json.dumps(case, indent=1) + "\n")
    return noise


def make(family, case, out=OUT, others=None):
    """Makes a case's folder.

    others: writes the files of other frameworks, by the name of the format.
    """
    folder = out / case.name
    folder.mkdir(parents=True)
    seed(case.name)
    asked, _, saved = case.kind.partition(":")
    config = family.config_class(**{**family.sizes, **case.config, "attn_implementation": "eager"})
    model = family.architecture(saved or asked)(config).eval()
    randomize(model)
    if case.change:
        case.change(model)
    if not case.also:
        model.half()  # small files; what is expected comes from these weights in single precision
    weights = save(model, folder, case)
    write_config(model, folder, case)
    also = [name for name in weights if "bin" in case.also and name.endswith(".bin")]
    for kind in case.also:
        if kind != "bin":
            also.append(others[kind](model, folder))
    weights = [name for name in weights if name not in also]
    if saved or case.remove or case.written or case.minimal:
        model = family.architecture(asked).from_pretrained(
            folder, dtype=torch.float32, attn_implementation="eager",
            use_safetensors=case.files != "bin").eval()
    model = model.float()
    inputs = case.inputs()
    expected = run(model, case, inputs)
    model = model.double()
    exact = run(model, case, {k: v.double() if v.is_floating_point() else v for k, v in inputs.items()})
    expected = {name: value for name, value in expected.items() if name not in case.drop}
    noise = write_case(
        folder, inputs, expected, exact, family=family.name, architecture=family.prefix + asked,
        checkpoint_architecture=family.prefix + saved if saved else None,
        mode="decode" if "chunks" in case.options else "forward", options=case.options, notes=case.notes,
        valid_rows=case.valid_rows, drop=list(case.drop), weights=weights, alt_weights=also)
    print(f"{case.name}: noise {noise:.1e}, {len(expected)} outputs")
