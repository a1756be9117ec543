package io.lanewise.golden;

import io.lanewise.BackendException;
import io.lanewise.LanewiseException;
import io.lanewise.checkpoint.Checkpoint;
import io.lanewise.checkpoint.Safetensors;
import io.lanewise.checkpoint.folder.OpenedFolder;
import io.lanewise.checkpoint.format.Loading;
import io.lanewise.golden.Verdict.Kind;
import io.lanewise.memory.Region;
import io.lanewise.model.Head;
import io.lanewise.model.Inputs;
import io.lanewise.model.Keep;
import io.lanewise.model.Model;
import io.lanewise.model.Options;
import io.lanewise.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;

/**
 * Runs golden cases through the public API and compares all that comes out.
 *
 * @param options how to load the models; the head is the case's own
 * @param out where results and errors are written, a folder for each case; null for nowhere
 */
record GoldenRunner(Options options, Path out) {
  private static final Set<String> MODES =
      Set.of("forward", "decode", "generate", "flax_forward", "flax_decode", "flax_encode_decode");
  private static final Set<String> OPTIONS =
      Set.of(
          "output_hidden_states",
          "output_attentions",
          "use_cache",
          "chunks",
          "max_length",
          "generate");

  /** The cases of a set, by name. */
  static List<Path> cases(Path set) throws IOException {
    try (var folders = Files.list(set)) {
      return folders.filter(folder -> Files.exists(folder.resolve("case.json"))).sorted().toList();
    }
  }

  /** Runs one case; whatever happens is in the verdict. */
  Verdict run(Path folder) {
    var name = folder.getFileName().toString();
    try {
      var golden = GoldenCase.read(folder);
      if (!isBuilt(golden)) {
        return new Verdict(Kind.UNSUPPORTED, name, Double.NaN, golden.architecture());
      }
      return golden.isBad() ? runBad(golden) : runGood(golden);
    } catch (Exception | Error e) {
      return error(name, e);
    }
  }

  private Verdict runGood(GoldenCase golden) throws IOException {
    var verdict = compare(golden, null);
    if (verdict.kind() != Kind.PASS) {
      return verdict;
    }
    for (var weights : golden.otherWeights()) {
      var other = compare(golden, weights);
      if (other.kind() != Kind.PASS) {
        var detail = weights + ": " + other.detail();
        return new Verdict(other.kind(), golden.name(), other.largest(), detail);
      }
      verdict = verdict.largest() < other.largest() ? other : verdict;
    }
    return verdict;
  }

  /**
   * Compares what comes out of one of a case's weight files.
   *
   * @param weights its name; null for the one that a folder with all of them is loaded from
   */
  private Verdict compare(GoldenCase golden, String weights) throws IOException {
    var actual = forward(golden, weights);
    write(golden.name(), actual);
    var file = golden.folder().resolve("expected.safetensors");
    if (!Files.exists(file)) {
      var detail = "no expected.safetensors: the result was written, not compared";
      return new Verdict(Kind.PASS, golden.name(), Double.NaN, detail);
    }
    var comparison = new Comparison(golden, validRows(golden));
    comparison.compare(expected(golden, file), actual);
    var kind = comparison.fault() == null ? Kind.PASS : Kind.FAIL;
    return new Verdict(kind, golden.name(), comparison.largest(), comparison.fault());
  }

  private static SequencedMap<String, Tensor> expected(GoldenCase golden, Path file) {
    var expected = Safetensors.read(file);
    if (!golden.mode().equals("generate")) {
      return expected;
    }
    int end = Checkpoint.generation(golden.folder()).orElseThrow().integer("eos_token_id", -1);
    return Generation.withoutEnded(expected, end);
  }

