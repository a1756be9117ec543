package io.lanewise.kernel.onednn;

import io.lanewise.onednn.OneDnn;
import io.lanewise.onednn.dnnl_exec_arg_t;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

/**
 * The layout that oneDNN has chosen for weights of one size.
 *
 * @param descriptor of that layout
 * @param bytes in that layout
 */
record OneDnnWeights(
    MemorySegment plain, MemorySegment descriptor, MemorySegment primitive, long bytes) {
  /**
   * Compiles the conversion to this layout.
   *
   * @param plain describes the weights in the layout of a checkpoint
   */
  OneDnnWeights(MemorySegment plain, MemorySegment descriptor) {
    this(
        plain,
        descriptor,
        OneDnnObjects.primitive(OneDnnObjects.plannedReorder(plain, descriptor)),
        OneDnn.dnnl_memory_desc_get_size(descriptor));
  }

  /** Converts weights from the layout of a checkpoint. */
  void reorder(MemorySegment from, MemorySegment to) {
    var source = OneDnnObjects.memory(plain);
    var target = OneDnnObjects.memory(descriptor);
    var stream = OneDnnObjects.stream();
    try (var arena = Arena.ofConfined()) {
      OneDnnObjects.check(OneDnn.dnnl_memory_set_data_handle(source, from), "operand");
      OneDnnObjects.check(OneDnn.dnnl_memory_set_data_handle(target, to), "operand");
      var arguments = dnnl_exec_arg_t.allocateArray(2, arena);
      OneDnnMatmul.argument(arguments, 0, OneDnn.DNNL_ARG_FROM(), source);
      OneDnnMatmul.argument(arguments, 1, OneDnn.DNNL_ARG_TO(), target);
      int status =
          OneDnnThreads.alone(() -> OneDnn.dnnl_primitive_execute(primitive, stream, 2, arguments));
      OneDnnObjects.check(status, "reorder");
    } finally { // oneDNN holds the address only
      Reference.reachabilityFence(source);
      Reference.reachabilityFence(target);
      Reference.reachabilityFence(from);
      Reference.reachabilityFence(to);
    }
  }
}
