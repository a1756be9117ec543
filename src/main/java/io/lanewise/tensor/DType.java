package io.lanewise.tensor;

import java.util.Optional;

/** The element types of the safetensors format, with their names there. */
public enum DType {
  BOOL(8),
  F4(4),
  F6_E2M3(6),
  F6_E3M2(6),
  U8(8),
  I8(8),
  F8_E5M2(8),
  F8_E4M3(8),
  F8_E8M0(8),
  I16(16),
  U16(16),
  F16(16),
  BF16(16),
  I32(32),
  U32(32),
  F32(32),
  C64(64),
  F64(64),
  I64(64),
  U64(64);

  private final int bits;

  DType(int bits) {
    this.bits = bits;
  }

  /** Width of one element in bits. */
  public int bits() {
    return bits;
  }

  /**
   * Width of one element in bytes.
   *
   * @throws IllegalStateException for types of less than a byte
   */
  public int bytes() {
    if (bits % 8 != 0) {
      throw new IllegalStateException(this + " has " + bits + " bits, no whole number of bytes");
    }
    return bits / 8;
  }

  /** Whether it is a float type that can be converted to 32-bit floats. */
  public boolean isFloat() {
    return this == F32 || this == F16 || this == BF16 || this == F64;
  }

  /** The type with this name, such as {@code "BF16"}. */
  public static Optional<DType> named(String name) {
    for (var type : values()) {
      if (type.name().equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
