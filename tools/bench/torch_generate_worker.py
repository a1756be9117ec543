#!/usr/bin/env python3
"""A worker (see README.md) for generation by Hugging Face transformers on PyTorch: torch_generate_worker.py TOKENS BEAMS THREADS

BART-base with random weights in fp32: each pass generates TOKENS new tokens from each text, the encoder included."""
import os, sys, time
generated, beams, threads = map(int, sys.argv[1:4])
out = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
import torch, transformers as t
torch.set_num_threads(threads)
torch.manual_seed(0)
model = t.BartForConditionalGeneration(t.BartConfig(
    d_model=768, encoder_layers=6, decoder_layers=6, encoder_attention_heads=12, decoder_attention_heads=12,
    encoder_ffn_dim=3072, decoder_ffn_dim=3072, forced_eos_token_id=None)).eval()
out.write("ready\n"), out.flush()
for line in sys.stdin:
    if not line.strip():
        break
    batch, tokens, n = map(int, line.split())
    times = []
    for _ in range(n):
        ids = torch.randint(5, 20000, (batch, tokens))
        start = time.perf_counter()
        with torch.inference_mode():
            made = model.generate(ids, num_beams=beams, do_sample=False, use_cache=True, min_new_tokens=generated,
                                  max_new_tokens=generated)
        times.append((time.perf_counter() - start) * 1e3)
        assert made.shape == (batch, 1 + generated)
    out.write(" ".join(f"{x:.3f}" for x in times) + "\n"), out.flush()
