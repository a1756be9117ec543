package io.lanewise.kernel.onednn;

import io.lanewise.BackendException;
import io.lanewise.onednn.OneDnn;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

/**
 * Creates oneDNN's objects. Each is an address; when it is unreachable, a cleaner destroys the
 * object.
 */
final class OneDnnObjects {
  private static final int DIMENSIONS = 12; // DNNL_MAX_NDIMS

  private OneDnnObjects() {}

  /** The engine of this process, created at the first use and never destroyed. */
  private static final class Once {
    static final MemorySegment ENGINE =
        create(
            "an engine",
            out -> OneDnn.dnnl_engine_create(out, OneDnn.dnnl_cpu(), 0),
            Arena.global(),
            null);
  }

  /** Throws if a status is not success. */
  static void check(int status, String what) {
    if (status != OneDnn.dnnl_success()) {
      throw new BackendException(
          "oneDNN gives no " + what + ": " + OneDnn.dnnl_status2str(status).getString(0));
    }
  }

  private static MemorySegment create(
      String what,
      ToIntFunction<MemorySegment> call,
      Arena arena,
      Consumer<MemorySegment> destroy) {
    try (var scratch = Arena.ofConfined()) {
      var out = scratch.allocate(ValueLayout.ADDRESS);
      check(call.applyAsInt(out), what);
      return out.get(ValueLayout.ADDRESS, 0).reinterpret(arena, destroy);
    }
  }

  private static MemorySegment create(
      String what, ToIntFunction<MemorySegment> call, ToIntFunction<MemorySegment> destroy) {
    return create(
        what,
        call,
        Arena.ofAuto(),
        object -> {
          int _ = destroy.applyAsInt(object); // a cleaner has no caller to report to
        });
  }

  /**
   * Describes a matrix with rows or columns without gaps.
   *
   * @param rowStride elements from one row to the next
   * @param columnStride elements from one column to the next
   */
  static MemorySegment matrix(
      int type, long rows, long columns, long rowStride, long columnStride) {
    try (var scratch = Arena.ofConfined()) {
      var dimensions = dimensions(scratch, rows, columns);
      var strides = dimensions(scratch, rowStride, columnStride);
      return create(
          "memory descriptor",
          out -> OneDnn.dnnl_memory_desc_create_with_strides(out, 2, dimensions, type, strides),
          OneDnn::dnnl_memory_desc_destroy);
    }
  }

  /** Describes a matrix whose layout the primitive chooses. */
  static MemorySegment anyMatrix(int type, long rows, long columns) {
    return tagged(type, rows, columns, OneDnn.dnnl_format_tag_any());
  }

  /**
   * Describes a matrix of bf16 with the numbers of two rows side by side: strips of 64 columns,
   * each strip {@code [rows / 2][64][2]}, padded with zeros behind the last row and the last
   * column.
   *
   * @param rows a multiple of 32
   */
  static MemorySegment pairedRows(long rows, long columns) {
    return tagged(OneDnn.dnnl_bf16(), rows, columns, OneDnn.dnnl_BA16a64b2a());
  }

  private static MemorySegment tagged(int type, long rows, long columns, int tag) {
    try (var scratch = Arena.ofConfined()) {
      var dimensions = dimensions(scratch, rows, columns);
      return create(
          "memory descriptor",
          out -> OneDnn.dnnl_memory_desc_create_with_tag(out, 2, dimensions, type, tag),
          OneDnn::dnnl_memory_desc_destroy);
    }
  }

  private static MemorySegment dimensions(Arena arena, long first, long second) {
    var dimensions = arena.allocate(ValueLayout.JAVA_LONG, DIMENSIONS);
    dimensions.setAtIndex(ValueLayout.JAVA_LONG, 0, first);
    dimensions.setAtIndex(ValueLayout.JAVA_LONG, 1, second);
    return dimensions;
  }

  /**
   * A product, planned: {@code dst = src · weights + bias}.
   *
   * @param arena destroys the plan, of about a megabyte, when it is closed
   */
  static MemorySegment plannedProduct(
      MemorySegment src,
      MemorySegment weights,
      MemorySegment bias,
      MemorySegment dst,
      Arena arena) {
    var attributes =
        create(
            "attributes", OneDnn::dnnl_primitive_attr_create, OneDnn::dnnl_primitive_attr_destroy);
    check(
        OneDnn.dnnl_primitive_attr_set_scratchpad_mode(
            attributes, OneDnn.dnnl_scratchpad_mode_user()),
        "scratchpad of ours");
    return create(
        "matrix product",
        out ->
            OneDnn.dnnl_matmul_primitive_desc_create(
                out, Once.ENGINE, src, weights, bias, dst, attributes),
        arena,
        plan -> {
          int _ = OneDnn.dnnl_primitive_desc_destroy(plan);
        });
  }

  /** A change of layout, planned. */
  static MemorySegment plannedReorder(MemorySegment from, MemorySegment to) {
    return create(
        "reorder",
        out ->
            OneDnn.dnnl_reorder_primitive_desc_create(
                out, from, Once.ENGINE, to, Once.ENGINE, MemorySegment.NULL),
        OneDnn::dnnl_primitive_desc_destroy);
  }

  /**
   * The layout that a planned primitive has chosen for an operand.
   *
   * @param query as {@code dnnl_query_weights_md}
   */
  static MemorySegment wanted(MemorySegment planned, int query) {
    return create(
        "memory descriptor",
        out ->
            OneDnn.dnnl_memory_desc_clone(
                out, OneDnn.dnnl_primitive_desc_query_md(planned, query, 0)),
        OneDnn::dnnl_memory_desc_destroy);
  }

  /**
   * The name of a planned primitive's implementation, such as {@code brg_matmul:avx512_core_vnni}.
   */
  static String implementation(MemorySegment planned) {
    try (var scratch = Arena.ofConfined()) {
      var out = scratch.allocate(ValueLayout.ADDRESS);
      check(
          OneDnn.dnnl_primitive_desc_query(planned, OneDnn.dnnl_query_impl_info_str(), 0, out),
          "name of an implementation");
      return out.get(ValueLayout.ADDRESS, 0).reinterpret(Long.MAX_VALUE).getString(0);
    }
  }

  /** A planned primitive, compiled. */
  static MemorySegment primitive(MemorySegment planned) {
    return create(
        "primitive",
        out -> OneDnn.dnnl_primitive_create(out, planned),
        OneDnn::dnnl_primitive_destroy);
  }

  /** An operand without an address yet. */
  static MemorySegment memory(MemorySegment descriptor) {
    return create(
        "memory object",
        out -> OneDnn.dnnl_memory_create(out, descriptor, Once.ENGINE, MemorySegment.NULL),
        OneDnn::dnnl_memory_destroy);
  }

  /** A queue in which primitives are executed. */
  static MemorySegment stream() {
    return create(
        "stream",
        out -> OneDnn.dnnl_stream_create(out, Once.ENGINE, OneDnn.dnnl_stream_default_flags()),
        OneDnn::dnnl_stream_destroy);
  }
}
