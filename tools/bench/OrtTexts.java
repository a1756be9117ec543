import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.lanewise.tokenizer.EncodeOptions;
import io.lanewise.tokenizer.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Texts to vectors by ONNX Runtime Java: OrtTexts MODEL.onnx TOKENIZER_FOLDER TEXTS THREADS. The
 * tokenizer is Lanewise's, so that the engines alone differ. It answers what
 * io.lanewise.bench.TextsWorker does; ORDER is mixed (the texts as they come, 32 a pass) or sorted
 * (by length, 32 a pass), each pass padded to its longest text.
 */
public class OrtTexts {
  static final int GROUP = 32;

  public static void main(String[] args) throws Exception {
    var env = OrtEnvironment.getEnvironment();
    var options = new OrtSession.SessionOptions();
    options.setIntraOpNumThreads(Integer.parseInt(args[3]));
    options.setInterOpNumThreads(1);
    options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
    var texts = Files.readAllLines(Path.of(args[2]));
    var tokenizer = Tokenizer.load(Path.of(args[1]));
    var encode = EncodeOptions.DEFAULT.withMaxLength(512);
    try (var session = env.createSession(args[0], options)) {
      System.out.println("ready");
      for (String line; (line = IO.readln()) != null && !line.isBlank(); ) {
        var f = line.split(" ");
        int from = Integer.parseInt(f[0]);
        var asked = texts.subList(from, from + Integer.parseInt(f[1]));
        long start = System.nanoTime();
        var encodings =
            asked.stream().map(t -> tokenizer.encode(t, encode).ids()).toArray(int[][]::new);
        var order = new Integer[encodings.length];
        Arrays.setAll(order, i -> i);
        if (f[2].equals("sorted"))
          Arrays.sort(order, Comparator.comparing(i -> encodings[i].length));
        var vectors = new float[encodings.length][];
        for (int i = 0; i < order.length; i += GROUP) {
          pass(
              env,
              session,
              encodings,
              Arrays.asList(order).subList(i, Math.min(i + GROUP, order.length)),
              vectors);
        }
        double millis = (System.nanoTime() - start) / 1e6;
        long tokens = 0, hash = 0;
        for (var encoding : encodings) {
          for (int id : encoding) {
            tokens++;
            hash = hash * 1_000_003 + id + 1;
          }
        }
        System.out.println(millis + " " + tokens + " " + hash);
      }
    }
  }

  /** The mean over each text's own tokens. */
  static void pass(
      OrtEnvironment env,
      OrtSession session,
      int[][] encodings,
      List<Integer> group,
      float[][] vectors)
      throws OrtException {
    int longest = group.stream().mapToInt(i -> encodings[i].length).max().orElseThrow();
    var ids = new long[group.size()][longest];
    var mask = new int[group.size()][longest];
    for (int row = 0; row < ids.length; row++) {
      var own = encodings[group.get(row)];
      for (int t = 0; t < own.length; t++) ids[row][t] = own[t];
      Arrays.fill(mask[row], 0, own.length, 1);
    }
    try (var idTensor = OnnxTensor.createTensor(env, ids);
        var maskTensor = OnnxTensor.createTensor(env, mask);
        var result = session.run(Map.of("ids", idTensor, "mask", maskTensor))) {
      var states = ((OnnxTensor) result.get(0)).getFloatBuffer();
      int hidden = states.capacity() / (ids.length * longest);
      var state = new float[hidden];
      for (int row = 0; row < ids.length; row++) {
        int tokens = encodings[group.get(row)].length;
        var vector = new float[hidden];
        for (int t = 0; t < tokens; t++) {
          states.get((row * longest + t) * hidden, state);
          for (int c = 0; c < hidden; c++) vector[c] += state[c] / tokens;
        }
        vectors[group.get(row)] = vector;
      }
    }
  }
}
