package io.lanewise.cli.command;

import io.lanewise.BackendException;
import io.lanewise.LanewiseException;
import io.lanewise.cli.option.ModelOptions;
import io.lanewise.cli.output.ErrorMessages;
import io.lanewise.cli.output.Machine;
import io.lanewise.cli.output.Table;
import io.lanewise.cli.output.Version;
import io.lanewise.kernel.Backend;
import io.lanewise.kernel.Precision;
import io.lanewise.kernel.VectorUnit;
import io.lanewise.kernel.speed.ProductSpeed;
import io.lanewise.kernel.speed.VectorSpeed;
import io.lanewise.memory.NativeImage;
import io.lanewise.model.FolderSettings;
import io.lanewise.model.Model;
import io.lanewise.model.Options;
import io.lanewise.task.text.TextModel;
import io.lanewise.text.Visible;
import io.lanewise.tokenizer.TokenizerOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Whether this machine and this JVM are fit, and which kernels they get. */
@Command(
    name = "doctor",
    description = {
      "Says what this machine and this JVM offer, and warns of what is in the way.",
      "With --model also what a run with it would say: whether its folder can be loaded, as what,"
          + " and with which kernels; the exit code is 1 if it cannot."
    },
    footer = {"", "Example: lanewise doctor --model albert/albert-base-v2 --dtype int8"})
final class DoctorCommand implements Callable<Integer> {
  /** Vector kernels that work are faster than this beside scalar code, even with short vectors. */
  private static final double LEAST_SPEED = 1.5;

  /** In an image vector kernels that work reach this beside scalar code. */
  private static final double LEAST_IN_IMAGE = 4;

  /** Flags that turn the compiler or what it may use down, and agents. */
  private static final Pattern SLOWING =
      Pattern.compile(
          "-Xint|-Xcomp|-agent(lib|path):.*|-javaagent:.*|-XX:(TieredStopAtLevel=.*|UseAVX=.*"
              + "|UseSSE=.*|-UseFMA|-UseSuperWord|-EnableVectorSupport|MaxVectorSize=.*)");

  /** Products that reach less of the multiply-adds' peak have something in their way. */
  private static final double LEAST_SHARE = 0.7;

  @Mixin private ModelOptions model;
  @ParentCommand private RootCommand root;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    var folder = model.named() ? model.settings() : null;
    var options = folder == null ? model.options() : model.options(folder);
    int threads =
        options.threads() > 0 ? options.threads() : Runtime.getRuntime().availableProcessors();
    var table = new Table("ll");
    table.row("lanewise", Version.library());
    table.row("java", Runtime.version() + ", " + Version.virtualMachine());
    table.row("", home());
    table.row("system", Version.system());
    var runtime = Runtime.getRuntime();
    table.row("processor", Machine.processor() + ", " + runtime.availableProcessors() + " usable");
    table.row("heap", "at most " + Table.size(runtime.maxMemory()));
    table.row("vectors", Machine.hasVectorModule() ? vectors() : "off");
    double speed = vectorSpeed();
    if (VectorUnit.refusal().isEmpty()) {
      table.row("", String.format(Locale.ROOT, "vector kernels run at %.1f times scalar", speed));
    }
    var products = productSpeed();
    products.ifPresent(
        found ->
            table.row(
                "products",
                String.format(
                    Locale.ROOT,
                    "reach %.2f of the multiply-adds' peak on one thread, which is %.0f GFLOP/s",
                    found.share(),
                    found.peak() / 1e9)));
    for (var choice : Backend.Choice.values()) {
      rows(
          table,
          choice.name().toLowerCase(Locale.ROOT),
          kernels(choice, threads, Precision.FLOAT32));
    }
    for (var precision : List.of(Precision.BFLOAT16, Precision.INT8)) {
      rows(table, precision.label(), kernels(Backend.Choice.AUTO, threads, precision));
    }
    boolean runs = folder == null || isLoaded(folder, options, table);
    table.print(root.results(), "");
    var warnings = warnings();
    slowVectors(speed, bits(), NativeImage.isHere()).ifPresent(warnings::add);
    // An image's compiler reaches less on some processors, and nobody can help it: the table says
    // it.
    if (speed >= LEAST_SPEED && !NativeImage.isHere()) {
      products.flatMap(found -> slowProducts(found, flags())).ifPresent(warnings::add);
    }
    if (!runs) {
      warnings.add("the model cannot be loaded: the table says why");
    }
    for (var warning : warnings) {
      root.results().line(Visible.of("warning: " + warning));
    }
    if (warnings.isEmpty()) {
      root.results().line("no warnings");
    }
    return runs ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private static void rows(Table table, String name, List<String> lines) {
    for (int i = 0; i < lines.size(); i++) {
      table.row(i == 0 ? name : "", lines.get(i));
    }
  }

