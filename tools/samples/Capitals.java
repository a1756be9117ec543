import io.lanewise.model.Options;
import io.lanewise.task.FillMask;
import java.nio.file.Path;

/** Fills a mask with the demo checkpoint. */
class Capitals {
  public static void main(String[] arguments) {
    var folder = Path.of("weights/albert-tiny-demo");
    try (var fillMask = FillMask.load(folder, Options.DEFAULT)) {
      var masks = fillMask.withTop(3).predict("The capital of [MASK] is Paris.");
      for (var candidate : masks.getFirst()) {
        System.out.println(candidate.score() + "  " + candidate.token());
      }
    }
  }
}
