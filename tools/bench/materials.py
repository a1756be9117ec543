"""What the measurements need, made once under target/bench: classes, ONNX Runtime, graphs, folders, texts."""
import json, os, pathlib, shutil, subprocess

BENCH = pathlib.Path(__file__).resolve().parent
PROJECT = BENCH.parent.parent
WORK = PROJECT / "target" / "bench"
DEMO = PROJECT / "weights" / "albert-tiny-demo"
LANEWISE = PROJECT / "tools" / "lanewise"
JAR = PROJECT / "target" / "lanewise.jar"
PROGRAMS = ["MixedCorpus", "TextsWorker", "RandomFolder", "CallersWorker", "KernelSpeeds", "HeadWorker"]
BASE = dict(hidden_size=768, num_hidden_layers=12, num_attention_heads=12, intermediate_size=3072,
            max_position_embeddings=512, type_vocab_size=2, initializer_range=0.02, layer_norm_eps=1e-12)
BERT = dict(BASE, model_type="bert", architectures=["BertModel"], vocab_size=30522, hidden_act="gelu")
MINILM = dict(BERT, hidden_size=384, num_hidden_layers=6, intermediate_size=1536)
CONFIGS = {
    "albert": dict(BASE, model_type="albert", architectures=["AlbertModel"], vocab_size=30000, embedding_size=128,
                   num_hidden_groups=1, inner_group_num=1, hidden_act="gelu_new"),
    "bert": BERT,
    "bert-mlm": dict(BERT, architectures=["BertForMaskedLM"]),
    "minilm-classify": dict(MINILM, architectures=["BertForSequenceClassification"], id2label={"0": "LABEL_0"}, label2id={"LABEL_0": 0}),
}


class Materials:
    """Finds or makes them; `python` is one with torch, transformers, onnx and numpy, `flags` are more ones of Lanewise's JVM."""

    def __init__(self, python, flags=()):
        self.python = python
        WORK.mkdir(parents=True, exist_ok=True)
        script = f'source "{PROJECT}/tools/jdk.sh"; find_jdk; build_jar "{PROJECT}"; echo "$JDK"'
        self.jdk = pathlib.Path(subprocess.check_output(["bash", "-ec", script], text=True).split("\n")[0])
        self.java = [self.jdk / "bin" / "java", "--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED",
                     "-XX:+UseSerialGC", *flags]

    def _maven(self, *words):
        subprocess.run(["mvn", "-q", *words], cwd=PROJECT, check=True, env=dict(os.environ, JAVA_HOME=str(self.jdk)))

    def ort_jar(self):
        jar = WORK / "onnxruntime.jar"
        if not jar.exists():
            self._maven("dependency:copy", "-Dartifact=com.microsoft.onnxruntime:onnxruntime:1.29.0",
                        f"-DoutputDirectory={WORK}", "-Dmdep.stripVersion=true")
        return jar

    def class_path(self):
        """Lanewise, the libraries of its tests, and the programs that measure it, compiled."""
        libraries = WORK / "test-class-path"
        if not libraries.exists() or libraries.stat().st_mtime < (PROJECT / "pom.xml").stat().st_mtime:
            self._maven("dependency:build-classpath", "-DincludeScope=test", f"-Dmdep.outputFile={libraries}")
        path = f"{JAR}:{libraries.read_text().strip()}"
        folder = PROJECT / "src" / "test" / "java" / "io" / "lanewise" / "bench"
        classes = self._compiled("classes", path, [folder / f"{name}.java" for name in [*PROGRAMS, "JdkText", "Operand"]])
        return f"{classes}:{path}"

    def _compiled(self, name, path, sources):
        """The folder of the classes, made anew if a source or Lanewise is newer."""
        classes = WORK / name
        stamp = classes / "compiled"
        if not stamp.exists() or stamp.stat().st_mtime < max(f.stat().st_mtime for f in [*sources, JAR]):
            shutil.rmtree(classes, ignore_errors=True)
            subprocess.run([self.jdk / "bin" / "javac", "-proc:none", "-nowarn", "--add-modules", "jdk.incubator.vector", "-d", classes,
                            "-cp", path, *sources], check=True)
            stamp.touch()
        return classes

    def program(self, name, *arguments, flags=()):
        """The command of a program that measures Lanewise."""
        return [*self.java, *flags, "-cp", self.class_path(), f"io.lanewise.bench.{name}", *arguments]

    def ort(self, program, *arguments):
        """The command of a program that measures ONNX Runtime, with a class path of its own: other libraries' natives end it."""
        own = [JAR, *(PROJECT / "target" / "lib").glob("jackson-*.jar"), self.ort_jar()]
        path = ":".join(map(str, own))
        classes = self._compiled("ort-classes", path, [BENCH / "OrtTexts.java", BENCH / "OrtWorker.java"])
        return [self.jdk / "bin" / "java", "--enable-native-access=ALL-UNNAMED", "-cp", f"{classes}:{path}", program, *arguments]

    def graph(self, family, int8=False):
        graph = WORK / f"{family}.onnx"
        wanted = graph.with_suffix(".int8.onnx") if int8 else graph
        if not wanted.exists():
            subprocess.run([self.python, BENCH / "fused_onnx.py", family, graph, *(["--int8"] if int8 else [])], check=True)
        return wanted

    def plain_graph(self, family):
        """As PyTorch exports it, with no operator fused."""
        graph = WORK / f"{family}-plain.onnx"
        if not graph.exists():
            subprocess.run([self.python, BENCH / "plain_onnx.py", family, graph], check=True)
        return graph

    def config(self, family):
        path = WORK / f"{family}-config.json"
        path.write_text(json.dumps(CONFIGS[family], indent=1))
        return path

    def folder(self, family):
        """A base-size model with random weights and the demo's tokenizer."""
        folder = WORK / f"{family}-base"
        if not (folder / "tokenizer.json").exists():
            shutil.rmtree(folder, ignore_errors=True)
            subprocess.run(self.program("RandomFolder", self.config(family), folder), check=True)
            settings = json.loads((DEMO / "tokenizer_config.json").read_text())
            (folder / "tokenizer_config.json").write_text(json.dumps(dict(settings, model_max_length=512), indent=1))
            shutil.copy(DEMO / "tokenizer.json", folder)
        return folder

    def texts(self, count):
        """Texts of mixed lengths, a line each."""
        texts = WORK / f"texts-{count}.txt"
        if not texts.exists():
            subprocess.run(self.program("MixedCorpus", self.folder("albert"), str(count), texts), check=True)
        return texts
