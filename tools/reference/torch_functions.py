#!/usr/bin/env python3
"""Makes src/test/resources/tasks/torch-functions.json: what the activation classes of torch and
transformers give for one vector, made without arguments and in the state of inference.
"""

import json

import torch
from transformers import activations

import common

VECTOR = [-25.0, -7.3, -4.0, -3.0, -1.3, -0.5, -0.1, 0.0, 0.2, 0.5, 0.7, 1.0, 2.5, 3.1, 6.2, 21.0]
OF_TORCH = """ReLU RReLU Hardtanh ReLU6 Sigmoid Hardsigmoid Tanh SiLU Mish Hardswish ELU CELU SELU GELU
Hardshrink LeakyReLU LogSigmoid Softplus Softshrink PReLU Softsign Tanhshrink Softmin Softmax LogSoftmax""".split()
OF_TRANSFORMERS = """GELUActivation NewGELUActivation FastGELUActivation QuickGELUActivation MishActivation
LinearActivation""".split()


def make(out):
    kinds = {f"torch.nn.modules.activation.{name}": getattr(torch.nn.modules.activation, name) for name in OF_TORCH}
    kinds |= {"torch.nn.modules.linear.Identity": torch.nn.Identity}
    kinds |= {f"transformers.activations.{name}": getattr(activations, name) for name in OF_TRANSFORMERS}
    values = {}
    for name, kind in sorted(kinds.items()):
        function = kind().double().eval()
        with torch.no_grad():
            values[name] = function(torch.tensor([VECTOR], dtype=torch.float64))[0].tolist()
    lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(row)}" for name, row in values.items())
    out.write_text(f'{{"vector": {json.dumps(VECTOR)}, "values": {{\n{lines}\n}}}}\n')


if __name__ == "__main__":
    common.main(__doc__, make, "tasks/torch-functions.json", ["torch", "transformers"])
