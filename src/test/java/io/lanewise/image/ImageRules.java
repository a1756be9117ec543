package io.lanewise.image;

import io.lanewise.image.ImageCode.Reached;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Label;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * What a native image cannot do, or does many times slower, found in byte code. Each finding names
 * the method and says what is wrong.
 *
 * @param isVectorKernel classes whose loops carry the arithmetic
 * @param holdsResource names that an image finds among its resources
 */
record ImageRules(Predicate<String> isVectorKernel, Predicate<String> holdsResource) {
  private static final String VECTORS = "jdk/incubator/vector/";
  private static final String SPECIES = "Ljdk/incubator/vector/VectorSpecies;";
  private static final String REGION = "io/lanewise/memory/Region";

  /** Its resources' names are computed; a test of its own compares them. */
  private static final String NATIVES = "io/lanewise/kernel/natives/BundledNatives";

  /** Operators that HotSpot has in a library of its own, and an image has not. */
  private static final Set<String> TRANSCENDENTAL =
      Set.of(
          "SIN", "COS", "TAN", "ASIN", "ACOS", "ATAN", "EXP", "LOG", "LOG10", "CBRT", "SINH",
          "COSH", "TANH", "EXPM1", "LOG1P", "ATAN2", "POW", "HYPOT");

  private static final Set<String> CONVERSIONS =
      Set.of("convert", "convertShape", "castShape", "toIntArray", "toLongArray", "toDoubleArray");

  private static final Set<String> SCALAR = Set.of("get", "set", "getAtIndex", "setAtIndex");

  private static final Set<String> CLASS_METHODS =
      Set.of(
          "forName",
          "newInstance",
          "getMethod",
          "getMethods",
          "getDeclaredMethod",
          "getDeclaredMethods",
          "getField",
          "getFields",
          "getDeclaredField",
          "getDeclaredFields",
          "getConstructor",
          "getConstructors",
          "getDeclaredConstructor",
          "getDeclaredConstructors",
          "getRecordComponents",
          "loadClass");

  /** All findings in these classes. */
  List<String> check(List<ClassModel> classes) {
    var findings = new ArrayList<String>();
    for (var type : classes) {
      species(type, findings);
    }
    for (var method : ImageCode.of(classes)) {
      instructions(method, findings);
    }
    return findings;
  }

  private static void species(ClassModel type, List<String> findings) {
    for (var field : type.fields()) {
      if (field.fieldType().equalsString(SPECIES)) {
        findings.add(
            MainClasses.name(type)
                + "."
                + field.fieldName().stringValue()
                + ": an own copy of a species");
      }
    }
    for (var method : type.methods()) {
      if (method.methodType().stringValue().contains(SPECIES)) {
        findings.add(
            MainClasses.name(type)
                + "."
                + method.methodName().stringValue()
                + ": a species handed about");
      }
    }
  }

  private void instructions(Reached method, List<String> findings) {
    var owner = method.type().thisClass().asInternalName();
    boolean kernel = isVectorKernel.test(MainClasses.name(method.type()));
    var places = places(method.code());
    String literal = null; // pushed last
    for (int i = 0; i < method.code().size(); i++) {
      switch (method.code().get(i)) {
        case FieldInstruction field when field.owner().asInternalName().startsWith(VECTORS) ->
            operator(field.name().stringValue())
                .forEach(what -> findings.add(method + ": " + what));
        case InvokeInstruction call -> {
          var what = call(call, owner, literal);
          if (what == null && kernel) {
            what = kernelCall(call, loopAt(method.code(), places, i));
          }
          if (what != null) {
            findings.add(method + ": " + what);
          }
          literal = null;
        }
        case ConstantInstruction c when c.constantValue() instanceof String s -> literal = s;
        default -> {}
      }
    }
  }

  private static List<String> operator(String name) {
    if (TRANSCENDENTAL.contains(name)) {
      return List.of("lanewise(" + name + ")");
    }
    return name.matches("[FD]2[ILSB]") ? List.of("conversion " + name) : List.of();
  }

  /** What is wrong with a call wherever it stands, or null. */
  private String call(InvokeInstruction call, String caller, String literal) {
    var owner = call.owner().asInternalName();
    var name = call.name().stringValue();
    if (owner.equals("java/lang/foreign/Arena") && name.equals("ofShared")) {
      return caller.equals(REGION) ? "Arena.ofShared in an image" : "Arena.ofShared";
    }
    if (owner.equals("java/util/ServiceLoader")) {
      return "ServiceLoader." + name;
    }
    boolean reflects =
        owner.startsWith("java/lang/reflect/")
            || (owner.matches("java/lang/Class(Loader)?") && CLASS_METHODS.contains(name))
            || (owner.endsWith("/MethodHandles$Lookup") && name.matches("(find|un).*"));
    if (reflects) {
      return "reflection: " + owner.substring(owner.lastIndexOf('/') + 1) + "." + name;
    }
    if (name.startsWith("getResource") || name.equals("getSystemResource")) {
      boolean registered = literal != null && holdsResource.test(literal.replaceFirst("^/", ""));
      return registered || caller.equals(NATIVES) ? null : "resource " + literal;
    }
    return null;
  }

  private static String kernelCall(InvokeInstruction call, BooleanSupplier loop) {
    var owner = call.owner().asInternalName();
    var name = call.name().stringValue();
    if (call.type().stringValue().contains("Ljdk/incubator/vector/VectorMask;")) {
      return "masked operation " + name;
    }
    if (owner.startsWith(VECTORS) && CONVERSIONS.contains(name)) {
      return "conversion " + name;
    }
    boolean scalar =
        (owner.equals("java/lang/foreign/MemorySegment") && SCALAR.contains(name))
            || (owner.equals("io/lanewise/memory/Matrix") && name.equals("get"));
    return scalar && loop.getAsBoolean() ? "scalar access to a segment in a loop" : null;
  }

  private static Map<Label, Integer> places(List<CodeElement> code) {
    var places = new HashMap<Label, Integer>();
    for (int i = 0; i < code.size(); i++) {
      if (code.get(i) instanceof LabelTarget target) {
        places.put(target.label(), i);
      }
    }
    return places;
  }

  /** Whether a jump leads from behind an instruction to before it. */
  private static BooleanSupplier loopAt(
      List<CodeElement> code, Map<Label, Integer> places, int at) {
    return () ->
        IntStream.range(at + 1, code.size())
            .mapToObj(code::get)
            .anyMatch(e -> e instanceof BranchInstruction jump && places.get(jump.target()) < at);
  }
}
