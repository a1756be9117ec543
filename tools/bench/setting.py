"""Where and when something is measured: the commit is the last one that changed what is measured."""
import datetime, subprocess
import processor
from engines import environment
from materials import LANEWISE, PROJECT

SOURCES = ["src/main", "bindings", "pom.xml"]


def describe(kind):
    """kind: of the processor, by which targets go. What is measured with uncommitted changes says so."""
    doctor = subprocess.check_output([LANEWISE, "doctor"], text=True, env=environment())
    lines = [line.split(None, 1) for line in doctor.splitlines()]

    def said(key):
        return next((words[1] for words in lines if len(words) == 2 and words[0] == key), "unknown")

    core = next((line.split("(")[1].split(" kernels")[0] for line in doctor.splitlines() if "OpenBLAS (" in line), "no OpenBLAS")

    def git(*words):
        return subprocess.check_output(["git", *words], cwd=PROJECT, text=True).strip()

    changed = git("status", "--porcelain", "--untracked-files=no", "--", *SOURCES)
    return dict(processor=f'{processor.spoken(processor.name())} ({said("processor")})', kind=kind, vectors=said("vectors"), java=said("java"),
                system=said("system"), openblas=core,
                commit=git("log", "-1", "--abbrev=10", "--format=%h", "--", *SOURCES) + (" with changes" if changed else ""),
                date=datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d"))
