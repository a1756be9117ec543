package io.lanewise.image;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeInstruction;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * How vectors get to memory and from one method to another, so that a native image runs them: by
 * one door, and inlined.
 *
 * @param door internal name of the only class that may load from segments and store to them
 */
record VectorRules(String door) {
  private static final Pattern VECTOR = Pattern.compile("Ljdk/incubator/vector/\\w*Vector;");
  private static final String SEGMENT = "Ljava/lang/foreign/MemorySegment;";
  private static final String MARK = "Ljdk/internal/vm/annotation/ForceInline;";

  /** All findings in these classes. */
  List<String> check(List<ClassModel> classes) {
    var findings = new ArrayList<String>();
    for (var type : classes) {
      for (var field : type.fields()) {
        if (isVector(field.fieldType().stringValue())) {
          findings.add(name(type, field.fieldName().stringValue()) + ": a vector in a field");
        }
      }
      for (var method : type.methods()) {
        check(type, method, findings);
      }
    }
    return findings;
  }

  private void check(ClassModel type, MethodModel method, List<String> findings) {
    var name = name(type, method.methodName().stringValue());
    boolean marked = isMarked(method);
    if (isVector(method.methodType().stringValue()) && !marked) {
      findings.add(name + ": takes or returns a vector and is not marked @ForceInline");
    }
    var calls =
        method.code().stream()
            .flatMap(code -> code.elementStream())
            .filter(InvokeInstruction.class::isInstance)
            .map(InvokeInstruction.class::cast)
            .toList();
    boolean isDoor = type.thisClass().asInternalName().equals(door);
    boolean opens = calls.stream().anyMatch(VectorRules::goesToMemory);
    if (opens && !isDoor) {
      findings.add(name + ": a load or store beside the door");
    }
    if (opens && isDoor && calls.size() > 1) {
      findings.add(name + ": more than the load or store in the door");
    }
    boolean passes = calls.stream().anyMatch(this::passesTheDoor);
    boolean resolves = calls.stream().anyMatch(call -> isDoors(call, "base"));
    if (passes && !resolves && !marked) {
      findings.add(name + ": a segment that is not resolved by base");
    }
  }

  private static boolean goesToMemory(InvokeInstruction call) {
    return call.owner().asInternalName().startsWith("jdk/incubator/vector/")
        && (call.name().equalsString("fromMemorySegment")
            || call.name().equalsString("intoMemorySegment"));
  }

  private boolean passesTheDoor(InvokeInstruction call) {
    return isVector(call.type().stringValue())
        && call.type().stringValue().contains(SEGMENT)
        && call.owner().asInternalName().equals(door);
  }

  private boolean isDoors(InvokeInstruction call, String name) {
    return call.owner().asInternalName().equals(door) && call.name().equalsString(name);
  }

  private static boolean isVector(String descriptor) {
    return VECTOR.matcher(descriptor).find();
  }

  private static boolean isMarked(MethodModel method) {
    return method.findAttribute(Attributes.runtimeVisibleAnnotations()).stream()
        .flatMap(marks -> marks.annotations().stream())
        .anyMatch(mark -> mark.className().equalsString(MARK));
  }

  private static String name(ClassModel type, String member) {
    return MainClasses.name(type) + "." + member;
  }
}
