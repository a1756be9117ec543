"""Which processor this is: the name of its results' folder, and the kind that targets go by."""
import pathlib, platform, re

# Family and models, as in the makers' manuals and Linux' arch/x86/include/asm.
AMD = {0x17: [((0x30, 0x4f), "zen-2"), ((0x60, 0x7f), "zen-2"), ((0x90, 0x91), "zen-2"), ((0xa0, 0xaf), "zen-2"), ((0x00, 0xff), "zen")],
       0x19: [((0x10, 0x1f), "zen-4"), ((0x60, 0x7f), "zen-4"), ((0xa0, 0xaf), "zen-4"), ((0x00, 0xff), "zen-3")],
       0x1a: [((0x50, 0x5f), "zen-6"), ((0x80, 0xaf), "zen-6"), ((0xc0, 0xcf), "zen-6"), ((0x00, 0xff), "zen-5")]}
INTEL = {0x3c: "haswell", 0x3f: "haswell", 0x45: "haswell", 0x46: "haswell", 0x3d: "broadwell", 0x47: "broadwell", 0x4f: "broadwell",
         0x56: "broadwell", 0x4e: "skylake", 0x5e: "skylake", 0x8e: "kaby-lake", 0x9e: "kaby-lake", 0xa5: "comet-lake",
         0x55: "skylake-server", 0x6a: "ice-lake-server", 0x6c: "ice-lake-server", 0x7d: "ice-lake", 0x7e: "ice-lake",
         0x8c: "tiger-lake", 0x8d: "tiger-lake", 0x97: "alder-lake", 0x9a: "alder-lake", 0xb7: "raptor-lake", 0xba: "raptor-lake",
         0xbf: "raptor-lake", 0x8f: "sapphire-rapids", 0xcf: "emerald-rapids", 0xad: "granite-rapids", 0xae: "granite-rapids",
         0xaf: "sierra-forest", 0xaa: "meteor-lake", 0xc5: "arrow-lake", 0xc6: "arrow-lake", 0xbd: "lunar-lake"}
AS_AVX2 = "-as-avx2"  # the end of a folder's name where AVX-512 was kept from the engines
KINDS = {"AMD": "AMD with AVX-512", "Intel": "Intel with AVX-512", "AVX2": "AVX2 without AVX-512", "other": "neither of x86-64"}


def facts(text):
    """The first processor of /proc/cpuinfo."""
    return {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in text.split("\n\n")[0].splitlines())}


def cpuinfo():
    file = pathlib.Path("/proc/cpuinfo")
    return file.read_text(encoding="utf-8") if file.exists() else ""


def name(text=None):
    """As in amd-zen-4 or intel-emerald-rapids; of one that is not known family and model."""
    known = facts(cpuinfo() if text is None else text)
    maker = {"AuthenticAMD": "amd", "GenuineIntel": "intel"}.get(known.get("vendor_id"))
    if not maker:
        words = f"{known.get('vendor_id', '')} {known.get('model name') or platform.processor() or platform.machine()}"
        return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")
    family, model = int(known["cpu family"]), int(known["model"])
    if maker == "amd":
        found = next((word for (first, last), word in AMD.get(family, []) if first <= model <= last), None)
    else:
        found = INTEL.get(model) if family == 6 else None
    return f"{maker}-{found or f'family-{family}-model-{model}'}"


def kind(text=None):
    """AMD, Intel, AVX2 or other: targets differ between these."""
    known = facts(cpuinfo() if text is None else text)
    flags = known.get("flags", "").split()
    if "avx512f" in flags:
        return "AMD" if known.get("vendor_id") == "AuthenticAMD" else "Intel"
    return "AVX2" if "avx2" in flags else "other"


def spoken(folder):
    """For a heading: AMD Zen 4."""
    return " ".join(word.upper() if word in ("amd", "avx2") else word.capitalize() if word not in ("as", "family", "model") else word
                    for word in folder.split("-"))
