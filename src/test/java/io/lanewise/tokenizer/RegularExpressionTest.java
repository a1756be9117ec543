package io.lanewise.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.lanewise.TokenizerException;
import io.lanewise.json.Json;
import io.lanewise.tokenizer.files.DecoderJson;
import io.lanewise.tokenizer.files.JsonPart;
import io.lanewise.tokenizer.files.NormalizerJson;
import io.lanewise.tokenizer.files.PreTokenizerJson;
import io.lanewise.tokenizer.normalize.AlignedText;
import io.lanewise.tokenizer.split.PreTokenizer;
import io.lanewise.tokenizer.split.ScriptRuns;
import io.lanewise.tokenizer.split.SplitText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The expected values are those of the tokenizers library (tools/reference/regular_expressions.py).
 */
class RegularExpressionTest {
  private static final Path REFERENCE =
      Path.of("src", "test", "resources", "regular-expressions.jsonl");

  /** Patterns that are refused here by name, although the tokenizers library accepts them. */
  private static final Set<String> REFUSED = Set.of("(?i:straSe)", "\\101");

  private static List<JsonNode> reference() {
    try {
      return Files.readAllLines(REFERENCE).stream()
          .map(line -> Json.parse(line.getBytes(UTF_8), "reference"))
          .toList();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static PreTokenizer splitter(String pattern, String behavior, boolean invert) {
    var node = JsonNodeFactory.instance.objectNode();
    node.put("type", "Split").put("behavior", behavior).put("invert", invert);
    node.putObject("pattern").put("Regex", pattern);
    return PreTokenizerJson.read(new JsonPart(node, "tokenizer.json.pre_tokenizer"));
  }

  /** The pieces' ranges in code points. */
  private static List<List<Integer>> spans(PreTokenizer splitter, String text) {
    var aligned = new AlignedText(text.length());
    aligned.appendOriginal(text.toCharArray(), 0, text.length());
    var whole = new SplitText(aligned);
    whole.add(0, text.length());
    var cut = splitter.apply(whole);
    var spans = new ArrayList<List<Integer>>();
    for (int p = 0; p < cut.count(); p++) {
      spans.add(List.of(text.codePointCount(0, cut.from(p)), text.codePointCount(0, cut.to(p))));
    }
    return spans;
  }

  private static List<List<Integer>> spans(JsonNode list) {
    var spans = new ArrayList<List<Integer>>();
    list.forEach(span -> spans.add(List.of(span.get(0).intValue(), span.get(1).intValue())));
    return spans;
  }

  @Test
  void patternsCutWhereTokenizersDo() {
    var lines = reference();
    var texts = lines.getFirst();
    var softly = new SoftAssertions();
    int compared = 0;
    for (var line : lines) {
      if (!line.has("ends") && !line.has("refused")) {
        continue;
      }
      var pattern = line.get("pattern").textValue();
      if (line.has("refused") || REFUSED.contains(pattern)) {
        softly
            .assertThatThrownBy(() -> splitter(pattern, "Isolated", false))
            .as(pattern)
            .isInstanceOf(TokenizerException.class);
        continue;
      }
      try {
        var splitter = splitter(pattern, "Isolated", false);
        for (int i = 0; i < texts.size(); i++) {
          var ends = new ArrayList<Integer>();
          line.get("ends").get(i).forEach(end -> ends.add(end.intValue()));
          var found =
              spans(splitter, texts.get(i).textValue()).stream().map(List::getLast).toList();
          softly.assertThat(found).as(pattern + " in " + texts.get(i)).isEqualTo(ends);
          compared++;
        }
      } catch (TokenizerException e) {
        softly.fail(pattern + ": " + e.getMessage());
      }
    }
    softly.assertAll();
    assertThat(compared).isGreaterThan(5000);
  }

  @Test
  void behaviorsTreatEmptyFindsAsTokenizersDo() {
    var lines = reference();
    var texts = lines.getFirst();
    var softly = new SoftAssertions();
    lines.stream()
        .filter(line -> line.has("behavior"))
        .forEach(
            line -> {
              var splitter =
                  splitter(
                      line.get("pattern").textValue(),
                      line.get("behavior").textValue(),
                      line.get("invert").booleanValue());
              for (int i = 0; i < texts.size(); i++) {
                softly
                    .assertThat(spans(splitter, texts.get(i).textValue()))
                    .as(
                        line.get("pattern")
                            + " "
                            + line.get("behavior")
                            + line.get("invert")
                            + texts.get(i))
                    .isEqualTo(spans(line.get("spans").get(i)));
              }
            });
    softly.assertAll();
  }

  @Test
  void scriptsAreCutWhereTokenizersDo() {
    var lines = reference();
    var texts = lines.getFirst();
    var line = lines.stream().filter(l -> l.has("scripts")).findFirst().orElseThrow();
    for (int i = 0; i < texts.size(); i++) {
      assertThat(spans(new ScriptRuns(), texts.get(i).textValue()))
          .as(texts.get(i).textValue())
          .isEqualTo(spans(line.get("scripts").get(i)));
    }
  }

  @Test
  void findsAreReplacedAsTokenizersDo() {
    var lines = reference();
    var texts = lines.getFirst();
    lines.stream()
        .filter(line -> line.has("content"))
        .forEach(
            line -> {
              var node = JsonNodeFactory.instance.objectNode();
              node.put("type", "Replace").put("content", line.get("content").textValue());
              node.putObject("pattern").put("Regex", line.get("pattern").textValue());
              var normalizer = NormalizerJson.read(new JsonPart(node, "normalizer"));
              var decoder = DecoderJson.read(new JsonPart(node, "decoder"));
              for (int i = 0; i < texts.size(); i++) {
                var text = texts.get(i).textValue();
                assertThat(decoder.apply(List.of(text)))
                    .containsExactly(line.get("results").get(i).textValue());
                var source = new AlignedText(text.length());
                source.appendOriginal(text.toCharArray(), 0, text.length());
                var target = new AlignedText(text.length());
                normalizer.apply(source, target);
                assertThat(target.toString())
                    .as(line.get("pattern") + " in " + text)
                    .isEqualTo(line.get("results").get(i).textValue());
              }
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(a*)*b",
        "(a|a)*b",
        "(a+)+b",
        "(a|aa)+$b",
        "(?:a?){30}a{30}b",
        "(.*)*x",
        "(?>a*)b",
        "(?=a*b)",
        "(a|b)*",
        "((a|b)*)*c",
        "\\s+(?!\\S)|a*b",
        "(?:(?:a*)*)*b",
        ".*.*.*.*x",
        "(?<=a{1,200})b"
      })
  void noPatternHangs(String pattern) {
    var splitter = splitter(pattern, "Isolated", false);
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          try {
            assertThat(spans(splitter, "a".repeat(30_000))).isNotEmpty();
          } catch (TokenizerException e) {
            assertThat(e).hasMessageContaining("takes too long on a text of 30000 characters");
          }
        });
  }

  @Test
  void whatIsNotKnownIsNamed() {
    for (var pattern :
        new String[] {"(a)\\1", "\\X", "\\Ga", "(?~a)", "(?<=a*)b", "(?i)ss", "\\K"}) {
      assertThatThrownBy(() -> splitter(pattern, "Isolated", false))
          .as(pattern)
          .isInstanceOf(TokenizerException.class)
          .hasMessageContaining("tokenizer.json.pre_tokenizer.pattern.Regex")
          .hasMessageContaining("not known to this version")
          .hasMessageMatching("(?s).* at character \\d+");
    }
    for (var pattern :
        new String[] {
          "(".repeat(50_000),
          "(?:a".repeat(15_000),
          "[".repeat(20_000),
          "a".repeat(60_000),
          "((a{900}){900}){900}",
          "a" + "*".repeat(19_000),
          "(?i)".repeat(4_000),
          "[a&&".repeat(4_000)
        }) {
      assertThatThrownBy(() -> splitter(pattern, "Isolated", false))
          .isInstanceOf(TokenizerException.class);
    }
  }
}
