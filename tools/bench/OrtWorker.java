import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import java.util.Arrays;
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
      int batch = Integer.parseInt(f[0]),
          tokens = Integer.parseInt(f[1]),
          n = Integer.parseInt(f[2]);
      var times = new StringBuilder();
      for (int i = 0; i < n; i++) {
        long[][] ids = new long[batch][tokens];
        int[][] mask = new int[batch][tokens];
        for (var row : ids) Arrays.setAll(row, _ -> 5 + random.nextInt(20000));
        for (var row : mask) Arrays.fill(row, 1);
        long start = System.nanoTime();
        try (var idTensor = OnnxTensor.createTensor(env, ids);
            var maskTensor = OnnxTensor.createTensor(env, mask);
            var result = session.run(Map.of("ids", idTensor, "mask", maskTensor))) {
          ((OnnxTensor) result.get(0)).getFloatBuffer().get(0);
        }
        times.append("%.3f ".formatted((System.nanoTime() - start) / 1e6));
      }
      System.out.println(times);
    }
  }
}
