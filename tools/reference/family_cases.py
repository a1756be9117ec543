#!/usr/bin/env python3
"""Makes src/test/resources/families: tiny cases of the families that came after the first six.

Needs torch, transformers 4.57, safetensors, tokenizers, numpy, h5py and flax. Run from the project's folder:
    python tools/reference/family_cases.py [CASE_PREFIX...]
families/ holds a module for each family, and the format of their cases is that of the golden cases. Folders of embedders
(embedder_*) have expected.json in place of case.json.
"""

import shutil
import sys

import torch
import transformers

from families import deberta, described, distilbert, electra, embedders, modernbert, mpnet, roformer, xlm_roberta_xl
from families.golden import OUT, make
from families.frameworks import WRITERS


def cases():
    for family, made in (
            (distilbert.FAMILY, distilbert.cases), (mpnet.FAMILY, mpnet.cases), (electra.FAMILY, electra.cases),
            (deberta.SECOND, deberta.second), (deberta.FIRST, deberta.first), (modernbert.FAMILY, modernbert.cases),
            (xlm_roberta_xl.FAMILY, xlm_roberta_xl.cases), (roformer.FAMILY, roformer.cases)):
        for case in made():
            yield family, case


def main(prefixes):
    transformers.logging.set_verbosity_error()
    torch.set_num_threads(1)
    for family, case in cases():
        if not prefixes or case.name.startswith(tuple(prefixes)):
            shutil.rmtree(OUT / case.name, ignore_errors=True)
            make(family, case, others=WRITERS)
    for case in described.cases():
        if not prefixes or case[0].startswith(tuple(prefixes)):
            shutil.rmtree(OUT / case[0], ignore_errors=True)
            described.make(*case)
    for name in embedders.FOLDERS:
        if not prefixes or name.startswith(tuple(prefixes)):
            shutil.rmtree(OUT / name, ignore_errors=True)
            embedders.make(name)


if __name__ == "__main__":
    main(sys.argv[1:])
