"""What the workers that run PyTorch share (README.md says what a worker is)."""
import os, sys, time


def answers():
    """Where answers go; what the libraries print goes to the error output."""
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    return out


def serve(out, threads, run):
    """Answers each line BATCH TOKENS COUNT with the milliseconds of so many passes run(ids), until a line is empty."""
    import torch  # not before answers()
    torch.set_num_threads(threads)
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
                run(ids)
            times.append((time.perf_counter() - start) * 1e3)
        out.write(" ".join(f"{x:.3f}" for x in times) + "\n"), out.flush()
