#!/usr/bin/env python3
"""A worker (see README.md) for generation by Hugging Face transformers on PyTorch: torch_generate_worker.py TOKENS BEAMS THREADS

BART-base with random weights in fp32: each pass generates TOKENS new tokens from each text, the encoder included."""
import sys
import torch_passes
generated, beams, threads = map(int, sys.argv[1:4])
out = torch_passes.answers()
import torch, transformers as t
torch.manual_seed(0)
model = t.BartForConditionalGeneration(t.BartConfig(
    d_model=768, encoder_layers=6, decoder_layers=6, encoder_attention_heads=12, decoder_attention_heads=12,
    encoder_ffn_dim=3072, decoder_ffn_dim=3072, forced_eos_token_id=None)).eval()


def run(ids):
    made = model.generate(ids, num_beams=beams, do_sample=False, use_cache=True, min_new_tokens=generated, max_new_tokens=generated)
    assert made.shape == (len(ids), 1 + generated)


torch_passes.serve(out, threads, run)
