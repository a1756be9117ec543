package io.lanewise.image;

import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeModel;
import java.lang.classfile.Instruction;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The shapes of the native functions that classes call, read from their byte code: the descriptor
 * methods of bindings can only be asked where the library is installed and has the function.
 */
final class Downcalls {
  private Downcalls() {}

  /** The shape of a native function in the words of the metadata: {@code void(jint, void*)}. */
  static String shape(FunctionDescriptor descriptor) {
    return descriptor.returnLayout().map(Downcalls::name).orElse("void")
        + descriptor.argumentLayouts().stream().map(Downcalls::name).toList();
  }

  private static String name(MemoryLayout layout) {
    return switch (layout) {
      case ValueLayout.OfBoolean _ -> "jboolean";
      case ValueLayout.OfByte _ -> "jbyte";
      case ValueLayout.OfChar _ -> "jchar";
      case ValueLayout.OfShort _ -> "jshort";
      case ValueLayout.OfInt _ -> "jint";
      case ValueLayout.OfLong _ -> "jlong";
      case ValueLayout.OfFloat _ -> "jfloat";
      case ValueLayout.OfDouble _ -> "jdouble";
      case AddressLayout _ -> "void*";
      default -> throw new IllegalArgumentException(layout + ": teach this test to name it");
    };
  }

  /** Class name to the shapes that its code describes. */
  static Map<String, List<String>> of(List<ClassModel> classes) {
    var shapes = new TreeMap<String, List<String>>();
    for (var type : classes) {
      var found = new ArrayList<String>();
      int handles = 0;
      for (var method : type.methods()) {
        if (method.code().isPresent()) {
          handles += read(type, method.code().get(), found);
        }
      }
      if (handles > found.size()) {
        throw new AssertionError(MainClasses.name(type) + ": a downcall with no shape beside it");
      }
      if (!found.isEmpty()) {
        shapes.put(MainClasses.name(type), found);
      }
    }
    return shapes;
  }

  /** Adds the shapes of a method; returns how many downcall handles it makes. */
  private static int read(ClassModel type, CodeModel code, List<String> found) {
    int handles = 0;
    int length = -1; // of the array made last
    int count = 0; // the constant pushed last
    MemoryLayout before = null; // the layout pushed before that array
    var layouts = new ArrayList<MemoryLayout>();
    for (var element : code) {
      if (!(element instanceof Instruction)) {
        continue;
      }
      switch (element) {
        case ConstantInstruction c when c.constantValue() instanceof Integer i -> count = i;
        case NewReferenceArrayInstruction _ -> {
          length = count;
          before = layouts.isEmpty() ? null : layouts.getLast();
          layouts.clear();
        }
        case FieldInstruction f
            when f.opcode() == Opcode.GETSTATIC
                && f.type().stringValue().startsWith("Ljava/lang/foreign/") ->
            value(f).ifPresent(layouts::add);
        case InvokeInstruction call when isShape(call) -> {
          if (layouts.size() != length) {
            throw new AssertionError(MainClasses.name(type) + ": a shape this test cannot read");
          }
          var arguments = layouts.toArray(MemoryLayout[]::new);
          found.add(
              shape(
                  call.name().equalsString("of")
                      ? FunctionDescriptor.of(before, arguments)
                      : FunctionDescriptor.ofVoid(arguments)));
        }
        case InvokeInstruction call when call.name().equalsString("downcallHandle") -> {
          handles++;
          if (length > 0 && layouts.isEmpty()) {
            throw new AssertionError(MainClasses.name(type) + ": linker options go into metadata");
          }
        }
        default -> {}
      }
    }
    return handles;
  }

  private static boolean isShape(InvokeInstruction call) {
    return call.owner().asInternalName().equals("java/lang/foreign/FunctionDescriptor")
        && (call.name().equalsString("of") || call.name().equalsString("ofVoid"));
  }

  /** The layout in a static field, its own class's or one it inherits. */
  private static Optional<MemoryLayout> value(FieldInstruction instruction) {
    try {
      var type = instruction.owner().asInternalName().replace('/', '.');
      var owner = Class.forName(type, false, Downcalls.class.getClassLoader());
      var name = instruction.name().stringValue();
      var own = Arrays.stream(owner.getDeclaredFields()).filter(f -> f.getName().equals(name));
      var field = own.findFirst().orElse(null);
      if (field == null) {
        field = owner.getField(name);
      }
      if (!MemoryLayout.class.isAssignableFrom(field.getType())) {
        return Optional.empty();
      }
      field.setAccessible(true);
      return Optional.of((MemoryLayout) field.get(null));
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }
}
