package io.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.checkpoint.Safetensors;
import io.lanewise.cli.command.Commands;
import io.lanewise.cli.output.Terminal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The commands of the tasks. That their answers are right is shown beside the tasks; here, that
 * they reach the output, in each of its forms.
 */
class TaskCommandsTest {
  @TempDir private Path folder;

  private static String tiny(String name) {
    return Path.of("src", "test", "resources", "tasks", name).toString();
  }

  @Test
  void classifies() {
    assertThat(Run.of("classify", "--json", "A joy.").json().path("label").textValue())
        .isEqualTo("POSITIVE");
    var both = Run.of("classify", "--json", "-k", "9", "A joy.").succeeded().json();
    assertThat(both).hasSize(2);
    assertThat(both.get(0).path("score").doubleValue() + both.get(1).path("score").doubleValue())
        .isCloseTo(1, org.assertj.core.data.Offset.offset(1e-5));
    var sure = Run.of("classify", "--json", "--threshold", "0.5", "A joy.").json();
    assertThat(sure).hasSize(1);
    var logits = Run.of("classify", "--json", "--function=none", "A joy.").json();
    assertThat(logits.path("score").doubleValue()).isGreaterThan(1);
    var pair = "{\"text\":\"one\",\"pair\":\"two\"}\n{\"text\":\"one\"}\n";
    var lines = Run.reading(pair, "classify", "--jsonl").succeeded().jsonLines();
    assertThat(lines.get(0).path("result")).isNotEqualTo(lines.get(1).path("result"));
    assertThat(
            Run.of("classify", "--jsonl", "--pair", "two", "one")
                .jsonLines()
                .getFirst()
                .path("result"))
        .isEqualTo(lines.get(0).path("result"));
  }

  @Test
  void fillsTargets() {
    var out = Run.of("fill-mask", "--targets", "▁spain,▁france", "The capital of [MASK] is Paris.");
    assertThat(out.succeeded().out().lines()).hasSize(2).first().asString().contains("france");
  }

  @Test
  void tags() {
    var model = tiny("span-bert-tokens");
    var entities = Run.of("tag", "-m", model, "--json", "Ada lived in London.").succeeded().json();
    assertThat(entities).isNotEmpty();
    for (var entity : entities) {
      assertThat(entity.has("entity_group")).isTrue();
      assertThat(entity.path("end").intValue()).isGreaterThan(entity.path("start").intValue());
    }
    var tokens =
        Run.of("tag", "-m", model, "--json", "--aggregation=none", "Ada lived in London.").json();
    assertThat(tokens.get(0).has("entity") && tokens.get(0).has("index")).isTrue();
    assertThat(Run.of("tag", "-m", model, "--csv", "Ada lived.").succeeded().out())
        .startsWith("text,score,entity_group,word,start,end\r\n");
  }

  @Test
  void answers() throws IOException {
    var model = tiny("span-albert-answers");
    var context = "Ada lived in London.";
    var best = Run.of("answer", "-m", model, "-c", context, "--json", "Where?").succeeded().json();
    int start = best.path("start").intValue();
    assertThat(best.path("answer").textValue())
        .isEqualTo(context.substring(start, best.path("end").intValue()));
    var file = Files.writeString(folder.resolve("context.txt"), context);
    assertThat(
            Run.of("answer", "-m", model, "--context-file", file.toString(), "--json", "Where?")
                .json())
        .isEqualTo(best);
    var line = "{\"question\":\"Where?\",\"context\":\"" + context + "\",\"id\":\"x\"}\n";
    var result = Run.reading(line, "answer", "-m", model, "--jsonl").succeeded().jsonLines();
    assertThat(result.getFirst().path("result")).isEqualTo(best);
    assertThat(Run.of("answer", "-m", model, "-c", context, "--json", "-k2", "Where?").json())
        .hasSize(2);
    Run.of("answer", "-m", model, "Where?").failed("--context");
    Run.of("answer", "-m", model, "--context-file", folder + "/none", "Where?").failed("none");
  }

