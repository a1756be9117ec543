"""Golden cases: tiny checkpoints, inputs, and what transformers makes of them, in the layout that README.md describes."""

import functools
import json

import torch
import transformers
from safetensors.torch import save_file

import common

transformers.logging.set_verbosity_error()
transformers.logging.disable_progress_bar()

STATES = {"output_hidden_states": True, "output_attentions": True}
NO_CACHE = {"use_cache": False}
PACKAGES = ["torch", "transformers"]


def class_named(name):
    """The class of transformers; NEZHA's are among the deprecated models."""
    if name.startswith("Nezha"):
        from transformers.models.deprecated import nezha
        return getattr(nezha, name)
    return getattr(transformers, name)


# --- inputs ------------------------------------------------------------------------------------------------------------------


def ids(*shape, low=0, limit=37):
    return torch.randint(low, limit, shape)


def labels_with_gaps(*shape, limit=37):
    """Labels of which every third is left out of the loss."""
    labels = ids(*shape, limit=limit)
    labels[..., ::3] = -100
    return labels


def padding(batch, length, left=False):
    """An attention mask: each row has two more padding tokens than the one before it."""
    mask = torch.ones(batch, length, dtype=torch.long)
    for row in range(1, batch):
        mask[row, slice(2 * row) if left else slice(length - 2 * row, None)] = 0
    return mask


def seen(length, *counts):
    """An attention mask with a row for each count of tokens."""
    return torch.stack([(torch.arange(length) < count).long() for count in counts])


# --- weights -----------------------------------------------------------------------------------------------------------------


def draw(model):
    """Random weights, norms and biases too, so that no two are alike."""
    for name, parameter in model.named_parameters():
        values = torch.randn_like(parameter) * 0.3
        parameter.data.copy_(values + 1 if "LayerNorm.weight" in name or "layer_norm.weight" in name else values)


# --- outputs -----------------------------------------------------------------------------------------------------------------


def past(cache):
    """The tensors of a cache by name."""
    layers = cache.to_legacy_cache() if hasattr(cache, "to_legacy_cache") else cache
    flat = {}
    for i, layer in enumerate(layers):
        for name, tensor in zip(("key", "value", "cross_key", "cross_value"), layer):
            if tensor is not None:
                flat[f"past_key_values.{i}.{name}"] = tensor
    return flat


def flatten(outputs):
    """The tensors of a model's output by name, those of tuples with their number behind it."""
    flat = {}
    for name, value in outputs.items():
        if name == "past_key_values":
            flat.update(past(value))
        elif isinstance(value, tuple):
            flat.update({f"{name}.{i}": item for i, item in enumerate(value)})
        else:
            flat[name] = value
    return flat


def single(tensors):
    """Own copies in single precision."""
    return {name: value.detach().float().clone() for name, value in tensors.items()}


def doubled(inputs):
    return {name: value.double() if value.is_floating_point() else value for name, value in inputs.items()}


def cut(inputs, start, end):
    """The inputs of the tokens from start to end; masks reach back to the first, the encoder's inputs are whole."""
    part = {}
    for name, value in inputs.items():
        if name in ("attention_mask", "decoder_attention_mask"):
            part[name] = value[:, :end]
        else:
            part[name] = value if name.startswith("encoder_") else value[:, start:end]
    return part


def decode(model, inputs, chunks):
    """One call with all tokens, and then the chunks.

    NEZHA cannot take a past, and transformers 4.57 reads learnt distances wrongly with one: there the steps are parts of the
    whole, as version 4.37 gives them.
    """
    nezha = model.config.model_type == "nezha"
    absolute = getattr(model.config, "position_embedding_type", "absolute") == "absolute"
    whole = model(**inputs, use_cache=False)
    name = "logits" if "logits" in whole else "last_hidden_state"
    expected = {"full." + name: whole[name]}
    decoder = inputs
    if model.config.is_encoder_decoder:
        source = {key: value for key, value in inputs.items() if not key.startswith("decoder_")}
        encoder = {"encoder_outputs": model.get_encoder()(**source)}
        if "attention_mask" in source:
            encoder["attention_mask"] = source["attention_mask"]
        decoder = {key: value for key, value in inputs.items() if key.startswith("decoder_")}
    start, cache = 0, None
    for i, length in enumerate(chunks):
        if nezha or not absolute:
            expected[f"step.{i}.{name}"] = whole[name][:, start:start + length]
        else:
            more = encoder if model.config.is_encoder_decoder else {}
            outputs = model(**cut(decoder, start, start + length), **more, past_key_values=cache, use_cache=True)
            cache = outputs.past_key_values
            expected[f"step.{i}.{name}"] = outputs[name]
        start += length
    if nezha and absolute:
        cache = model(**inputs, use_cache=True).past_key_values
    return {**expected, **(past(cache) if cache is not None else {})}


def without_positions(kind):
    """Lets generate() of this class work as in version 4.37, whose models find their positions themselves.

    Version 4.57 gives decoders 0-based position_ids, which are wrong for RoBERTa (its positions start behind the padding id)
    and count no padding for BERT.
    """
    original = kind.prepare_inputs_for_generation
    if hasattr(original, "__wrapped__"):
        return

    @functools.wraps(original)
    def prepare(self, *arguments, **named):
        inputs = original(self, *arguments, **named)
        inputs.pop("position_ids", None)
        return inputs

    kind.prepare_inputs_for_generation = prepare


# --- cases -------------------------------------------------------------------------------------------------------------------


def noise(expected, exact):
    """The largest difference of single and double precision."""
    return max((expected[name] - exact[name]).abs().nan_to_num().max().item() for name in expected)


def write(folder, case, inputs, expected):
    save_file({name: value.contiguous() for name, value in inputs.items()}, folder / "inputs.safetensors")
    save_file({name: value.contiguous() for name, value in expected.items()}, folder / "expected.safetensors")
    common.write_json(folder / "case.json", case)
    print(f"{case['name']}: noise {case['noise']['fp64']:.1e}, {len(expected)} outputs")


def case_of(name, family, architecture, mode, options, drop, difference):
    return dict(
        name=name, family=family, architecture=architecture, mode=mode, options=options, drop=drop, noise=dict(fp64=difference),
        atol=max(1e-5, 20 * difference), rtol=1e-4, weights=["model.safetensors"])


def make(out, name, asked, saved, config, inputs, options, missing=lambda outputs: []):
    """A case of one class, asked, whose checkpoint another may have saved; with chunks in the options it decodes.

    missing: the names of outputs, of those given or of others, that are not to be compared.
    """
    folder = common.fresh(out / name)
    model = saved(config).eval()
    draw(model)
    model.save_pretrained(folder)
    if asked is not saved:
        model = asked.from_pretrained(folder, attn_implementation="eager").eval()

    def run(inputs):
        found = decode(model, inputs, options["chunks"]) if "chunks" in options else flatten(model(**inputs, **options))
        return single(found)

    with torch.no_grad():
        expected = run(inputs)
        model.double()
        exact = run(doubled(inputs))
    drop = missing(expected)
    expected = {key: value for key, value in expected.items() if key not in drop}
    family, mode = name.partition("_")[0], "decode" if "chunks" in options else "forward"
    case = case_of(name, family, asked.__name__, mode, options, drop, noise(expected, exact))
    if asked is not saved:
        case["checkpoint_architecture"] = saved.__name__
    write(folder, case, inputs, expected)


def described(tensors):
    return [{"name": name, "dtype": str(value.dtype).removeprefix("torch."), "shape": list(value.shape)}
            for name, value in tensors.items()]


def read_case(folder):
    return json.loads((folder / "case.json").read_text())
