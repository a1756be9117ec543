package io.lanewise.checkpoint.weights;

import io.lanewise.CheckpointException;
import io.lanewise.MemoryException;
import io.lanewise.checkpoint.format.FileExcerpt;
import io.lanewise.checkpoint.format.StoredTensor;
import io.lanewise.memory.Matrix;
import io.lanewise.memory.Region;
import io.lanewise.tensor.Shape;
import io.lanewise.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;

/**
 * The tensors of a checkpoint, walked by name as {@code cd} walks folders: {@code
 * weights.at("encoder").at("layer.3").matrix("output.dense.weight", hidden, intermediate)}.
 *
 * <p>Every shape is checked against what the caller expects before anything reads the numbers, and
 * every name asked for is ticked off, so that a load ends with a {@link Report}. The views are
 * immutable and share that one report; they are safe for many threads.
 *
 * <p>Where a file says {@code gamma} and {@code beta}, {@code weight} and {@code bias} find them.
 */
public final class Weights {
  /**
   * What a tensor holds when it is made instead of read (random weights from a config, a new head).
   */
  public enum Init {
    /** Truncated normal of the config's initializer_range. */
    NORMAL,
    ZEROS,
    ONES
  }

  /**
   * What a load found; names are whole.
   *
   * @param missing asked for and not in the file
   * @param unexpected in the file and not asked for; buffers that Hugging Face computes itself do
   *     not count
   * @param tied one tensor under two names, as {@code "name = other name"}
   * @param initialised made instead of read
   */
  public record Report(
      List<String> missing, List<String> unexpected, List<String> tied, List<String> initialised) {}

  private final Ledger ledger;
  private final TruncatedNormal normal;
  private final Region region;
  private final String where;
  private final String prefix;
  private final boolean mayMake;
  private final Naming naming;
  private final WeightChange change;

  private Weights(
      Ledger ledger,
      TruncatedNormal normal,
      Region region,
      String where,
      String prefix,
      boolean mayMake,
      Naming naming,
      WeightChange change) {
    this.ledger = ledger;
    this.normal = normal;
    this.region = region;
    this.where = where;
    this.prefix = prefix;
    this.mayMake = mayMake;
    this.naming = naming;
    this.change = change;
  }

  /**
   * The names that Hugging Face saves the tensors under, which may differ from the file's.
   *
   * @param prefix of this place
   * @param withoutHead whether the whole is a model without head, whose base has no prefix
   */
  private record Naming(String prefix, boolean withoutHead) {
    Naming at(String name) {
      return new Naming(name.isEmpty() ? prefix : prefix + name + ".", withoutHead);
    }
  }

  /**
   * The tensors of opened files.
   *
   * @param where what messages call the files
   * @param normal for what {@link #allowNew} allows to make
   */
  public static Weights of(
      SequencedMap<String, StoredTensor> tensors,
      String where,
      TruncatedNormal normal,
      Region region) {
    return new Weights(
        Ledger.of(tensors),
        normal,
        region,
        where,
        "",
        false,
        new Naming("", false),
        WeightChange.NONE);
  }

  /**
   * Weights that the caller holds, by the names that Hugging Face saves them under. Integers are
   * buffers that no model reads; they are left out.
   *
   * @param seed for what {@link #allowNew} allows to make
   */
  public static Weights given(
      Map<String, Tensor> tensors, long seed, float initializerRange, Region region) {
    var stored = new LinkedHashMap<String, StoredTensor>();
    tensors.forEach(
        (name, tensor) -> {
          if (tensor.dtype().isFloat()) {
            stored.put(name, DerivedTensors.given(name, tensor));
          }
        });
    var normal = new TruncatedNormal(seed, initializerRange);
    return of(stored, DerivedTensors.GIVEN, normal, region);
  }

  /**
   * Weights made from a seed instead of a file: truncated normal with this standard deviation, cut
   * at two of them. The same seed gives the same bits everywhere, whatever the order of asking.
   */
  public static Weights random(long seed, float initializerRange, Region region) {
    return new Weights(
        Ledger.random(),
        new TruncatedNormal(seed, initializerRange),
        region,
        "the weights made from a seed",
        "",
        true,
        new Naming("", false),
        WeightChange.NONE);
  }

