package io.lanewise.checkpoint.format;

import io.lanewise.CheckpointException;
import io.lanewise.checkpoint.format.PickleValue.Dict;
import io.lanewise.checkpoint.format.PickleValue.Items;
import io.lanewise.checkpoint.format.PickleValue.Nothing;
import io.lanewise.checkpoint.format.PickleValue.Real;
import io.lanewise.checkpoint.format.PickleValue.Storage;
import io.lanewise.checkpoint.format.PickleValue.Text;
import io.lanewise.checkpoint.format.PickleValue.Truth;
import io.lanewise.checkpoint.format.PickleValue.Tuple;
import io.lanewise.checkpoint.format.PickleValue.Whole;
import io.lanewise.file.HeapRoom;
import io.lanewise.tensor.DType;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a pickle safely: it supports the opcodes that {@code torch.save} writes for a dict of
 * tensors, creates only {@link PickleValue}s, and refuses everything else by name. A pickle is a
 * program for a stack machine; this implementation has no instruction that runs code.
 *
 * <p>The opcodes are those of Python's {@code pickletools}, protocols 2 to 5.
 */
final class Unpickler {
  private final PickleInput input;
  private final Map<String, DType> storages;
  private final List<PickleValue> stack = new ArrayList<>();
  private final List<Integer> marks = new ArrayList<>();
  private final Map<Long, PickleValue> memo = new HashMap<>();
  private final HeapRoom room;

  /**
   * List entries copied by calls; more than there are bytes in the pickle would be an attack on
   * memory.
   */
  private long copied;

  private Unpickler(PickleInput input, Map<String, DType> storages) {
    this.input = input;
    this.storages = storages;
    this.room = HeapRoom.of(input.where());
  }

  /**
   * Reads one pickle from the current position to its STOP.
   *
   * @param storages receives the type of each storage, by key
   * @throws CheckpointException if it is broken or contains anything but tensors
   */
  static PickleValue read(PickleInput input, Map<String, DType> storages) {
    return new Unpickler(input, storages).run();
  }

  private PickleValue run() {
    while (true) {
      int opcode = input.unsignedByte();
      if (opcode == '.') {
        var result = pop();
        if (!stack.isEmpty()) {
          throw input.wrong("it ends with more than one value");
        }
        return result;
      }
      step(opcode);
    }
  }

  private void step(int opcode) {
    room.take(2 * HeapRoom.OBJECT); // a value, and its entry on the stack
    switch (opcode) {
      case 0x80 -> protocol(input.unsignedByte());
      case 0x95 -> input.bytes(8); // FRAME: a hint for buffering
      case '(' -> marks.add(stack.size());
      case '0' -> pop();
      case '1' -> popToMark();
      case '2' -> push(top());

      case 'N' -> push(new Nothing());
      case 0x88 -> push(new Truth(true));
      case 0x89 -> push(new Truth(false));
      case 'J' -> whole(input.signedInt());
      case 'K' -> whole(input.unsignedByte());
      case 'M' -> whole(input.unsignedShort());
      case 0x8a -> push(new Whole(input.whole(input.unsignedByte())));
      case 'G' -> push(new Real(input.real()));
      case 'X' -> text(input.utf8(input.unsignedInt()));
      case 0x8c -> text(input.utf8(input.unsignedByte()));
      case 0x8d -> text(input.utf8(input.signedLong()));
      case 'T' -> text(input.latin1(input.unsignedInt()));
      case 'U' -> text(input.latin1(input.unsignedByte()));

      case ')' -> push(new Tuple(List.of()));
      case 't' -> push(new Tuple(popToMark()));
      case 0x85 -> push(new Tuple(popLast(1)));
      case 0x86 -> push(new Tuple(popLast(2)));
      case 0x87 -> push(new Tuple(popLast(3)));
      case ']' -> push(new Items(new ArrayList<>()));
      case 'l' -> push(new Items(popToMark()));
      case 'a' -> append(popLast(1));
      case 'e' -> append(popToMark());
      case '}' -> push(new Dict(new LinkedHashMap<>()));
      case 'd' -> put(new Dict(new LinkedHashMap<>()), popToMark(), true);
      case 's' -> put(null, popLast(2), false);
      case 'u' -> put(null, popToMark(), false);

      case 'q' -> remember(input.unsignedByte());
      case 'r' -> remember(input.unsignedInt());
      case 0x94 -> remember(memo.size());
      case 'h' -> recall(input.unsignedByte());
      case 'j' -> recall(input.unsignedInt());

      case 'c' -> push(TorchGlobals.find(input, input.line(), input.line()));
      case 0x93 -> stackGlobal(popLast(2));
      case 'Q' -> storage(TorchGlobals.storage(input, pop()));
      case 'R' -> call(popLast(2));
      case 'b' -> build(popLast(2));
      default -> throw input.refused("uses the instruction " + name(opcode));
    }
  }

