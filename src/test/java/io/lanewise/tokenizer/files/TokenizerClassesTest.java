package io.lanewise.tokenizer.files;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lanewise.TokenizerException;
import io.lanewise.tokenizer.EncodeOptions;
import io.lanewise.tokenizer.EncodeOptions.OffsetUnit;
import io.lanewise.tokenizer.Encoding;
import io.lanewise.tokenizer.Tokenizer;
import io.lanewise.tokenizer.TokenizerOptions;
import io.lanewise.tokenizer.TokenizerOptions.Flavor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compares every tokenizer class, with every setting of its fast or slow form, with {@code
 * AutoTokenizer} of transformers 4.57.6. The expected values are made by {@code
 * tools/reference/tokenizer_classes.py}.
 */
class TokenizerClassesTest {
  private static final Path ROOT = Path.of("src/test/resources/tokenizer-classes");
  private static final EncodeOptions CODE_POINTS =
      EncodeOptions.DEFAULT.withOffsets(OffsetUnit.CODE_POINTS);

  private static JsonNode read() throws IOException {
    try (InputStream in =
        new GZIPInputStream(Files.newInputStream(ROOT.resolve("cases.json.gz")))) {
      return new ObjectMapper().readTree(in);
    }
  }

  @TestFactory
  Stream<DynamicTest> answersAsAutoTokenizer(@TempDir Path folders) throws IOException {
    var root = read();
    var cases = new ArrayList<JsonNode>();
    root.get("cases").forEach(cases::add);
    return IntStream.range(0, cases.size())
        .mapToObj(
            i -> {
              var one = cases.get(i);
              return DynamicTest.dynamicTest(
                  one.get("name").asText(), () -> check(root, one, folders.resolve("f" + i)));
            });
  }

  @Test
  void holdsEveryKindOfCase() throws IOException {
    var cases = read().get("cases");
    long refused = cases.findValues("refused").size();
    assertThat(cases.size()).isGreaterThan(600);
    assertThat(refused).isBetween(20L, 60L);
  }

  private static void check(JsonNode root, JsonNode one, Path folder) throws IOException {
    Files.createDirectories(folder);
    for (var file : one.get("files").properties()) {
      Path target = folder.resolve(file.getKey());
      if (file.getValue().isTextual()) {
        Files.copy(ROOT.resolve(file.getValue().asText()), target);
      } else {
        Files.writeString(target, file.getValue().toString());
      }
    }
    var flavor = one.path("slow").asBoolean() ? Flavor.SLOW : Flavor.AUTO;
    var options = TokenizerOptions.DEFAULT.withFlavor(flavor);
    if (one.has("refused")) {
      Tokenizer loaded;
      try {
        loaded = Tokenizer.load(folder, options);
      } catch (TokenizerException e) {
        return;
      }
      throw new AssertionError(
          "should be refused, "
              + one.get("refused").asText()
              + ": "
              + List.of(loaded.encode("a").tokens()));
    }
    var expected = expected(root, one.get("expected"));
    var answer = answer(root, Tokenizer.load(folder, options));
    var wrong = new ArrayList<String>();
    expected.forEach(
        (key, value) -> {
          if (!value.equals(answer.get(key))) {
            wrong.add(key + ": expected " + value + ", got " + answer.get(key));
          }
        });
    assertThat(wrong).isEmpty();
  }

  private static Map<String, Object> expected(JsonNode root, JsonNode expected) {
    var map = new LinkedHashMap<String, Object>();
    for (var entry : expected.properties()) {
      var value = entry.getValue();
      map.put(
          entry.getKey(),
          switch (entry.getKey()) {
            case "ids", "offsets" -> stream(value).map(n -> list(root, n.intValue())).toList();
            case "pair", "types" -> list(root, value.intValue());
            case "inputs", "sides" -> stream(value).map(JsonNode::asText).toList();
            case "size", "maxLength" -> value.intValue();
            case "cleanUp" -> value.booleanValue();
            case "roles" -> roles(value);
            default -> value.asText();
          });
    }
    return map;
  }

  private static Map<String, String> roles(JsonNode node) {
    var roles = new LinkedHashMap<String, String>();
    node.properties().forEach(entry -> roles.put(entry.getKey(), entry.getValue().asText()));
    return roles;
  }

  private static Stream<JsonNode> stream(JsonNode list) {
    return IntStream.range(0, list.size()).mapToObj(list::get);
  }

  private static List<Integer> list(JsonNode root, int answer) {
    return stream(root.get("answers").get(answer)).map(JsonNode::intValue).toList();
  }

  private static Map<String, Object> answer(JsonNode root, Tokenizer tokenizer) {
    var texts = stream(root.get("texts")).map(JsonNode::asText).toList();
    var encodings = texts.stream().map(text -> tokenizer.encode(text, CODE_POINTS)).toList();
    var pair = tokenizer.encode(root.get("pair").get(0).asText(), root.get("pair").get(1).asText());
    var all = new LinkedHashMap<String, Object>();
    all.put("ids", encodings.stream().map(each -> boxed(each.ids())).toList());
    all.put("pair", boxed(pair.ids()));
    all.put("types", boxed(pair.typeIds()));
    all.put("roles", tokenizer.specialTokens());
    all.put("size", tokenizer.size());
    all.put("maxLength", tokenizer.maxLength());
    all.put("inputs", tokenizer.inputNames());
    all.put("cleanUp", tokenizer.cleansUp());
    all.put("sides", sides(tokenizer.options()));
    all.put("decoded", tokenizer.decode(encodings.getFirst().ids(), false));
    all.put("skipped", tokenizer.decode(encodings.get(2).ids(), true));
    all.put("offsets", encodings.stream().map(TokenizerClassesTest::places).toList());
    return all;
  }

  private static List<String> sides(EncodeOptions options) {
    return List.of(
        options.paddingSide().name().toLowerCase(java.util.Locale.ROOT),
        options.truncationSide().name().toLowerCase(java.util.Locale.ROOT));
  }

  private static List<Integer> places(Encoding encoding) {
    var places = new ArrayList<Integer>();
    for (int i = 0; i < encoding.length(); i++) {
      places.add(encoding.starts()[i]);
      places.add(encoding.ends()[i]);
    }
    return places;
  }

  private static List<Integer> boxed(int[] values) {
    return Arrays.stream(values).boxed().toList();
  }
}
