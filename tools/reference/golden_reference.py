"""What transformers makes of the folder of a golden case, in each of the modes that README.md names."""

import torch
import transformers
from safetensors.torch import load_file

import golden


def outputs(folder, case, exact=False):
    """The outputs by name, in single precision; exact: computed in double precision."""
    inputs = load_file(folder / "inputs.safetensors")
    if case["mode"].startswith("flax_"):
        return flax(folder, case, inputs)
    kind = golden.class_named(case["architecture"])
    model = kind.from_pretrained(folder, attn_implementation="eager", dtype=torch.float32).eval()
    if exact:
        model, inputs = model.double(), golden.doubled(inputs)
    with torch.no_grad():
        found = MODES[case["mode"]](model, inputs, case["options"])
    return {name: value.clone() if value.dtype == torch.int64 else value.float().clone() for name, value in found.items()}


def forward(model, inputs, options):
    inputs = dict(inputs)
    given = inputs.pop("encoder_outputs.last_hidden_state", None)
    if given is not None:
        inputs["encoder_outputs"] = (given,)
    return golden.flatten(model(**inputs, **options))


def decode(model, inputs, options):
    return golden.decode(model, inputs, options["chunks"])


def generate(model, inputs, options):
    if model.config.model_type in ("bert", "roberta"):
        golden.without_positions(type(model))
    settings = options["generate"]
    result = model.generate(**inputs, **settings, return_dict_in_generate=True, output_logits=True, output_scores=True)
    found = {"sequences": result.sequences}
    if settings.get("num_beams", 1) > 1:
        return found | {"sequences_scores": result.sequences_scores}
    return found | {f"logits.{i}": logits for i, logits in enumerate(result.logits)}


MODES = {"forward": forward, "decode": decode, "generate": generate}


# --- Flax --------------------------------------------------------------------------------------------------------------------


def flax(folder, case, inputs):
    """The same by the Flax classes, of flax_model.msgpack; their own precision is the only one."""
    import numpy

    model = getattr(transformers, case["architecture"]).from_pretrained(folder)
    arrays = {name: value.numpy() for name, value in inputs.items()}
    found = FLAX_MODES[case["mode"]](model, arrays, dict(case["options"]))
    tensors = {name: torch.from_numpy(numpy.array(value)) for name, value in found.items()}
    return {name: value if value.dtype in (torch.int32, torch.int64) else value.float() for name, value in tensors.items()}


def paths(tree, prefix):
    """The leaves of nested maps, their keys joined by dots."""
    if not hasattr(tree, "items"):
        return {prefix: tree}
    return {name: leaf for key, value in tree.items() for name, leaf in paths(value, f"{prefix}.{key}").items()}


def flax_forward(model, inputs, options):
    return golden.flatten(model(**inputs, **options))


def flax_mask(given, batch, longest):
    """Ones for all places of the cache, the given mask over the first."""
    import numpy

    mask = numpy.ones((batch, longest), dtype="i4")
    if given is not None:
        mask[:, :given.shape[1]] = given
    return mask


def flax_steps(call, tokens, chunks, cache):
    """The logits of consecutive chunks, and the last cache."""
    import numpy

    found, start = {}, 0
    for i, length in enumerate(chunks):
        places = numpy.broadcast_to(numpy.arange(start, start + length), (len(tokens), length))
        result = call(tokens[:, start:start + length], places, cache)
        found[f"step.{i}.logits"], cache = result.logits, result.past_key_values
        start += length
    return found | paths(cache, "cache")


def flax_decode(model, inputs, options):
    inputs = dict(inputs)
    tokens, mask = inputs.pop("input_ids"), inputs.pop("attention_mask", None)
    whole = model(tokens, **inputs, **({} if mask is None else {"attention_mask": mask}))
    cache = model.init_cache(len(tokens), options["max_length"])
    longest = flax_mask(mask, len(tokens), options["max_length"])

    def call(chunk, places, cache):
        return model(chunk, attention_mask=longest, position_ids=places, past_key_values=cache, **inputs)

    steps = flax_steps(call, tokens, options["chunks"], cache)
    return {"full.logits": whole.logits} | paths(cache, "init_cache") | steps


def flax_encode_decode(model, inputs, options):
    states = {key: options[key] for key in golden.STATES if key in options}
    mask, tokens = inputs.get("attention_mask"), inputs["decoder_input_ids"]
    given = inputs.get("decoder_attention_mask")
    encoded = model.encode(inputs["input_ids"], attention_mask=mask, **states)
    more = {} if given is None else {"decoder_attention_mask": given}
    whole = model.decode(tokens, encoded, encoder_attention_mask=mask, **more, **states)
    cache = model.init_cache(len(tokens), options["max_length"], encoded)
    longest = flax_mask(given, len(tokens), options["max_length"])

    def call(chunk, places, cache):
        return model.decode(chunk, encoded, encoder_attention_mask=mask, decoder_attention_mask=longest,
                            decoder_position_ids=places, past_key_values=cache)

    steps = flax_steps(call, tokens, options["chunks"], cache)
    named = [("encode", encoded), ("decode", whole)]
    return {f"{part}.{key}": value for part, result in named for key, value in golden.flatten(result).items()} | steps


FLAX_MODES = {"flax_forward": flax_forward, "flax_decode": flax_decode, "flax_encode_decode": flax_encode_decode}


# --- comparing ---------------------------------------------------------------------------------------------------------------


def faults(case, inputs, expected, found):
    """Where outputs are not those that are expected, as lines of text, and the largest difference in units of what is allowed."""
    lines, largest = [], 0.0
    found = {name: value for name, value in found.items() if name not in case.get("drop", [])}
    if expected.keys() != found.keys():
        lines.append(f"outputs {sorted(expected.keys() ^ found.keys())} are on one side only")
    valid = inputs[case["valid_rows"]].bool() if case.get("valid_rows") else None
    for name in expected.keys() & found.keys():
        ours, theirs = expected[name], found[name]
        if ours.shape != theirs.shape:
            lines.append(f"{name}: shapes {list(ours.shape)} and {list(theirs.shape)}")
            continue
        if valid is not None and ours.shape[:2] == valid.shape:
            ours, theirs = ours[valid], theirs[valid]
        both_nan = ours.isnan() & theirs.isnan() if ours.is_floating_point() else torch.zeros_like(ours, dtype=torch.bool)
        ours, theirs = ours.double()[~both_nan], theirs.double()[~both_nan]
        allowed = case["atol"] + case["rtol"] * ours.abs() if expected[name].is_floating_point() else torch.full_like(ours, 0.5)
        share = ((ours - theirs).abs() / allowed).nan_to_num(nan=float("inf"))
        worst = share.max().item() if share.numel() else 0.0
        largest = max(largest, worst)
        if worst > 1:
            lines.append(f"{name}: {worst:.1f} times what is allowed")
    return lines, largest
