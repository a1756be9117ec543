#!/usr/bin/env python3
"""The job of `lanewise classify --jsonl` in PyTorch or ONNX Runtime.

    padded_job.py torch|onnxruntime MODEL IN OUT [THREADS [FIRST LINES]]

32-bit floats, the fast tokenizer, batches of 32 lines in the order of the file, padded to the longest of each. The
ONNX graph is exported with PyTorch and kept beside OUT. Prints `LINES SECONDS`, without the load of the model.
"""
import contextlib
import itertools
import json
import os
import pathlib
import sys
import time

ROWS = 32
os.environ.update(TRANSFORMERS_OFFLINE="1", HF_HUB_OFFLINE="1", TRANSFORMERS_VERBOSITY="error")

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer


def export(model, path):
    ids = torch.ones(2, 8, dtype=torch.long)
    axes = {0: "rows", 1: "tokens"}
    names = ["input_ids", "attention_mask", "token_type_ids"]
    with contextlib.redirect_stdout(sys.stderr):
        torch.onnx.export(model, (ids, ids, ids * 0), path, dynamo=False, opset_version=17, input_names=names,
                          output_names=["logits"], dynamic_axes={name: axes for name in names} | {"logits": {0: "rows"}})


def session(model, path, threads):
    import onnxruntime

    if not path.exists():
        export(model, path)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    run = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"]).run
    return lambda inputs: torch.from_numpy(run(["logits"], {k: v.numpy() for k, v in inputs.items()})[0])


def main():
    engine, folder, source, target = sys.argv[1:5]
    threads, first, count = map(int, (sys.argv[5:] + ["2", "0", "-1"][len(sys.argv) - 5:])[:3])
    torch.set_num_threads(threads)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    # Plain attention is what the older exporter of ONNX graphs knows.
    kind = {} if engine == "torch" else {"attn_implementation": "eager"}
    model = AutoModelForSequenceClassification.from_pretrained(folder, dtype=torch.float32, **kind).eval()
    labels = model.config.id2label
    logits = lambda inputs: model(**inputs).logits
    if engine == "onnxruntime":
        logits = session(model, pathlib.Path(target).with_name("classify.onnx"), threads)
    done = 0
    start = time.perf_counter()
    with open(source, encoding="utf-8") as file, open(target, "w", encoding="utf-8") as out, torch.inference_mode():
        lines = itertools.islice(file, first, None if count < 0 else first + count)
        while batch := [json.loads(line) for line in itertools.islice(lines, ROWS)]:
            inputs = tokenizer([each["text"] for each in batch], padding=True, return_tensors="pt")
            best = logits(inputs).softmax(-1).max(-1)
            for each, score, label in zip(batch, best.values.tolist(), best.indices.tolist()):
                each["result"] = {"label": labels[label], "score": score}
                out.write(json.dumps(each) + "\n")
            done += len(batch)
    print(done, f"{time.perf_counter() - start:.2f}")


main()
