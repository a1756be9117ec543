import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A worker (see README.md) for ONNX Runtime Java: OrtWorker MODEL.onnx THREADS. */
public class OrtWorker {
  public static void main(String[] args) throws Exception {
    var env = OrtEnvironment.getEnvironment();
    var options = new OrtSession.SessionOptions();
    options.setIntraOpNumThreads(Integer.parseInt(args[1]));
    options.setInterOpNumThreads(1);
    options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
    var session = env.createSession(args[0], options);
    System.out.println("ready");
    var random = new Random(1);
    for (String line; (line = IO.readln()) != null && !line.isBlank(); ) {
      var f = line.trim().split(" ");
      int batch = Integer.parseInt(f[0]), n = Integer.parseInt(f[2]);
      var passes = passes(f[1], batch);
      var times = new StringBuilder();
      for (int i = 0; i < n; i++) {
        double sum = 0;
        for (var lengths : passes) {
          sum += time(env, session, random, lengths);
        }
        times.append("%.3f ".formatted(sum));
      }
      System.out.println(times);
    }
  }

  /**
   * Lengths of the texts of each pass: equal ones, or a corpus as {@code cli/MixedLengths} draws
   * it.
   */
  static List<int[]> passes(String tokens, int batch) {
    int[] lengths = new int[Character.isDigit(tokens.charAt(0)) ? batch : 64];
    if (Character.isDigit(tokens.charAt(0))) {
      Arrays.fill(lengths, Integer.parseInt(tokens));
    } else {
      var random = new Random(7);
      Arrays.setAll(
          lengths, _ -> Math.clamp(Math.round(40 * Math.exp(0.8 * random.nextGaussian())), 4, 512));
      if (tokens.equals("sorted")) Arrays.sort(lengths);
    }
    var passes = new ArrayList<int[]>();
    for (int from = 0; from < lengths.length; from += batch) {
      passes.add(Arrays.copyOfRange(lengths, from, Math.min(lengths.length, from + batch)));
    }
    return passes;
  }

  static double time(OrtEnvironment env, OrtSession session, Random random, int[] lengths)
      throws Exception {
    int tokens = Arrays.stream(lengths).max().orElseThrow();
    long[][] ids = new long[lengths.length][tokens];
    int[][] mask = new int[lengths.length][tokens];
    for (var row : ids) Arrays.setAll(row, _ -> 5 + random.nextInt(20000));
    for (int i = 0; i < mask.length; i++) Arrays.fill(mask[i], 0, lengths[i], 1);
    long start = System.nanoTime();
    try (var idTensor = OnnxTensor.createTensor(env, ids);
        var maskTensor = OnnxTensor.createTensor(env, mask);
        var result = session.run(Map.of("ids", idTensor, "mask", maskTensor))) {
      ((OnnxTensor) result.get(0)).getFloatBuffer().get(0);
    }
    return (System.nanoTime() - start) / 1e6;
  }
}
