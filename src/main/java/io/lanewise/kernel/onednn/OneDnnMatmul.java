package io.lanewise.kernel.onednn;

import io.lanewise.BackendException;
import io.lanewise.onednn.OneDnn;
import io.lanewise.onednn.dnnl_exec_arg_t;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A matrix product of one size, compiled by oneDNN: {@code out = x · W + bias}. It runs in the
 * calling thread; any number of threads may call it at the same time.
 */
final class OneDnnMatmul {
  private final String implementation;
  private final boolean asksForThreads; // at run time, whatever it was planned for
  private final MemorySegment primitive;
  private final MemorySegment x;
  private final MemorySegment weights;
  private final MemorySegment bias;
  private final MemorySegment out;
  private final MemorySegment scratch;
  private final ConcurrentLinkedQueue<Call> calls = new ConcurrentLinkedQueue<>();

  /**
   * Compiles the product, in about a millisecond.
   *
   * @param x describes the left factor [rows, inputs]; the other parameters describe the other
   *     operands
   * @param bias null for a product without bias
   */
  OneDnnMatmul(MemorySegment x, MemorySegment weights, MemorySegment bias, MemorySegment out) {
    this.x = x;
    this.weights = weights;
    this.bias = bias;
    this.out = out;
    try (var arena = Arena.ofConfined()) {
      var planned = planned(x, weights, bias, out, arena);
      this.implementation = OneDnnObjects.implementation(planned);
      this.asksForThreads = !implementation.startsWith("brg");
      if (!OneDnnPlan.isCompiled(implementation)) {
        throw new BackendException(
            "oneDNN has no compiled kernel for a product (" + implementation + ")");
      }
      this.primitive = OneDnnObjects.primitive(planned);
      this.scratch = OneDnnObjects.wanted(planned, OneDnn.dnnl_query_scratchpad_md());
    }
  }

  private static MemorySegment planned(
      MemorySegment x, MemorySegment weights, MemorySegment bias, MemorySegment out, Arena arena) {
    var summand = bias == null ? MemorySegment.NULL : bias;
    return OneDnnObjects.plannedProduct(x, weights, summand, out, arena);
  }

  /**
   * The name of the kernel that a product would have; it is not compiled. The parameters are those
   * of the constructor.
   */
  static String implementation(
      MemorySegment x, MemorySegment weights, MemorySegment bias, MemorySegment out) {
    try (var arena = Arena.ofConfined()) {
      return OneDnnObjects.implementation(planned(x, weights, bias, out, arena));
    }
  }

  /**
   * The layout that a product chooses for its weights.
   *
   * @param weights describes them without a layout
   */
  static MemorySegment wantedWeights(
      MemorySegment x, MemorySegment weights, MemorySegment bias, MemorySegment out) {
    try (var arena = Arena.ofConfined()) {
      return OneDnnObjects.wanted(
          planned(x, weights, bias, out, arena), OneDnn.dnnl_query_weights_md());
    }
  }

  /** The name of the kernel. */
  String implementation() {
    return implementation;
  }

  /**
   * Multiplies.
   *
   * @param biasFrom ignored for a product without bias
   */
  void run(
      MemorySegment xFrom, MemorySegment weightsFrom, MemorySegment biasFrom, MemorySegment outTo) {
    var call = calls.poll();
    if (call == null) {
      call = new Call();
    }
    call.run(xFrom, weightsFrom, biasFrom, outTo);
    calls.add(call);
  }

  /** Sets an argument of a primitive. */
  static void argument(MemorySegment arguments, int i, int name, MemorySegment memory) {
    var argument = dnnl_exec_arg_t.asSlice(arguments, i);
    dnnl_exec_arg_t.arg(argument, name);
    dnnl_exec_arg_t.memory(argument, memory);
  }

  /** The operands of one call at a time. */
  private final class Call {
    private final Operand xMemory = new Operand(x);
    private final Operand weightsMemory = new Operand(weights);
    private final Operand biasMemory = bias == null ? null : new Operand(bias);
    private final Operand outMemory = new Operand(out);
    private final Operand scratchMemory = new Operand(scratch);
    private final MemorySegment stream = OneDnnObjects.stream();
    private final MemorySegment room;
    private final MemorySegment arguments;
    private final int count = bias == null ? 4 : 5;

    Call() {
      var arena = Arena.ofAuto();
      room = arena.allocate(Math.max(1, OneDnn.dnnl_memory_desc_get_size(scratch)), 64);
      arguments = dnnl_exec_arg_t.allocateArray(count, arena);
      argument(arguments, 0, OneDnn.DNNL_ARG_SRC(), xMemory.memory);
      argument(arguments, 1, OneDnn.DNNL_ARG_WEIGHTS(), weightsMemory.memory);
      argument(arguments, 2, OneDnn.DNNL_ARG_DST(), outMemory.memory);
      argument(arguments, 3, OneDnn.DNNL_ARG_SCRATCHPAD(), scratchMemory.memory);
      if (bias != null) {
        argument(arguments, 4, OneDnn.DNNL_ARG_BIAS(), biasMemory.memory);
      }
      scratchMemory.place(room);
    }

    void run(
        MemorySegment xFrom,
        MemorySegment weightsFrom,
        MemorySegment biasFrom,
        MemorySegment outTo) {
      try {
        xMemory.place(xFrom);
        weightsMemory.place(weightsFrom);
        if (bias != null) {
          biasMemory.place(biasFrom);
        }
        outMemory.place(outTo);
        OneDnnObjects.check(asksForThreads ? OneDnnThreads.alone(this::run) : run(), "product");
      } finally { // oneDNN holds the address only
        Reference.reachabilityFence(this);
        Reference.reachabilityFence(xFrom);
        Reference.reachabilityFence(weightsFrom);
        Reference.reachabilityFence(biasFrom);
        Reference.reachabilityFence(outTo);
      }
    }

    private int run() {
      return OneDnn.dnnl_primitive_execute(primitive, stream, count, arguments);
    }
  }

  /**
   * An operand of a call. Its address is passed to oneDNN only when it changes, because each call
   * of oneDNN takes time.
   */
  private static final class Operand {
    private final MemorySegment memory;
    private long address;
    private boolean placed;

    Operand(MemorySegment descriptor) {
      memory = OneDnnObjects.memory(descriptor);
    }

    void place(MemorySegment data) {
      if (!placed || data.address() != address) {
        OneDnnObjects.check(OneDnn.dnnl_memory_set_data_handle(memory, data), "operand");
        address = data.address();
        placed = true;
      }
    }
  }
}