  /** One level down, or several: {@code at("encoder").at("layer.3")}. */
  public Weights at(String name) {
    return at(name, name);
  }

  /**
   * One level down, to a place that Hugging Face calls otherwise when it saves.
   *
   * @param saved its name there; empty for no level at all
   */
  public Weights at(String name, String saved) {
    return new Weights(
        ledger, normal, region, where, prefix + name + ".", mayMake, naming.at(saved), change);
  }

  /**
   * {@code at(prefix)} if any tensor of the file starts with it, this otherwise: Hugging Face saves
   * a base model without the prefix that the same tensors have under a head.
   */
  public Weights base(String name) {
    var saved = naming.withoutHead ? "" : name;
    boolean stored = ledger.isRandom() || ledger.anyUnder(prefix + name + ".");
    return stored ? at(name, saved) : with(mayMake, naming.at(saved), change);
  }

  /**
   * The same walk, in which missing tensors are initialised instead of an error, if {@code
   * allowed}.
   */
  public Weights allowNew(boolean allowed) {
    return with(allowed || ledger.isRandom(), naming, change);
  }

  /** The same walk for a model without head, whose {@link #base} is saved without its prefix. */
  public Weights withoutHead(boolean headless) {
    return with(mayMake, new Naming(naming.prefix, headless), change);
  }

  /** The same walk, in which tensors are changed on their way in. */
  public Weights with(WeightChange newChange) {
    return with(mayMake, naming, newChange);
  }

  /** What becomes of the tensors at this place on their way in. */
  public WeightChange change() {
    return change;
  }

  private Weights with(boolean newMayMake, Naming newNaming, WeightChange newChange) {
    return new Weights(ledger, normal, region, where, prefix, newMayMake, newNaming, newChange);
  }

  /** Whether the file holds this tensor (old names counted); never with random weights. */
  public boolean has(String name) {
    return ledger.find(prefix + name).isPresent();
  }

  /**
   * A vector of 32-bit floats [size], alive as long as the model and aligned to 64 bytes.
   *
   * <p>Vectors are always copied: they are small, and a bias that stayed in the mapped file would
   * hold its neighbours' pages in memory.
   *
   * @param init what it holds if it is made
   */
  public MemorySegment vector(String name, int size, Init init) {
    return floats(name, tensor(name, Shape.of(size), init), region);
  }

  /**
   * A matrix [rows, columns] alive as long as the model: the mapped file itself where it holds F32
   * (at any alignment), widened otherwise.
   */
  public Matrix matrix(String name, int rows, int columns) {
    return matrix(name, rows, columns, Init.NORMAL);
  }

  /**
   * As {@link #matrix(String, int, int)}.
   *
   * @param init what it holds if it is made
   */
  public Matrix matrix(String name, int rows, int columns, Init init) {
    return matrix(name, rows, columns, init, region);
  }

  /**
   * A matrix [rows, columns] that is only read once, to be packed: the mapped file itself where it
   * holds F32, otherwise in {@code scratch}. Give it back with {@link #release} after packing.
   */
  public Matrix borrow(String name, int rows, int columns, Region scratch) {
    ledger.product(prefix + name);
    return matrix(name, rows, columns, Init.NORMAL, scratch);
  }

  /**
   * The same of a tensor with more dimensions, as a matrix: all but the first are its columns, the
   * last one fastest.
   */
  public Matrix borrow(String name, Region scratch, long... dims) {
    ledger.product(prefix + name);
    var shape = Shape.of(dims);
    var tensor = tensor(name, shape, Init.NORMAL);
    var data = tensor.mappedFloats().orElseGet(() -> floats(name, tensor, scratch));
    int rows = shape.size(0);
    return Matrix.of(data, rows, Math.toIntExact(shape.count() / rows));
  }