  @Test
  void labelsWithoutTraining() {
    var model = tiny("classes-bart-zero-shot");
    var json =
        Run.of("zero-shot", "-m", model, "-l", "sport,politics", "--json", "A match.").json();
    assertThat(json.path("sequence").textValue()).isEqualTo("A match.");
    assertThat(json.path("labels")).hasSize(2);
    assertThat(json.path("scores").get(0).doubleValue())
        .isGreaterThanOrEqualTo(json.path("scores").get(1).doubleValue());
    var own = "{\"text\":\"A match.\",\"labels\":[\"a\",\"b\",\"c\"]}\n";
    var lines = Run.reading(own, "zero-shot", "-m", model, "--jsonl", "-l", "x").jsonLines();
    assertThat(lines.getFirst().path("result").path("labels")).hasSize(3);
    var spaced = Run.of("zero-shot", "-m", model, "-l", " sport , politics", "--json", "A match.");
    assertThat(spaced.json()).isEqualTo(json);
    Run.of("zero-shot", "-m", "weights/albert-tiny-sentiment", "-l", "a", "x").failed("entailment");
    Run.of("zero-shot", "-m", model, "-l", "a", "--entailment", "YES", "x").failed("YES");
    assertThat(
            Run.of("zero-shot", "-m", model, "-l", "a", "--entailment", "neutral", "--json", "x")
                .json()
                .path("labels"))
        .hasSize(1);
    Run.of("zero-shot", "-m", model, "A match.").failed("--labels");
    Run.of("zero-shot", "-m", model, "-l", "", "A match.").failed("--labels");
    Run.of("zero-shot", "-m", model, "-l", "a", "--template", "none", "A match.").failed("none");
  }

  @Test
  void chooses() {
    var model = tiny("classes-roberta-choose");
    var json =
        Run.of("choose", "-m", model, "He sat and", "-c", "sang.", "-c", "flew.", "--json").json();
    assertThat(json).hasSize(2);
    int index = json.get(0).path("index").intValue();
    assertThat(json.get(0).path("choice").textValue()).isEqualTo(index == 0 ? "sang." : "flew.");
    var line = "{\"premise\":\"He sat and\",\"choices\":[\"sang.\",\"flew.\"]}\n";
    assertThat(
            Run.reading(line, "choose", "-m", model, "--jsonl")
                .jsonLines()
                .getFirst()
                .path("result"))
        .isEqualTo(json);
    Run.of("choose", "-m", model, "He sat and").failed("--choice");
  }

  @Test
  void tellsWhatFollows() {
    var next = tiny("classes-bert-next");
    assertThat(
            Run.of("next-sentence", "-m", next, "Rain.", "--pair", "Wet.", "--json")
                .json()
                .has("follows"))
        .isTrue();
    var order = tiny("classes-albert-order");
    assertThat(
            Run.of("next-sentence", "--order", "-m", order, "Rain.", "--pair", "Wet.", "--json")
                .json()
                .has("in_order"))
        .isTrue();
    Run.of("next-sentence", "-m", next, "Rain.").failed("second");
    Run.of("next-sentence", "-m", order, "Rain.", "--pair", "Wet.").failed("--order");
  }

  @Test
  void embedsIntoFilesOfOtherTools() throws IOException {
    var model = tiny("classes-bert-embed");
    var lines = Run.of("embed", "-m", model, "--jsonl", "one cat", "two dogs").jsonLines();
    int size = lines.getFirst().path("result").size();

    var npy = folder.resolve("v.npy");
    Run.of("embed", "-m", model, "-o", npy.toString(), "one cat", "two dogs").succeeded();
    var bytes = ByteBuffer.wrap(Files.readAllBytes(npy)).order(ByteOrder.LITTLE_ENDIAN);
    int head = bytes.getShort(8) + 10;
    assertThat(head % 64).isZero();
    assertThat(new String(bytes.array(), 10, head - 10, StandardCharsets.US_ASCII))
        .startsWith("{'descr': '<f4', 'fortran_order': False, 'shape': (2, " + size + "), }")
        .endsWith("\n");
    assertThat(bytes.capacity()).isEqualTo(head + 2 * size * 4);

    var safetensors = folder.resolve("v.safetensors");
    Run.of("embed", "-m", model, "-o", safetensors.toString(), "one cat", "two dogs").succeeded();
    var values = Safetensors.read(safetensors).get("embeddings").floats();
    for (int i = 0; i < values.length; i++) {
      float expected = lines.get(i / size).path("result").get(i % size).floatValue();
      assertThat(values[i]).isEqualTo(expected);
      assertThat(bytes.getFloat(head + 4 * i)).isEqualTo(expected);
    }
    // Nothing half done is left behind, and nothing can be missing in the middle.
    Files.delete(npy);
    var input = "{\"text\":\"one\"}\n{}\n";
    Run.reading(input, "embed", "-m", model, "--jsonl", "-o", npy.toString()).failed("line 2");
    assertThat(folder.toFile().list()).containsExactly("v.safetensors");
    Run.of("embed", "-m", model, "-o", npy.toString(), "--skip-errors", "x")
        .failed("--skip-errors");
    assertThat(Run.of("embed", "-m", model, "--csv", "one").out().lines().toList().getFirst())
        .startsWith("text,v0,v1,")
        .endsWith(",v" + (size - 1));
    assertThat(Run.of("embed", "-m", model, "--json", "--dimensions", "3", "x").json()).hasSize(3);
  }