  /**
   * How many times as fast as scalar code vector kernels run; NaN where there are none. What else
   * the machine does can only make it slower, so a bad time is measured again.
   */
  private static double vectorSpeed() {
    if (VectorUnit.refusal().isPresent()) {
      return Double.NaN;
    }
    double speed = VectorSpeed.timesPlain();
    double least = NativeImage.isHere() ? LEAST_IN_IMAGE : LEAST_SPEED;
    for (int again = 0; again < 2 && speed < least; again++) {
      speed = Math.max(speed, VectorSpeed.timesPlain());
    }
    return speed;
  }

  /** Of the products that a model of fp32 gets; a bad share is measured again, as above. */
  private static Optional<ProductSpeed> productSpeed() {
    if (VectorUnit.refusal().isPresent()) {
      return Optional.empty();
    }
    try (var backend = Backend.of(Backend.Choice.AUTO, 1)) {
      var found = ProductSpeed.of(backend);
      return Optional.of(found.share() < LEAST_SHARE ? ProductSpeed.of(backend) : found);
    }
  }

  /** Loads the model as a run does, and says what that says. */
  private boolean isLoaded(FolderSettings folder, Options options, Table table) {
    try {
      try (var loaded = Model.load(folder, options)) {
        table.row("model", loaded.family() + " " + loaded.head().suffix() + " in " + folder);
        rows(table, "its kernels", loaded.kernels().reasons());
        rows(table, "made anew", loaded.report().initialised());
      }
      var tokenizer = TextModel.tokenizer(folder, TokenizerOptions.DEFAULT);
      table.row(
          "tokenizer", (tokenizer.isSlow() ? "slow, " : "fast, ") + tokenizer.size() + " ids");
      return true;
    } catch (LanewiseException e) {
      table.row("model", "no: " + ErrorMessages.of(spec).of(e));
      return false;
    }
  }

  /** What a choice of kernels comes to here: its reasons, or why it cannot be. */
  private static List<String> kernels(Backend.Choice choice, int threads, Precision precision) {
    try (var backend = Backend.of(choice, threads, precision)) {
      return backend.reasons().isEmpty() ? List.of("works") : backend.reasons();
    } catch (BackendException e) {
      return List.of("no: " + e.getMessage());
    }
  }

  /** Where this program's Java is: a folder, or inside the program itself. */
  private static String home() {
    if (NativeImage.isSimulated()) {
      return "plays a native image (-Dlanewise.image=simulate)";
    }
    return NativeImage.isHere() ? "inside this native image" : System.getProperty("java.home");
  }

  private static int bits() {
    return VectorUnit.refusal().isEmpty() ? Machine.vectorBits() : 0;
  }

  private static String vectors() {
    var bits = Machine.vectorBits() + " bits";
    return NativeImage.isHere() ? bits + ", fixed when the image was built" : bits;
  }

