package io.lanewise.checkpoint.weights;

import io.lanewise.checkpoint.format.StoredTensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.Set;
import java.util.TreeSet;

/** The tensors of a checkpoint, and which of them a load has used so far. Thread-safe. */
final class Ledger {
  /**
   * Old names of the parameters of layer norms, from TensorFlow checkpoints
   * (PreTrainedModel._fix_state_dict_key_on_load in Hugging Face's modeling_utils.py).
   */
  private static final Map<String, String> OLD_NAMES = Map.of("weight", "gamma", "bias", "beta");

  private final SequencedMap<String, StoredTensor> tensors;
  private final NavigableSet<String> names;
  private final Set<String> taken = new HashSet<>();
  private final SequencedSet<String> missing = new LinkedHashSet<>();
  private final SequencedSet<String> tied = new LinkedHashSet<>();
  private final Set<String> tiedNames = new HashSet<>();
  private final SequencedSet<String> initialised = new LinkedHashSet<>();

  private final SequencedMap<String, StoredTensor> used = new LinkedHashMap<>();

  /** Names in the file of the matrices of products. */
  private final Set<String> products = new LinkedHashSet<>();

  /** Names in the file of the matrices that something else is made of, too. */
  private final Set<String> sources = new HashSet<>();

  private final boolean random;

  private Ledger(SequencedMap<String, StoredTensor> tensors, boolean random) {
    this.tensors = tensors;
    this.names = new TreeSet<>(tensors.keySet());
    this.random = random;
  }

  /** The tensors of opened files. */
  static Ledger of(SequencedMap<String, StoredTensor> tensors) {
    return new Ledger(tensors, false);
  }

  /** No files: all tensors are random. */
  static Ledger random() {
    return new Ledger(new LinkedHashMap<>(), true);
  }

  boolean isRandom() {
    return random;
  }

  /** All names of the file, sorted. */
  NavigableSet<String> names() {
    return names;
  }

  /** Whether any name starts with this. */
  boolean anyUnder(String prefix) {
    var first = names.ceiling(prefix);
    return first != null && first.startsWith(prefix);
  }

  /** The tensor with this name or with its old name. */
  Optional<StoredTensor> find(String name) {
    var found = tensors.get(name);
    if (found == null) {
      int last = name.lastIndexOf('.') + 1;
      var old = OLD_NAMES.get(name.substring(last));
      found = old == null ? null : tensors.get(name.substring(0, last) + old);
    }
    return Optional.ofNullable(found);
  }

  /** Finds a tensor and marks it as used. */
  synchronized Optional<StoredTensor> take(String name) {
    var found = find(name);
    found.ifPresent(tensor -> taken.add(tensor.name()));
    return found;
  }

  /** Records that a tensor was initialised because the file lacks it. */
  synchronized void made(String name) {
    if (!random) {
      missing.add(name);
    }
    initialised.add(name);
  }

  /**
   * Records a tensor of the model.
   *
   * @param name under which Hugging Face saves it
   */
  synchronized void use(String name, StoredTensor tensor) {
    used.put(name, tensor);
  }

  /** Records that a tensor is the matrix of a product. */
  synchronized void product(String name) {
    find(name).ifPresent(tensor -> products.add(tensor.name()));
  }

  /** Records that a tensor is turned or computed with before anything of it is packed. */
  synchronized void source(String name) {
    find(name).ifPresent(tensor -> sources.add(tensor.name()));
  }

  /** The names in the file of the matrices of products that are nothing else. */
  synchronized Set<String> products() {
    var only = new HashSet<>(products);
    only.removeAll(sources);
    return Set.copyOf(only);
  }

  /** The tensors of the model, by the names under which Hugging Face saves them. */
  synchronized SequencedMap<String, StoredTensor> used() {
    return new LinkedHashMap<>(used);
  }

  synchronized void tied(String name, String to) {
    find(name).ifPresent(tensor -> taken.add(tensor.name()));
    tiedNames.add(name);
    tied.add(name + " = " + to);
  }

  synchronized Weights.Report report() {
    var unexpected = new ArrayList<String>();
    for (var name : tensors.keySet()) {
      if (!taken.contains(name) && !isIgnorable(name)) {
        unexpected.add(name);
      }
    }
    var unmet = new LinkedHashSet<>(missing);
    unmet.removeAll(tiedNames);
    return new Weights.Report(
        List.copyOf(unmet), List.copyOf(unexpected), List.copyOf(tied), List.copyOf(initialised));
  }

  /** Buffers that older releases of Hugging Face saved and newer ones compute. */
  static boolean isIgnorable(String name) {
    var dotted = "." + name;
    return dotted.endsWith(".position_ids")
        || dotted.endsWith(".token_type_ids")
        || dotted.endsWith("coder.version")
        || dotted.contains(".relative_positions_encoding.");
  }
}
