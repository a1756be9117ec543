package io.lanewise.model;

import io.lanewise.kernel.Backend;
import java.util.List;

/**
 * The kernels that a model runs on.
 *
 * @param reasons one line a decision: which kernels, and why these
 * @param narrow whether products with weights are computed in fewer than 32 bits, where {@link
 *     Options#withPrecision} asks for them; otherwise such weights are widened and computed in fp32
 */
public record Kernels(List<String> reasons, boolean narrow) {
  public Kernels {
    reasons = List.copyOf(reasons);
  }

  static Kernels of(Backend backend) {
    return new Kernels(backend.reasons(), backend.isNarrow());
  }
}
