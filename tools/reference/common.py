"""What the scripts of this folder share and what needs nothing but Python itself: versions, arguments, files.

A script has a function make(out) that writes into an empty folder, or one file, and ends with

    if __name__ == "__main__":
        common.main(__doc__, make, "goldens-albert", ["torch", "transformers"])

All scripts take the same arguments then: without any, what is committed is written anew once all is made, --out PATH writes elsewhere, and --check makes
all of it in a temporary folder and compares it with what is committed (compare.py says how).
"""

import argparse
import functools
import gzip
import importlib.metadata
import json
import pathlib
import shutil
import sys
import tempfile

import compare

PROJECT = pathlib.Path(__file__).resolve().parents[2]
RESOURCES = PROJECT / "src/test/resources"

# What the committed files were made with. Other versions may give other numbers, names of settings or ids.
VERSIONS = {
    "torch": "2.13.0",
    "transformers": "4.57.6",
    "tokenizers": "0.22.2",
    "sentencepiece": "0.2.2",
    "huggingface_hub": "1.33.0",
    "flax": "0.12.8",
    "h5py": "3.16.0",
}


# --- versions ----------------------------------------------------------------------------------------------------------------


def other_versions(packages, installed=importlib.metadata.version):
    """What is installed in another version than VERSIONS, or not at all, as lines of text."""
    found = []
    for package in packages:
        try:
            version = installed(package).partition("+")[0]
        except importlib.metadata.PackageNotFoundError:
            version = "not installed"
        if version != VERSIONS[package]:
            found.append(f"{package} {VERSIONS[package]} is needed, found: {version}")
    return found


def need(packages, any_version=False):
    """Ends the program where a package is missing or has another version; any_version only tells of other versions."""
    found = other_versions(packages)
    if found:
        print("\n".join(found), file=sys.stderr)
        if not any_version or any("not installed" in line for line in found):
            sys.exit(2)


# --- arguments ---------------------------------------------------------------------------------------------------------------


def main(doc, make, place, packages, produces=("*",), cases=None, same=None):
    """Runs a script that makes committed files.

    doc       the script's own words
    make      make(out), or with cases make(out, names): writes into the folder, or the file, out
    place     where in src/test/resources the files are committed, or a whole path
    packages  whose versions have to be those of VERSIONS
    produces  patterns of what it makes in place, where other scripts make files there too
    cases     names of the cases, where some can be made alone; their folders have these names
    same      more kinds of files to compare, as compare.KINDS
    """
    committed = RESOURCES / place
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, default=committed, help=f"where to write, instead of {committed}")
    parser.add_argument("--check", action="store_true", help="make it in a temporary folder and compare it with what is committed")
    parser.add_argument("--any-version", action="store_true", help="go on with other versions of the packages")
    if cases:
        parser.add_argument("cases", nargs="*", help="only these cases: " + ", ".join(cases))
    a = parser.parse_args()
    names = (a.cases if cases else None) or []
    for name in names:
        if name not in cases:
            parser.error(f"no case has the name {name!r}; there are {', '.join(cases)}")
    need(packages, a.any_version)
    arguments = [names or list(cases)] if cases else []
    with tempfile.TemporaryDirectory() as scratch:
        made = pathlib.Path(scratch) / committed.name
        empty(made, [])
        make(made, *arguments)
        if not a.check:
            empty(a.out, names or produces)
            copy = shutil.copy if made.is_file() else functools.partial(shutil.copytree, dirs_exist_ok=True)
            copy(made, a.out)
            return
        report = compare.paths(committed, made, names or produces, same)
    print(report)
    sys.exit(1 if report.wrong else 0)


def empty(out, patterns):
    """A folder without what these patterns name; of a file only the folder around it."""
    if out.suffix:
        out.parent.mkdir(parents=True, exist_ok=True)
        return
    out.mkdir(parents=True, exist_ok=True)
    for pattern in patterns:
        for path in out.glob(pattern):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def fresh(folder):
    """This folder, new and empty."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


# --- files -------------------------------------------------------------------------------------------------------------------


def compact(value, **settings):
    """JSON without blanks, in UTF-8's letters."""
    return json.dumps(value, **dict(ensure_ascii=False, separators=(",", ":")) | settings)


def write_json(path, value, indent=2, **settings):
    path.write_text(json.dumps(value, indent=indent, **settings) + "\n", "utf-8")


def json_list(values, **settings):
    """A JSON array with a line for each value, so that a diff shows which changed."""
    return "[\n" + ",\n".join(json.dumps(value, **settings) for value in values) + "\n]"


def write_gzip(path, text):
    """The same bytes whenever they are written: without the time and the file's name."""
    with open(path, "wb") as raw, gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0, compresslevel=9) as out:
        out.write(text.encode())


def copy_beside(source, target, names):
    """Those of the files with these names that a folder has."""
    for name in names:
        if (source / name).exists():
            shutil.copy(source / name, target / name)