  private static String name(int opcode) {
    return opcode > ' ' && opcode < 0x7f
        ? "'" + (char) opcode + "'"
        : "0x" + Integer.toHexString(opcode);
  }

  private void protocol(int version) {
    if (version < 2 || version > 5) {
      throw input.wrong("protocol " + version + " is none of 2 to 5");
    }
  }

  private void push(PickleValue value) {
    stack.add(value);
  }

  private void text(String text) {
    room.takeText(text);
    push(new Text(text));
  }

  private void whole(long value) {
    room.take(HeapRoom.CONTAINER);
    push(new Whole(BigInteger.valueOf(value)));
  }

  /** The values of a level begin after the innermost mark. */
  private int floor() {
    return marks.isEmpty() ? 0 : marks.getLast();
  }

  private PickleValue top() {
    if (stack.size() <= floor()) {
      throw input.wrong("a value is missing");
    }
    return stack.getLast();
  }

  private PickleValue pop() {
    var value = top();
    stack.removeLast();
    return value;
  }

  private List<PickleValue> popLast(int count) {
    if (stack.size() - count < floor()) {
      throw input.wrong("a value is missing");
    }
    return popFrom(stack.size() - count);
  }

  private List<PickleValue> popToMark() {
    if (marks.isEmpty()) {
      throw input.wrong("a mark is missing");
    }
    return popFrom(marks.removeLast());
  }

  private List<PickleValue> popFrom(int from) {
    var tail = stack.subList(from, stack.size());
    room.take(HeapRoom.CONTAINER + (long) tail.size() * Integer.BYTES);
    var values = new ArrayList<>(tail);
    tail.clear();
    return values;
  }

  private void remember(long index) {
    room.take(HeapRoom.ENTRY + HeapRoom.OBJECT);
    memo.put(index, top());
  }

  private void recall(long index) {
    var value = memo.get(index);
    if (value == null) {
      throw input.wrong("nothing is remembered as " + index);
    }
    push(value);
  }

  private void append(List<PickleValue> values) {
    if (!(top() instanceof Items list)) {
      throw input.wrong("something that is no list is added to");
    }
    list.items().addAll(values);
  }

  private void put(Dict fresh, List<PickleValue> keysAndValues, boolean isNew) {
    if (isNew) {
      push(fresh);
    }
    if (!(top() instanceof Dict dict) || keysAndValues.size() % 2 != 0) {
      throw input.wrong("something that is no dict is added to");
    }
    room.take((long) keysAndValues.size() * HeapRoom.ENTRY);
    for (int i = 0; i < keysAndValues.size(); i += 2) {
      dict.entries().put(key(keysAndValues.get(i)), keysAndValues.get(i + 1));
    }
  }

  private String key(PickleValue key) {
    return switch (key) {
      case Text text -> text.value();
      case Whole number -> number.value().toString();
      default -> throw input.wrong("a dict has a key that is neither text nor number");
    };
  }

  private void stackGlobal(List<PickleValue> names) {
    if (!(names.get(0) instanceof Text module) || !(names.get(1) instanceof Text name)) {
      throw input.wrong("a class is named by something that is no text");
    }
    push(TorchGlobals.find(input, module.value(), name.value()));
  }

  private void call(List<PickleValue> functionAndArguments) {
    if (!(functionAndArguments.get(1) instanceof Tuple arguments)) {
      throw input.wrong("the arguments of a call are no tuple");
    }
    for (var argument : arguments.items()) {
      copied += argument instanceof Items list ? list.items().size() : 0;
    }
    if (copied > input.position()) {
      throw input.wrong("it copies more than it holds");
    }
    push(TorchGlobals.call(input, functionAndArguments.get(0), arguments.items()));
  }

  private void storage(Storage storage) {
    var before = storages.putIfAbsent(storage.key(), storage.dtype());
    if (before != null && before != storage.dtype()) {
      throw input.wrong("a storage has two types, " + before + " and " + storage.dtype());
    }
    push(storage);
  }

  /** Attributes of an OrderedDict, such as a state dict's {@code _metadata}: not needed. */
  private void build(List<PickleValue> objectAndState) {
    if (!(objectAndState.get(0) instanceof Dict dict)) {
      throw input.refused("sets attributes of an object");
    }
    push(dict);
  }
}
