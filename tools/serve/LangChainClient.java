import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * LangChain4j's OpenAI embedding model against a running server: {@code URL TEXTS VECTORS}, a text
 * a line, and the JSON that {@code lanewise embed --json} gives for them.
 */
final class LangChainClient {
  private static final Pattern VECTOR = Pattern.compile("\\[([^\\[\\]]+)]");

  public static void main(String[] arguments) throws Exception {
    var texts = Files.readAllLines(Path.of(arguments[1]));
    var vectors =
        VECTOR
            .matcher(Files.readString(Path.of(arguments[2])))
            .results()
            .map(found -> vector(found.group(1)))
            .toList();
    var model =
        OpenAiEmbeddingModel.builder()
            .baseUrl(arguments[0] + "/v1")
            .apiKey("none")
            .modelName("m")
            .build();
    var got = model.embedAll(texts.stream().map(TextSegment::from).toList()).content();
    if (got.size() != vectors.size()) {
      throw new AssertionError(got.size() + " vectors");
    }
    for (int i = 0; i < got.size(); i++) {
      if (!Arrays.equals(got.get(i).vector(), vectors.get(i))) {
        throw new AssertionError("LangChain4j: other vectors than lanewise embed");
      }
    }
    System.out.printf(
        "LangChain4j: %d vectors of %d, the same bits%n", got.size(), got.getFirst().dimension());
    System.exit(0); // its HTTP client has threads that stay
  }

  private static float[] vector(String numbers) {
    var cells = numbers.split(",");
    var vector = new float[cells.length];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = Float.parseFloat(cells[i].strip());
    }
    return vector;
  }
}
