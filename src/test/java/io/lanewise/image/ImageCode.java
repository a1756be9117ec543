package io.lanewise.image;

import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.constantpool.MethodHandleEntry;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ExceptionCatch;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.lang.classfile.instruction.ThrowInstruction;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The code of some classes that a native image can reach: {@code NativeImage.isHere()} is true, so
 * the other branch is not walked. Static and private methods are reached by who names them; all
 * others might be called from anywhere.
 */
final class ImageCode {
  private static final String GUARD = "io/lanewise/memory/NativeImage";

  /** A method with the instructions that are reached. */
  record Reached(ClassModel type, MethodModel method, List<CodeElement> code) {
    @Override
    public String toString() {
      return MainClasses.name(type) + "." + method.methodName().stringValue();
    }
  }

  private final Map<String, Reached> methods = new HashMap<>();
  private final Map<String, List<String>> namesakes = new HashMap<>();
  private final Set<String> seen = new HashSet<>();
  private final ArrayDeque<String> open = new ArrayDeque<>();

  private ImageCode(List<ClassModel> classes) {
    for (var type : classes) {
      for (var method : type.methods()) {
        if (method.code().isPresent()) {
          var code = List.copyOf(method.code().get().elementList());
          var key = key(type, method);
          methods.put(key, new Reached(type, method, walk(code)));
          var signature = method.methodName().stringValue() + method.methodType().stringValue();
          namesakes.computeIfAbsent(signature, _ -> new ArrayList<>()).add(key);
        }
      }
    }
  }

  /** The reached methods of these classes. */
  static List<Reached> of(List<ClassModel> classes) {
    var code = new ImageCode(classes);
    for (var entry : code.methods.entrySet()) {
      if (mayBeCalledFromOutside(entry.getValue())) {
        code.reach(entry.getKey());
      }
    }
    while (!code.open.isEmpty()) {
      code.methods.get(code.open.pop()).code.forEach(code::follow);
    }
    return code.seen.stream().sorted().map(code.methods::get).toList();
  }

  private static String key(ClassModel type, MethodModel method) {
    return type.thisClass().asInternalName()
        + "."
        + method.methodName().stringValue()
        + method.methodType().stringValue();
  }

  private static boolean mayBeCalledFromOutside(Reached reached) {
    int flags = reached.method.flags().flagsMask();
    boolean initialises = reached.method.methodName().equalsString("<clinit>");
    boolean hidden = (flags & (Modifier.STATIC | Modifier.PRIVATE)) != 0;
    boolean isApi = (flags & Modifier.PUBLIC) != 0;
    return initialises || isApi || !hidden;
  }

  private void reach(String key) {
    if (methods.containsKey(key) && seen.add(key)) {
      open.add(key);
    }
  }

  private void follow(CodeElement element) {
    switch (element) {
      case InvokeInstruction call ->
          reachNamesakes(call.name().stringValue() + call.type().stringValue());
      case InvokeDynamicInstruction call -> {
        for (var argument : call.invokedynamic().bootstrap().arguments()) {
          if (argument instanceof MethodHandleEntry handle) {
            var target = handle.reference();
            reachNamesakes(target.name().stringValue() + target.type().stringValue());
          }
        }
      }
      default -> {}
    }
  }

  private void reachNamesakes(String signature) {
    namesakes.getOrDefault(signature, List.of()).forEach(this::reach);
  }

  /** The elements that control flow gets to, in their order. */
  private static List<CodeElement> walk(List<CodeElement> code) {
    var places = new HashMap<Label, Integer>();
    for (int i = 0; i < code.size(); i++) {
      if (code.get(i) instanceof LabelTarget target) {
        places.put(target.label(), i);
      }
    }
    var reached = new boolean[code.size()];
    var starts = new ArrayDeque<Integer>(List.of(0));
    for (var element : code) {
      if (element instanceof ExceptionCatch handler) {
        starts.add(places.get(handler.handler()));
      }
    }
    while (!starts.isEmpty()) {
      boolean guarded = false; // the value on top of the stack is NativeImage.isHere()
      for (int i = starts.pop(); i < code.size() && !reached[i]; i++) {
        reached[i] = true;
        var element = code.get(i);
        if (element instanceof BranchInstruction branch) {
          boolean never = guarded && branch.opcode() == Opcode.IFEQ;
          if (!never) {
            starts.add(places.get(branch.target()));
          }
          boolean always = guarded && branch.opcode() == Opcode.IFNE;
          if (always || branch.opcode() == Opcode.GOTO || branch.opcode() == Opcode.GOTO_W) {
            break;
          }
        } else if (element instanceof TableSwitchInstruction s) {
          starts.add(places.get(s.defaultTarget()));
          s.cases().forEach(c -> starts.add(places.get(c.target())));
          break;
        } else if (element instanceof LookupSwitchInstruction s) {
          starts.add(places.get(s.defaultTarget()));
          s.cases().forEach(c -> starts.add(places.get(c.target())));
          break;
        } else if (element instanceof ReturnInstruction || element instanceof ThrowInstruction) {
          break;
        }
        guarded =
            element instanceof InvokeInstruction call
                && call.owner().asInternalName().equals(GUARD)
                && call.name().equalsString("isHere");
      }
    }
    var result = new ArrayList<CodeElement>();
    for (int i = 0; i < code.size(); i++) {
      if (reached[i]) {
        result.add(code.get(i));
      }
    }
    return result;
  }
}
