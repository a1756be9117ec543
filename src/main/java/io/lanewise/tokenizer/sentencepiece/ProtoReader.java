package io.lanewise.tokenizer.sentencepiece;

import io.lanewise.TokenizerException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads the wire format of Protocol Buffers field by field, never beyond the given bytes.
 *
 * <pre>{@code
 * while (reader.next()) {
 *   switch (reader.field()) {
 *     case 1 -> name = reader.string();
 *     default -> reader.skip();
 *   }
 * }
 * }</pre>
 */
final class ProtoReader {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;

  private final ByteBuffer bytes;
  private final String where;
  private int field;
  private int wireType;

  /**
   * @param bytes the message
   * @param where its name, for error messages
   */
  ProtoReader(byte[] bytes, String where) {
    this(ByteBuffer.wrap(bytes), where);
  }

  private ProtoReader(ByteBuffer bytes, String where) {
    this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
    this.where = where;
  }

  /** Moves to the next field; false at the end of the message. */
  boolean next() {
    if (!bytes.hasRemaining()) {
      return false;
    }
    long tag = varint();
    field = (int) (tag >>> 3);
    wireType = (int) (tag & 7);
    if (tag >>> 32 != 0 || field == 0) {
      throw damaged("a field number out of range");
    }
    return true;
  }

  int field() {
    return field;
  }

  long integer() {
    expect(VARINT);
    return varint();
  }

  boolean bool() {
    return integer() != 0;
  }

  float real() {
    expect(FIXED32);
    need(4);
    return bytes.getFloat();
  }

  byte[] blob() {
    var part = part();
    var copy = new byte[part.remaining()];
    part.get(copy);
    return copy;
  }

  String string() {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(part()).toString();
    } catch (CharacterCodingException e) {
      throw new TokenizerException(where + " holds text that is not UTF-8", e);
    }
  }

  /** A reader of the message in this field. */
  ProtoReader message() {
    return new ProtoReader(part(), where);
  }

  void skip() {
    switch (wireType) {
      case VARINT -> varint();
      case FIXED64 -> need(8).position(bytes.position() + 8);
      case BYTES -> part();
      case FIXED32 -> need(4).position(bytes.position() + 4);
      default -> throw damaged("the wire type " + wireType);
    }
  }

  private ByteBuffer part() {
    expect(BYTES);
    long size = varint();
    if (size < 0 || size > bytes.remaining()) {
      throw damaged("a field of " + size + " bytes with " + bytes.remaining() + " left");
    }
    var part = bytes.slice(bytes.position(), (int) size);
    bytes.position(bytes.position() + (int) size);
    return part;
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      byte b = need(1).get();
      value |= (long) (b & 0x7F) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw damaged("a number of more than ten bytes");
  }

  private ByteBuffer need(int count) {
    if (bytes.remaining() < count) {
      throw damaged("its end in the middle of a field");
    }
    return bytes;
  }

  private void expect(int type) {
    if (wireType != type) {
      throw damaged("wire type " + wireType + " for field " + field + ", which has " + type);
    }
  }

  private TokenizerException damaged(String what) {
    return new TokenizerException(where + " is not a SentencePiece model, or damaged: " + what);
  }

  @Override
  public String toString() {
    return "ProtoReader" + Arrays.asList(where, bytes.position(), bytes.limit());
  }
}
