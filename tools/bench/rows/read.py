"""Tasks that read few of the last layer's tokens, beside ONNX Runtime that runs the whole graph."""
from rows.encoder import beside, count

ROWS = {"fill-mask": ("bert-mlm", "1x128", "BERT-base, fill-mask with one mask at 1×128"),
        "rerank": ("minilm-classify", "32x128", "MiniLM-L6 shape, rerank at 32×128")}


def read(materials, selection, rounds):
    for task, (model, shape, label) in ROWS.items():
        for threads in (2, 1):
            name = f"read/{task}/{threads}"
            if selection.wants(name):
                own = materials.program("HeadWorker", materials.config(model), "{threads}")
                ort = materials.ort("OrtWorker", materials.graph(model), "{threads}")
                yield from beside(own, ort, "ONNX Runtime, whole graph", threads, {name: (f"{label}, {count(threads)}", shape)}, selection, rounds)
