#!/usr/bin/env python3
"""Exports an encoder with random weights as PyTorch does where nobody fuses anything: plain_onnx.py distilbert|modernbert|deberta-v3 OUT.onnx

ONNX Runtime fuses what it can when it loads the graph."""
import sys, warnings
import torch, torch_models


class States(torch.nn.Module):
    """The last layer's states for ids and a mask, the inputs of the other graphs."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, ids, mask):
        return self.model(input_ids=ids, attention_mask=mask.long())[0]


def main():
    kind, path = sys.argv[1:]
    warnings.filterwarnings("ignore")
    model = States(torch_models.build(kind, attn_implementation="eager")).eval()
    inputs = torch.randint(5, 20000, (2, 128)), torch.ones(2, 128, dtype=torch.int32)
    free = {0: "b", 1: "s"}
    with torch.inference_mode():
        torch.onnx.export(model, inputs, path, input_names=["ids", "mask"], output_names=["states"], opset_version=17, dynamo=False,
                          dynamic_axes={"ids": free, "mask": free, "states": free})


if __name__ == "__main__":
    main()