  @Test
  void compares() {
    var model = tiny("classes-bert-embed");
    var out = Run.of("similarity", "-m", model, "a cat", "a cat", "dogs").succeeded().out();
    assertThat(out.lines()).hasSize(2).first().asString().matches(" *1\\.000000  a cat");
    assertThat(
            Run.of("similarity", "-m", model, "--to", "a cat", "--json", "dogs").json().isNumber())
        .isTrue();
    var line = "{\"text\":\"a cat\",\"pair\":\"a cat\"}\n";
    assertThat(
            Run.reading(line, "similarity", "-m", model, "--jsonl")
                .jsonLines()
                .getFirst()
                .path("result")
                .floatValue())
        .isEqualTo(1f, org.assertj.core.data.Offset.offset(1e-5f));
    Run.of("similarity", "-m", model, "a cat").failed("--to");
  }

  private static String family(String name) {
    return Path.of("src", "test", "resources", "families", name).toString();
  }

  @Test
  void embedsSparsely() {
    var model = family("embedder_splade_max");
    var text = "the capital of france is paris";
    var json = Run.of("embed", "--sparse", "-m", model, "--json", text).succeeded().json();
    assertThat(json.isObject()).isTrue();
    var weights = new java.util.ArrayList<Double>();
    json.forEach(each -> weights.add(each.doubleValue()));
    assertThat(weights).hasSizeGreaterThan(2).isSortedAccordingTo((a, b) -> Double.compare(b, a));
    var two = Run.of("embed", "--sparse", "-k", "2", "-m", model, "--jsonl", text).jsonLines();
    assertThat(two.getFirst().path("result").fieldNames())
        .toIterable()
        .containsExactlyElementsOf(
            java.util.stream.StreamSupport.stream(
                    ((Iterable<String>) json::fieldNames).spliterator(), false)
                .limit(2)
                .toList());
    assertThat(Run.of("embed", "--sparse", "-k2", "-m", model, text).out().lines())
        .hasSize(2)
        .first()
        .asString()
        .contains(json.fieldNames().next());
    assertThat(Run.of("embed", "--sparse", "-m", model, "--csv", text).out().lines().findFirst())
        .hasValueSatisfying(head -> assertThat(head).contains("token", "weight", "index"));
    var router = family("embedder_sparse_router");
    var query = Run.of("embed", "--sparse", "--role=query", "-m", router, "--json", "paris").json();
    assertThat(query.fieldNames()).toIterable().containsExactly("paris");
    Run.of("embed", "--sparse", "--dimensions", "3", "-m", model, "x").refused("--sparse");
    Run.of("embed", "--top-k", "3", "-m", model, "x").refused("--sparse");
    Run.of("embed", "--sparse", "-k0", "-m", model, "x").refused("--top-k 0");
    Run.of("embed", "--sparse", "-m", model, "-o", folder.resolve("x.npy").toString(), "x")
        .failed("no array");
    Run.of("embed", "--sparse", "-m", tiny("classes-bert-embed"), "x").failed("lanewise embed");
  }

  @Test
  void reranksByTheVectorsOfTokens() {
    var model = family("embedder_colbert_stanford");
    var ranked =
        Run.of("rerank", "--late", "-m", model, "-q", "paris", "--json", "rome", "paris").json();
    assertThat(ranked).hasSize(2);
    assertThat(ranked.get(0).path("score").doubleValue())
        .isGreaterThan(ranked.get(1).path("score").doubleValue());
    var best = Run.of("rerank", "--late", "-m", model, "-q", "paris", "-k1", "rome", "paris");
    assertThat(best.out().lines()).hasSize(1);
    Run.of("rerank", "--late", "-m", tiny("classes-bert-rerank"), "-q", "x", "a")
        .failed("vector of each token");
  }

  @Test
  void reranks() throws IOException {
    var model = tiny("classes-bert-rerank");
    var json =
        Run.of("rerank", "-m", model, "-q", "how tall", "--json", "it is", "no", "tall").json();
    assertThat(json).hasSize(3);
    assertThat(json.get(0).path("score").doubleValue())
        .isGreaterThanOrEqualTo(json.get(1).path("score").doubleValue());
    var passages = Files.writeString(folder.resolve("p.txt"), "it is\nno\ntall\n").toString();
    assertThat(Run.of("rerank", "-m", model, "-q", "how tall", "--json", "-f", passages).json())
        .isEqualTo(json);
    var line = "{\"query\":\"how tall\",\"passages\":[\"it is\",\"no\",\"tall\"]}\n";
    assertThat(
            Run.reading(line, "rerank", "-m", model, "--jsonl")
                .jsonLines()
                .getFirst()
                .path("result"))
        .isEqualTo(json);
    assertThat(Run.of("rerank", "-m", model, "-q", "x", "-k1", "a", "b").out().lines()).hasSize(1);
    Run.of("rerank", "-m", model, "a", "b").failed("--query");
  }