  /** A bad case ends as its outcomes say; an error is one of ours, and says something. */
  private Verdict runBad(GoldenCase golden) throws IOException {
    String outcome;
    String detail;
    try {
      var actual = forward(golden, null);
      write(golden.name(), actual);
      boolean empty = actual.values().stream().allMatch(tensor -> tensor.shape().count() == 0);
      outcome = empty ? "empty" : "ok";
      detail = "it ended without an error";
    } catch (BackendException e) {
      throw e; // says nothing about the case
    } catch (LanewiseException e) {
      writeError(golden.name(), e);
      outcome = e.getMessage().isBlank() ? "an error without a message" : "error";
      detail = e.getMessage();
    }
    var kind = golden.outcomes().contains(outcome) ? Kind.PASS : Kind.FAIL;
    return new Verdict(kind, golden.name(), Double.NaN, detail);
  }

  private SequencedMap<String, Tensor> forward(GoldenCase golden, String weights) {
    var head = golden.architecture() == null ? null : Head.named(golden.architecture()).get();
    var inputs = Inputs.of(Safetensors.read(golden.folder().resolve("inputs.safetensors")));
    var keep = new ArrayList<Keep>();
    if (isAsked(golden, "output_hidden_states")) {
      keep.add(Keep.HIDDEN_STATES);
    }
    if (isAsked(golden, "output_attentions")) {
      keep.add(Keep.ATTENTIONS);
    }
    if (isAsked(golden, "use_cache")) {
      keep.add(Keep.PAST_KEY_VALUES);
    }
    try (var model = load(golden, weights, options.withHead(head))) {
      var kept = keep.toArray(Keep[]::new);
      return switch (golden.mode()) {
        case "decode" -> new ChunkedDecoding(model, inputs, golden.chunks()).run();
        case "generate" -> new Generation(model, inputs, golden.options().get("generate")).run();
        case "flax_decode" -> flaxDecoding(golden, model, inputs, kept).alone();
        case "flax_encode_decode" -> flaxDecoding(golden, model, inputs, kept).halves();
        default -> model.forward(inputs, kept).tensors();
      };
    }
  }

  private static Model load(GoldenCase golden, String weights, Options options) {
    return weights == null
        ? Model.load(golden.folder(), options)
        : Model.load(golden.folder(), weights, options);
  }

  private static FlaxDecoding flaxDecoding(
      GoldenCase golden, Model model, Inputs inputs, Keep... keep) {
    int maxLength = golden.options().get("max_length").asInt();
    return new FlaxDecoding(model, inputs, golden.chunks(), maxLength, keep);
  }

  private static boolean isAsked(GoldenCase golden, String option) {
    return golden.options().containsKey(option) && golden.options().get(option).asBoolean();
  }

  private static Tensor validRows(GoldenCase golden) {
    return golden.validRows() == null
        ? null
        : Safetensors.read(golden.folder().resolve("inputs.safetensors")).get(golden.validRows());
  }

  /** Whether the case's mode and family exist yet, or the case fails before either matters. */
  private static boolean isBuilt(GoldenCase golden) {
    if (golden.isBad() && !opens(golden)) {
      return true;
    }
    var type = Checkpoint.config(golden.folder()).text("model_type", golden.family());
    boolean family = Model.families().contains(golden.family()) || !type.equals(golden.family());
    return family
        && MODES.contains(golden.mode())
        && OPTIONS.containsAll(golden.options().keySet());
  }

  private static boolean opens(GoldenCase golden) {
    try (var region = Region.open();
        var _ = OpenedFolder.open(golden.folder(), Loading.MAP, region)) {
      return true;
    } catch (LanewiseException e) {
      return false;
    }
  }

  private Verdict error(String name, Throwable e) {
    try {
      writeError(name, e);
    } catch (IOException again) {
      e.addSuppressed(again);
    }
    return new Verdict(Kind.ERROR, name, Double.NaN, e.toString());
  }

  private void write(String name, SequencedMap<String, Tensor> tensors) throws IOException {
    if (out != null) {
      var folder = Files.createDirectories(out.resolve(name));
      Safetensors.write(folder.resolve("actual.safetensors"), tensors);
    }
  }

  private void writeError(String name, Throwable e) throws IOException {
    if (out != null) {
      var folder = Files.createDirectories(out.resolve(name));
      Files.writeString(
          folder.resolve("error.txt"), e.getClass().getName() + "\n" + e.getMessage() + "\n");
    }
  }
}
