package io.lanewise.checkpoint;

import io.lanewise.CheckpointException;
import io.lanewise.tensor.Matrix;
import io.lanewise.tensor.Region;
import io.lanewise.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;

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

  private Weights(
      Ledger ledger,
      TruncatedNormal normal,
      Region region,
      String where,
      String prefix,
      boolean mayMake) {
    this.ledger = ledger;
    this.normal = normal;
    this.region = region;
    this.where = where;
    this.prefix = prefix;
    this.mayMake = mayMake;
  }

  /**
   * The tensors of opened files.
   *
   * @param where what messages call the files
   * @param normal for what {@link #allowNew} allows to make
   */
  static Weights of(
      SequencedMap<String, StoredTensor> tensors,
      String where,
      TruncatedNormal normal,
      Region region) {
    return new Weights(Ledger.of(tensors), normal, region, where, "", false);
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
        true);
  }

  /** One level down, or several: {@code at("encoder").at("layer.3")}. */
  public Weights at(String name) {
    return new Weights(ledger, normal, region, where, prefix + name + ".", mayMake);
  }

  /**
   * {@code at(prefix)} if any tensor of the file starts with it, this otherwise: Hugging Face saves
   * a base model without the prefix that the same tensors have under a head.
   */
  public Weights base(String name) {
    return ledger.isRandom() || ledger.anyUnder(prefix + name + ".") ? at(name) : this;
  }

  /**
   * The same walk, in which missing tensors are initialised instead of an error, if {@code
   * allowed}.
   */
  public Weights allowNew(boolean allowed) {
    return new Weights(ledger, normal, region, where, prefix, allowed || ledger.isRandom());
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
    var shape = Shape.of(size);
    return floats(name, shape, init, region);
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
    return matrix(name, rows, columns, Init.NORMAL, scratch);
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
    var shape = Shape.of(rows, columns);
    var mapped = Optional.ofNullable(found(name, shape)).flatMap(StoredTensor::mappedFloats);
    return Matrix.of(mapped.orElseGet(() -> floats(name, shape, init, home)), rows, columns);
  }

  private MemorySegment floats(String name, Shape shape, Init init, Region home) {
    var found = found(name, shape);
    var target = room(name, shape, home);
    if (found != null) {
      found.floatsTo(target);
      return target;
    }
    ledger.made(prefix + name);
    switch (init) {
      case NORMAL -> normal.fill(prefix + name, target, shape.count());
      case ONES -> Floats.fill(target, 1f);
      case ZEROS -> {} // as it was allocated
    }
    return target;
  }

  /**
   * The tensor, ticked off, or null if it may be made.
   *
   * @throws CheckpointException if it is missing or has another shape
   */
  private StoredTensor found(String name, Shape expected) {
    var found = ledger.take(prefix + name);
    if (found.isEmpty()) {
      if (mayMake) {
        return null;
      }
      throw MissingTensor.error(prefix + name, expected.toString(), ledger.names(), where);
    }
    var tensor = found.get();
    if (!tensor.shape().equals(expected)) {
      throw new CheckpointException(
          "tensor "
              + Excerpt.of(tensor.name())
              + " in "
              + tensor.info().file()
              + " has shape "
              + tensor.shape()
              + ", config.json asks for "
              + expected);
    }
    return tensor;
  }

  private static MemorySegment room(String name, Shape shape, Region home) {
    try {
      return home.floats(shape.count());
    } catch (OutOfMemoryError e) {
      throw new CheckpointException(
          "tensor "
              + Excerpt.of(name)
              + " "
              + shape
              + " needs "
              + shape.count() * Float.BYTES
              + " bytes outside of the Java heap, more than there are: raise"
              + " -XX:MaxDirectMemorySize or take a smaller model",
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