  @Test
  void writesTexts() {
    var decoder = tiny("generation/bert-lm");
    var options = new String[] {"-m", decoder, "--no-sample", "-n", "6"};
    var whole = Run.of(with(options, "generate", "one two")).succeeded().out();
    assertThat(whole).startsWith("one two").endsWith("\n");
    assertThat(Run.of(with(options, "generate", "--stream", "one two")).succeeded().out())
        .isEqualTo(whole);
    assertThat(
            Run.of(with(options, "generate", "--json", "--continuation", "one two"))
                .json()
                .get(0)
                .path("generated_text")
                .textValue())
        .doesNotStartWith("one two");
    var bart = tiny("generation/bart");
    assertThat(Run.of("generate", "-m", bart, "-n", "8", "--json", "--sequences=2", "one").json())
        .hasSize(2);
    assertThat(
            Run.of("summarize", "-m", bart, "-n", "8", "-g", "min_length=3", "--json", "one two")
                .json()
                .get(0)
                .has("summary_text"))
        .isTrue();
    Run.of("generate", "-m", bart, "-g", "no_such=1", "x").failed("no_such");
    Run.of("generate", "-m", bart, "--stream", "x", "y").failed("--stream");
  }

  private static String[] with(String[] options, String command, String... rest) {
    var all = new java.util.ArrayList<String>(java.util.List.of(command));
    all.addAll(java.util.List.of(options));
    all.addAll(java.util.List.of(rest));
    return all.toArray(String[]::new);
  }

  @Test
  void scores() {
    var json = Run.of("score", "--json", "Paris is the capital of France.").succeeded().json();
    double perplexity = json.path("perplexity").doubleValue();
    assertThat(
            Math.exp(-json.path("log_likelihood").doubleValue() / json.path("tokens").intValue()))
        .isCloseTo(perplexity, org.assertj.core.data.Percentage.withPercentage(1e-6));
    assertThat(Run.of("score", "--json", "--tokens", "Paris is").json().path("tokens")).hasSize(2);
    assertThat(Run.of("score", "--csv", "Paris").out())
        .startsWith("text,perplexity,log_likelihood,tokens\r\nParis,");
  }

  @Test
  void tokenizesAndDecodesJsonLines() {
    var tokens = Run.reading("{\"text\":\"a\",\"pair\":\"b\"}\n", "tokenize", "--jsonl");
    var result = tokens.succeeded().jsonLines().getFirst().path("result");
    assertThat(result.path("token_type_ids").get(0).intValue()).isZero();
    int last = result.path("token_type_ids").size() - 1;
    assertThat(result.path("token_type_ids").get(last).intValue()).isEqualTo(1);
    var ids = "{\"input_ids\":" + result.path("input_ids") + "}\n";
    assertThat(
            Run.reading(ids, "decode", "--jsonl")
                .jsonLines()
                .getFirst()
                .path("result")
                .path("tokens"))
        .isEqualTo(result.path("tokens"));
    Run.reading("{\"input_ids\":[2.5]}\n", "decode", "--jsonl").failed("2.5");
    assertThat(Run.of("tokenize", "--csv", "--table", "a").out())
        .startsWith("text,position,id,token,start,end,word\r\na,0,2,[CLS],0,0,\r\n");
  }

  /** Commands that no demo fits say what kind of model they want, and where there is one. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "tag",
        "answer",
        "zero-shot",
        "choose",
        "next-sentence",
        "embed",
        "similarity",
        "rerank",
        "summarize",
        "generate"
      })
  void withoutAModelTheySayWhichOne(String command) {
    var run = Run.of(command, "x").failed("no model: " + command + " wants a");
    assertThat(run.err()).containsPattern("lanewise fetch [\\w.-]+/[\\w.-]+, then");
  }

  @ParameterizedTest
  @CsvSource({
    "clasify x, classify",
    "embedd x, embed",
    "classify --jsnol x, --jsonl",
    "classify --top-l=3 x, --top-k",
    "rerank --qery=x y, --query",
    "generate --temprature=1 x, --temperature"
  })
  void aTypoIsTurnedIntoASuggestion(String line, String suggestion) {
    Run.of(line.split(" ")).refused(suggestion);
  }

  /** Every command has a description, and words for all that it takes. */
  @Test
  void everyCommandExplainsItself() {
    var line = new picocli.CommandLine(new Commands(null, null, null, Terminal.NONE));
    line.getSubcommands()
        .forEach(
            (name, command) -> {
              var spec = command.getCommandSpec();
              assertThat(spec.usageMessage().description()).as(name).isNotEmpty();
              for (var option : spec.options()) {
                assertThat(option.description()).as(name + option).isNotEmpty();
              }
              for (var parameter : spec.positionalParameters()) {
                assertThat(parameter.description()).as(name + parameter).isNotEmpty();
              }
            });
  }
}
