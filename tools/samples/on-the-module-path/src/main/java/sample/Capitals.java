package sample;

import io.lanewise.task.FillMask;
import java.nio.file.Path;

/** Fills a mask with the demo checkpoint, as a module. */
final class Capitals {
  public static void main(String[] arguments) {
    try (var fillMask = FillMask.load(Path.of("weights/albert-tiny-demo"))) {
      var best = fillMask.predict("The capital of [MASK] is Paris.").best();
      System.out.println(best.score() + "  " + best.token() + "  " + Capitals.class.getModule());
    }
  }
}
