package io.lanewise.golden;

import io.lanewise.BackendException;
import io.lanewise.LanewiseException;
import io.lanewise.checkpoint.Checkpoint;
import io.lanewise.checkpoint.Safetensors;
import io.lanewise.golden.Verdict.Kind;
import io.lanewise.model.Head;
import io.lanewise.model.Inputs;
import io.lanewise.model.Keep;
import io.lanewise.model.Model;
import io.lanewise.model.Options;
import io.lanewise.tensor.Region;
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
      Set.of("forward", "decode", "flax_forward", "flax_decode", "flax_encode_decode");
  private static final Set<String> OPTIONS =
      Set.of("output_hidden_states", "output_attentions", "use_cache", "chunks", "max_length");

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
    var actual = forward(golden);
    write(golden.name(), actual);
    var file = golden.folder().resolve("expected.safetensors");
    if (!Files.exists(file)) {
      var detail = "no expected.safetensors: the result was written, not compared";
      return new Verdict(Kind.PASS, golden.name(), Double.NaN, detail);
    }
    var comparison = new Comparison(golden, validRows(golden));
    comparison.compare(Safetensors.read(file), actual);
    var kind = comparison.fault() == null ? Kind.PASS : Kind.FAIL;
    return new Verdict(kind, golden.name(), comparison.largest(), comparison.fault());
  }

  /** A bad case ends as its outcomes say; an error is one of ours, and says something. */
  private Verdict runBad(GoldenCase golden) throws IOException {
    String outcome;
    String detail;
    try {
      var actual = forward(golden);
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

  private SequencedMap<String, Tensor> forward(GoldenCase golden) {
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
    try (var model = Model.load(golden.folder(), options.withHead(head))) {
      var kept = keep.toArray(Keep[]::new);
      return switch (golden.mode()) {
        case "decode" -> new ChunkedDecoding(model, inputs, golden.chunks()).run();
        case "flax_decode" -> flaxDecoding(golden, model, inputs, kept).alone();
        case "flax_encode_decode" -> flaxDecoding(golden, model, inputs, kept).halves();
        default -> model.forward(inputs, kept).tensors();
      };
    }
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
        var _ = Checkpoint.open(golden.folder(), Options.DEFAULT.loading(), region)) {
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
