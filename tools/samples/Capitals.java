import io.lanewise.task.FillMask;
import java.nio.file.Path;

/** Fills a mask with the demo checkpoint. */
class Capitals {
  public static void main(String[] arguments) {
    var folder = Path.of("weights/albert-tiny-demo");
    try (var fillMask = FillMask.load(folder)) {
      var answer = fillMask.withTop(3).predict("The capital of [MASK] is Paris.");
      for (var candidate : answer.masks().getFirst().candidates()) {
        System.out.println(candidate.score() + "  " + candidate.token());
      }
    }
  }
}