  /**
   * Says that a borrowed matrix has been packed: the pages of the file that it lies in leave this
   * process's memory, so that packed weights are not resident twice. They come back from the file
   * if anything touches them again.
   */
  public void release(Matrix borrowed) {
    if (borrowed.data().isMapped() && borrowed.data().byteSize() > 0) {
      borrowed.data().unload();
    }
  }

  private Matrix matrix(String name, int rows, int columns, Init init, Region home) {
    var tensor = tensor(name, Shape.of(rows, columns), init);
    var data = tensor.mappedFloats().orElseGet(() -> floats(name, tensor, home));
    return Matrix.of(data, rows, columns);
  }

  private static MemorySegment floats(String name, StoredTensor tensor, Region home) {
    var target = room(name, tensor.shape(), home);
    tensor.floatsTo(target);
    return target;
  }

  /**
   * Says that the model has this tensor and does not compute with it: nothing is read, and it is
   * saved with the others. Where the file lacks it, it is made then.
   */
  public void keep(String name, long... dims) {
    with(true, naming, change).tensor(name, Shape.of(dims), Init.NORMAL);
  }

  /**
   * The tensor, ticked off, with its changes.
   *
   * @throws CheckpointException if it is missing or has another shape
   */
  private StoredTensor tensor(String name, Shape expected, Init init) {
    var asked = change.before(expected);
    var found = ledger.take(prefix + name);
    if (found.isEmpty() && !mayMake) {
      throw MissingTensor.error(prefix + name, expected.toString(), ledger.names(), where);
    }
    if (found.isEmpty()) {
      ledger.made(prefix + name);
    }
    var whole =
        found
            .map(tensor -> fitted(tensor, name, asked, init))
            .orElseGet(
                () -> DerivedTensors.made(prefix + name, prefix + name, asked, init, normal));
    var tensor = change.apply(whole);
    ledger.use(naming.prefix + name, tensor);
    return tensor;
  }

  /** The tensor in the shape that is asked for. */
  private StoredTensor fitted(StoredTensor tensor, String name, Shape asked, Init init) {
    if (tensor.shape().equals(asked)) {
      return tensor;
    }
    if (change.resizes(tensor.shape(), asked)) {
      return DerivedTensors.resized(
          tensor, asked, prefix + name + " from its end on", init, normal);
    }
    throw new CheckpointException(
        "tensor "
            + FileExcerpt.of(tensor.name())
            + " in "
            + tensor.info().file()
            + " has shape "
            + tensor.shape()
            + ", config.json asks for "
            + asked);
  }

  private static MemorySegment room(String name, Shape shape, Region home) {
    try {
      return home.floats(shape.count());
    } catch (MemoryException e) {
      throw new CheckpointException(
          "tensor "
              + FileExcerpt.of(name)
              + " "
              + shape
              + " needs "
              + shape.count() * Float.BYTES
              + " bytes outside of the Java heap, more than there are: give the process more memory"
              + " or take a smaller model",
          e);
    }
  }

  /**
   * Says that {@code name} is the same tensor as one loaded elsewhere; ticks it off, present or
   * not. What the file holds under it is not read: as in Hugging Face 4, tying wins.
   *
   * @param to the whole name of the other, for the report
   */
  public void tied(String name, String to) {
    ledger.tied(prefix + name, Objects.requireNonNull(to));
  }

  /** Says that {@code name} is known and not needed: if the file holds it, it is not unexpected. */
  public void skip(String name) {
    ledger.take(prefix + name);
  }

  /**
   * What the model is made of, to be saved: what was asked for so far, with its changes, under the
   * names that Hugging Face gives it.
   */
  public SavedTensors contents() {
    return new SavedTensors(ledger.used());
  }

  /** Names in the file of the matrices that were borrowed: those that are multiplied by. */
  public Set<String> products() {
    return ledger.products();
  }

  /**
   * What this load read, missed, tied and made; unexpected = tensors of the file never asked for.
   */
  public Report report() {
    return ledger.report();
  }

  @Override
  public String toString() {
    return where + (prefix.isEmpty() ? "" : " at " + prefix.substring(0, prefix.length() - 1));
  }
}
