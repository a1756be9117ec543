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
 * The tensors of a checkpoint, addressed by relative names like files in folders: {@code
 * weights.at("encoder").at("layer.3").matrix("output.dense.weight", hidden, intermediate)}.
 *
 * <p>Every shape is checked against the expected one before the numbers are read, and every used
 * name is recorded, so that a load ends with a {@link Report}. All views are immutable and share
 * that report; they are thread-safe.
 *
 * <p>The names {@code weight} and {@code bias} also find the old names {@code gamma} and {@code
 * beta} (PreTrainedModel._fix_state_dict_key_on_load in Hugging Face's modeling_utils.py).
 */
public final class Weights {
  /** Initial values of a tensor that is not read (random weights from a config, a new head). */
  public enum Init {
    /** Truncated normal distribution with the config's initializer_range. */
    NORMAL,
    ZEROS,
    ONES
  }

  /**
   * The result of a load, with full names.
   *
   * @param missing used but not in the file
   * @param unexpected in the file but not used, without buffers that Hugging Face computes itself
   * @param tied one tensor under two names, as {@code "name = other name"}
   * @param initialised initialised instead of read
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
   * The names under which Hugging Face saves the tensors, which may differ from the file's.
   *
   * @param prefix of this level
   * @param withoutHead whether it is a model without a head, whose base has no prefix
   */
  private record Naming(String prefix, boolean withoutHead) {
    Naming at(String name) {
      return new Naming(name.isEmpty() ? prefix : prefix + name + ".", withoutHead);
    }
  }

  /**
   * The tensors of opened files.
   *
   * @param where name of the files in messages
   * @param normal for tensors that {@link #allowNew} initialises
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
   * Weights given by the caller, by the names under which Hugging Face saves them. Integers are
   * buffers that no model reads; they are dropped.
   *
   * @param seed for tensors that {@link #allowNew} initialises
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
   * Random weights from a seed instead of a file: a normal distribution with this standard
   * deviation, truncated at two of them. The same seed gives the same bits on every machine and in
   * every order.
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
   * One level down, with another name when saved by Hugging Face.
   *
   * @param saved the name when saved; empty for no level
   */
  public Weights at(String name, String saved) {
    return new Weights(
        ledger, normal, region, where, prefix + name + ".", mayMake, naming.at(saved), change);
  }

  /**
   * {@code at(prefix)} if any tensor of the file starts with it, otherwise this: Hugging Face saves
   * a base model without the prefix that its tensors have under a head ({@code base_model_prefix}
   * in modeling_utils.py).
   */
  public Weights base(String name) {
    var saved = naming.withoutHead ? "" : name;
    boolean stored = ledger.isRandom() || ledger.anyUnder(prefix + name + ".");
    return stored ? at(name, saved) : with(mayMake, naming.at(saved), change);
  }

  /** The same view; if {@code allowed}, missing tensors are initialised instead of an error. */
  public Weights allowNew(boolean allowed) {
    return with(allowed || ledger.isRandom(), naming, change);
  }

  /** The same view for a model without a head, whose {@link #base} is saved without its prefix. */
  public Weights withoutHead(boolean headless) {
    return with(mayMake, new Naming(naming.prefix, headless), change);
  }

  /** The same view with changes to tensors. */
  public Weights with(WeightChange newChange) {
    return with(mayMake, naming, newChange);
  }

  /** The changes to tensors of this view. */
  public WeightChange change() {
    return change;
  }

  private Weights with(boolean newMayMake, Naming newNaming, WeightChange newChange) {
    return new Weights(ledger, normal, region, where, prefix, newMayMake, newNaming, newChange);
  }

  /** Whether the file has this tensor, under its current or old name; false for random weights. */
  public boolean has(String name) {
    return ledger.find(prefix + name).isPresent();
  }

  /**
   * A vector of 32-bit floats [size], valid as long as the model, aligned to 64 bytes.
   *
   * <p>Vectors are always copied: they are small, and a bias in the mapped file would keep the
   * pages around it in memory.
   *
   * @param init initial values if it is not read
   */
  public MemorySegment vector(String name, int size, Init init) {
    return floats(name, tensor(name, Shape.of(size), init), region);
  }

  /**
   * A matrix [rows, columns], valid as long as the model: the mapped file itself if it has F32 (at
   * any alignment), otherwise a widened copy.
   */
  public Matrix matrix(String name, int rows, int columns) {
    return matrix(name, rows, columns, Init.NORMAL);
  }

  /**
   * As {@link #matrix(String, int, int)}.
   *
   * @param init initial values if it is not read
   */
  public Matrix matrix(String name, int rows, int columns, Init init) {
    return matrix(name, rows, columns, init, region);
  }

  /**
   * A matrix [rows, columns] that is read once, to be packed: the mapped file itself if it has F32,
   * otherwise a copy in {@code scratch}. Call {@link #release} after packing.
   */
  public Matrix borrow(String name, int rows, int columns, Region scratch) {
    ledger.product(prefix + name);
    return matrix(name, rows, columns, Init.NORMAL, scratch);
  }

  /**
   * The same of a matrix that is not packed as it stands, but turned, or computed with. It is none
   * of the {@link #products}: 8 bits with a scale for each of its rows would be others than those
   * of what is packed in the end.
   */
  public Matrix borrowSource(String name, int rows, int columns, Region scratch) {
    ledger.source(prefix + name);
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
   * Releases a borrowed matrix after packing: its pages of the mapped file are released from
   * memory, so that packed weights are not resident twice. They are read from the file again if
   * they are used.
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
   * Records a tensor of the model that is not used for computing: it is not read, but saved with
   * the others. If the file lacks it, it is initialised when it is saved.
   */
  public void keep(String name, long... dims) {
    with(true, naming, change).tensor(name, Shape.of(dims), Init.NORMAL);
  }

  /**
   * Finds a tensor, marks it as used, and applies the changes.
   *
   * @throws CheckpointException if it is missing or has another shape
   */
  private StoredTensor tensor(String name, Shape expected, Init init) {
    var before = change.before(expected);
    var found = ledger.take(prefix + name);
    if (found.isEmpty() && !mayMake) {
      throw MissingTensor.error(prefix + name, expected.toString(), ledger.names(), where);
    }
    if (found.isEmpty()) {
      ledger.made(prefix + name);
    }
    var whole =
        found
            .map(tensor -> fitted(tensor, name, before, init))
            .orElseGet(
                () -> DerivedTensors.made(prefix + name, prefix + name, before, init, normal));
    var tensor = change.apply(whole);
    ledger.use(naming.prefix + name, tensor);
    return tensor;
  }

  /** The tensor in the expected shape. */
  private StoredTensor fitted(StoredTensor tensor, String name, Shape before, Init init) {
    if (tensor.shape().equals(before)) {
      return tensor;
    }
    if (change.resizes(tensor.shape(), before)) {
      return DerivedTensors.resized(
          tensor, before, prefix + name + " from its end on", init, normal);
    }
    throw new CheckpointException(
        "tensor "
            + FileExcerpt.of(tensor.name())
            + " in "
            + tensor.info().file()
            + " has shape "
            + tensor.shape()
            + ", config.json asks for "
            + before);
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
   * Records that {@code name} is tied to a tensor loaded elsewhere, whether the file has it or not.
   * A tensor with this name in the file is not read: as in {@code PreTrainedModel.tie_weights}
   * (modeling_utils.py of Hugging Face's transformers 4), the tied tensor counts.
   *
   * @param to the full name of the other tensor, for the report
   */
  public void tied(String name, String to) {
    ledger.tied(prefix + name, Objects.requireNonNull(to));
  }

  /**
   * Records that {@code name} is known but not needed: if the file has it, it is not reported as
   * unexpected.
   */
  public void skip(String name) {
    ledger.take(prefix + name);
  }

  /**
   * The tensors of the model, to be saved: those used so far, with their changes, under Hugging
   * Face's names.
   */
  public SavedTensors contents() {
    return new SavedTensors(ledger.used());
  }

  /** Names in the file of the matrices that are packed for products as they stand. */
  public Set<String> products() {
    return ledger.products();
  }

  /** The report of this load; unexpected tensors are those of the file that were not used. */
  public Report report() {
    return ledger.report();
  }

  @Override
  public String toString() {
    return where + (prefix.isEmpty() ? "" : " at " + prefix.substring(0, prefix.length() - 1));
  }
}
