#!/usr/bin/env python3
"""Makes src/test/resources/hub-caches.tsv: where huggingface_hub and transformers look for the cache in random environments.

A line for each case: the variables as JSON, a tab, the folder. Each case runs in a process of its own.
"""

import json
import random
import subprocess
import sys

import common

# TRANSFORMERS_CACHE and its older names are read by transformers/utils/hub.py, the rest by huggingface_hub/constants.py.
ASK = """
import os, json, sys, importlib.util
from huggingface_hub import constants
folder = constants.HF_HUB_CACHE
folder = os.getenv("PYTORCH_PRETRAINED_BERT_CACHE", folder)
folder = os.getenv("PYTORCH_TRANSFORMERS_CACHE", folder)
folder = os.getenv("TRANSFORMERS_CACHE", folder)
if "--whole" in sys.argv:
    from transformers.utils.hub import TRANSFORMERS_CACHE
    assert TRANSFORMERS_CACHE == folder, (TRANSFORMERS_CACHE, folder)
print(json.dumps(folder))
"""
VALUES = ["", "/data/hub", "rel/hub", "~", "~/hub", "~root/x", "~nobody-here/x", "$ROOT/a", "${ROOT}/b", "${ROOT", "$ROOTS/c",
          "$NONE/d", "a$$ROOT", "~$ROOT", "$TILDE/e", "/slash/", "$TWICE/f", "${A B}/g", "$1/h", "/x/$ROOT$ROOT", "${}", "é/ü", "a b"]
NAMES = ["HF_HOME", "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "XDG_CACHE_HOME"]
OLD = ["TRANSFORMERS_CACHE", "PYTORCH_TRANSFORMERS_CACHE", "PYTORCH_PRETRAINED_BERT_CACHE"]
OTHERS = {"ROOT": "/root folder", "TILDE": "~", "TWICE": "$ROOT", "A B": "blank", "1": "one"}


def make(out):
    draw = random.Random(7)
    lines = []
    for i in range(160):
        env = {name: draw.choice(VALUES) for name in NAMES if draw.random() < 0.4}
        if i % 5 == 0:
            env |= {name: draw.choice(VALUES) for name in OLD if draw.random() < 0.4}
        env |= {name: value for name, value in OTHERS.items() if draw.random() < 0.7}
        env["HOME"] = draw.choice(["/users-of/ada", "/users-of/ada/", "", "/", "relative"])
        run = [sys.executable, "-c", ASK] + (["--whole"] if i % 20 == 0 else [])
        said = subprocess.run(run, env=env | {"PYTHONUTF8": "1"}, capture_output=True, text=True, check=True)
        lines.append(json.dumps(env, ensure_ascii=False) + "\t" + json.loads(said.stdout))
    out.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    common.main(__doc__, make, "hub-caches.tsv", ["huggingface_hub", "transformers"])
