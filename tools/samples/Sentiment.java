import io.lanewise.model.Inputs;
import io.lanewise.model.Model;
import io.lanewise.model.Options;
import io.lanewise.model.Output;
import io.lanewise.tokenizer.Tokenizer;
import java.nio.file.Path;

/** Classifies a sentence with the sentiment checkpoint: tensors in, tensors out. */
class Sentiment {
  public static void main(String[] arguments) {
    var folder = Path.of("weights/albert-tiny-sentiment");
    var tokenizer = Tokenizer.load(folder);
    try (var model = Model.load(folder, Options.DEFAULT)) {
      var encoding = tokenizer.encode("This library is wonderful.");
      var inputs = Inputs.ids(new int[][] {encoding.ids()});
      if (model.forward(inputs) instanceof Output.Logits output) {
        float[] logits = output.logits().row(0); // [labels]
        for (int i = 0; i < logits.length; i++) {
          System.out.println(model.labels().get(i) + "  " + logits[i]);
        }
      }
    }
  }
}