  /**
   * What to do when the vector kernels are not compiled to vector instructions, or badly.
   *
   * @param timesScalar how they were measured; NaN if they do not run at all
   * @param bits of a vector
   */
  static Optional<String> slowVectors(double timesScalar, int bits, boolean image) {
    if (Double.isNaN(timesScalar) || timesScalar >= (image ? LEAST_IN_IMAGE : LEAST_SPEED)) {
      return Optional.empty();
    }
    if (timesScalar < LEAST_SPEED) {
      var cure =
          image
              ? "build the image with -H:+VectorAPISupport, as mvn -Pnative package does"
              : "let the JVM's C2 compiler work: remove -Xint, -XX:TieredStopAtLevel and the like";
      return Optional.of("the vector kernels are not compiled to vector instructions: " + cure);
    }
    if (bits < 256) {
      return Optional.of(
          "this image was built for vectors of "
              + bits
              + " bits: build it with -march=native on a machine like this one, or with"
              + " -march=x86-64-v3 for all with AVX2");
    }
    return Optional.of(
        "the vector kernels of this image are compiled badly, as at -O0, -O1 or -Ob: build it at"
            + " -O2, and if it was, with a newer GraalVM; OpenBLAS on the class path of the build"
            + " multiplies at full speed meanwhile");
  }

  /** The flags of this JVM that can be in the way of its compiler. */
  private static List<String> flags() {
    return NativeImage.isHere()
        ? List.of()
        : Machine.flags().stream().filter(flag -> SLOWING.matcher(flag).matches()).toList();
  }

  /**
   * What may be in the way of matrix products that reach less of the peak than they should.
   *
   * @param flags of the JVM that may be
   */
  static Optional<String> slowProducts(ProductSpeed speed, List<String> flags) {
    if (speed.share() >= LEAST_SHARE) {
      return Optional.empty();
    }
    String reach =
        String.format(Locale.ROOT, "products reach %.2f of the multiply-adds' peak", speed.share());
    if (speed.best() >= LEAST_SHARE) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "%s, but %.2f in the best moment: other programs take part of the time, or on a"
                  + " rented machine a neighbour who shares the core; try again at another time",
              reach,
              speed.best()));
    }
    if (!flags.isEmpty()) {
      return Optional.of(reach + ": remove the JVM's flags " + String.join(" ", flags));
    }
    return Optional.of(
        reach
            + " even in the best moment: a debugger or profiler, a JVM other than HotSpot, or code"
            + " that its compiler makes badly for this processor; if -XX:-UseFPUForSpilling in"
            + " LANEWISE_JAVA_OPTIONS helps, please report it with what tools/bench/guard prints");
  }

  /** What keeps Lanewise from running well or safely here; each with its cure. */
  static List<String> warnings() {
    var warnings = new ArrayList<String>();
    if (!NativeImage.isHere()
        && Runtime.version().compareToIgnoreOptional(Runtime.Version.parse("25.0.3")) < 0) {
      warnings.add(
          "Java "
              + Runtime.version()
              + " can corrupt pinned arrays under G1: update to 25.0.3 or later");
    }
    if (!Machine.hasVectorModule()) {
      warnings.add(
          "the Vector API is off, so that slow scalar kernels run:"
              + " add the JVM flag --add-modules jdk.incubator.vector");
    }
    if (!NativeImage.isHere() && Machine.isFlagOn("UseCompactObjectHeaders")) {
      warnings.add(
          "compact object headers are on, with which Lanewise is not tested:"
              + " remove -XX:+UseCompactObjectHeaders");
    }
    if (System.getProperty("java.vm.info", "").contains("interpreted")) {
      warnings.add("the JVM only interprets, a hundred times slower: remove -Xint");
    }
    var coreType = System.getenv("OPENBLAS_CORETYPE");
    if (coreType != null) {
      warnings.add(
          "OPENBLAS_CORETYPE="
              + coreType
              + " forces OpenBLAS's kernels; unless that is meant, unset it");
    }
    return warnings;
  }
}
