package io.lanewise.task.attention;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanewise.InputException;
import io.lanewise.json.Json;
import io.lanewise.model.Options;
import io.lanewise.task.GoldenWords;
import io.lanewise.task.attention.AttentionMaps.Kind;
import io.lanewise.task.attention.AttentionMaps.Part;
import io.lanewise.task.attention.AttentionMaps.Token;
import io.lanewise.task.attention.AttentionTask.Question;
import io.lanewise.tensor.Tensor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AttentionPageTest {
  private static final Path DEMO = Path.of("weights", "albert-tiny-demo");

  @TempDir private Path folder;

  private static String page(AttentionMaps maps) throws IOException {
    var out = new ByteArrayOutputStream();
    AttentionPage.write(maps, out);
    return out.toString(UTF_8);
  }

  private static JsonNode json(String page) {
    return Json.parse(element(page, "maps").getBytes(UTF_8), "the page");
  }

  /** What stands in the element of this id, up to the first end of a script. */
  private static String element(String page, String id) {
    var found = Pattern.compile("id=\"" + id + "\">(.*?)</script", Pattern.DOTALL).matcher(page);
    assertThat(found.find()).as(id).isTrue();
    return found.group(1);
  }

  private static byte[] codes(String page, int part, int layer) throws IOException {
    var packed = Base64.getDecoder().decode(element(page, "w-" + part + "-" + layer));
    try (var in = new InflaterInputStream(new ByteArrayInputStream(packed))) {
      return in.readAllBytes();
    }
  }

  private AttentionMaps bart() throws IOException {
    var copy = GoldenWords.copy("bart_condgen_greedy", folder);
    try (var attention = AttentionTask.load(copy, Options.DEFAULT)) {
      return attention.predict(Question.of("w5 w6 w7 w8 w9").withTarget("w20 w21 w22"));
    }
  }

  @Test
  void everyWeightComesBack() throws IOException {
    var maps = bart();
    var page = page(maps);
    assertThat(json(page).get("bits").intValue()).isEqualTo(16);
    for (int p = 0; p < 3; p++) {
      var part = maps.parts().get(p);
      assertThat(json(page).at("/parts/" + p + "/kind").textValue()).isEqualTo(part.kind().word());
      for (int l = 0; l < part.layers().size(); l++) {
        var codes = codes(page, p, l);
        var layer = part.layers().get(l);
        int at = 0;
        for (int head = 0; head < layer.heads(); head++) {
          for (int query = 0; query < layer.queries(); query++) {
            for (float weight : layer.row(head, query)) {
              int code = Byte.toUnsignedInt(codes[at]) | Byte.toUnsignedInt(codes[at + 1]) << 8;
              assertThat(code / 65534f).isCloseTo(weight, within(1e-5f));
              at += 2;
            }
          }
        }
        assertThat(codes).hasSize(at);
      }
    }
  }

  private static AttentionLayer layer(float... weights) {
    return new AttentionLayer.Dense(Tensor.of(weights, 1, 1, weights.length));
  }

  @Test
  void eightBitsAreFinerWhereWeightsAreSmall() {
    float[] weights = {0, 1e-5f, 0.0019f, 0.01f, 0.3f, 0.7f, 1, Float.NaN};
    var codes = new WeightCodes(8).encode(layer(weights));
    assertThat(codes).hasSize(weights.length);
    for (int i = 0; i < 7; i++) {
      double share = Byte.toUnsignedInt(codes[i]) / 254.0;
      double most = Math.min(1 / 250.0, Math.sqrt(weights[i]) / 250 + 1 / 250.0 / 250);
      assertThat(share * share).isCloseTo(weights[i], within(most));
    }
    assertThat(Byte.toUnsignedInt(codes[7])).isEqualTo(255);
  }

  @Test
  void whatIsNoNumberHasACodeOfItsOwn() {
    assertThat(new WeightCodes(16).encode(layer(1, Float.NaN)))
        .containsExactly(0xfe, 0xff, 0xff, 0xff);
  }

  @Test
  void largePagesHaveEightBits() {
    assertThat(WeightCodes.of(4 << 20).bits()).isEqualTo(16);
    assertThat(WeightCodes.of((4 << 20) + 1).bits()).isEqualTo(8);
  }

  private static AttentionMaps of(String text, String piece, AttentionLayer layer) {
    var tokens = List.of(new Token(0, piece, piece));
    var part = new Part(Kind.ENCODER, tokens, tokens, List.of(layer));
    return new AttentionMaps("bert", Question.of(text), List.of(part));
  }

  @Test
  void tokensCannotBreakThePage() throws IOException {
    var plain = page(of("a", "a", layer(1)));
    for (var evil :
        List.of(
            "</script><b>", "<!--<script>", "]]>&lt;\u2028\u2029\"\\\0", "{{script}}", "\ud800")) {
      var page = page(of(evil, evil, layer(1)));
      assertThat(json(page).at("/parts/0/queries/0/0").textValue())
          .isEqualTo(evil.replace('\ud800', '?'));
      assertThat(page.split("</script", -1)).hasSameSizeAs(plain.split("</script", -1));
      assertThat(page.split("<!--", -1)).hasSameSizeAs(plain.split("<!--", -1));
      assertThat(page.split("<b>", -1)).hasSameSizeAs(plain.split("<b>", -1));
      assertThat(page.split("const maps", -1)).hasSize(2);
    }
  }

  @Test
  void windowsAndGlobalTokensAreTold() throws IOException {
    var near = Tensor.of(new float[] {0, 0, 0, 0, 0.25f, 0, 0.75f, 0}, 1, 2, 4);
    var far = Tensor.of(new float[] {0.5f, 0.5f}, 1, 2, 1);
    var tokens = List.of(new Token(0, "a", "a"), new Token(1, "b", "b"));
    AttentionLayer layer = new AttentionLayer.Windowed(near, far, new int[] {0});
    var part = new Part(Kind.ENCODER, tokens, tokens, List.of(layer));
    var maps = new AttentionMaps("longformer", Question.of("a b"), List.of(part));
    var told = json(page(maps)).at("/parts/0/layers/0");
    assertThat(told.get("window").intValue()).isEqualTo(2);
    assertThat(told.get("globals").get(0).intValue()).isZero();
    assertThat(codes(page(maps), 0, 0))
        .containsExactly(0xff, 0x7f, 0xff, 0x7f, 0x00, 0x40, 0xff, 0xbf);
  }

  @Test
  void thePageNeedsNothingElse() throws IOException {
    var page = page(of("a", "a", layer(1)));
    assertThat(page).doesNotContain("://", "src=", "@import", "{{");
  }

  @Test
  void theSameMapsGiveTheSamePage() throws IOException {
    var pages = new String[2];
    for (int i = 0; i < 2; i++) {
      try (var attention = AttentionTask.load(DEMO, Options.DEFAULT)) {
        var file = folder.resolve(i + ".html");
        AttentionPage.write(attention.predict("The capital of France is Paris."), file);
        pages[i] = Files.readString(file);
      }
    }
    assertThat(pages[0]).isEqualTo(pages[1]);
  }

  @Test
  void aPageTooLargeForABrowserIsRefused() {
    int tokens = 12_000;
    var near = Tensor.of(new float[tokens * 3], 1, tokens, 3);
    var far = Tensor.of(new float[0], 1, tokens, 0);
    var maps = of("a", "a", new AttentionLayer.Windowed(near, far, new int[0]));
    var file = folder.resolve("page.html");
    assertThatThrownBy(() -> AttentionPage.write(maps, file))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("144,000,000")
        .hasMessageContaining("shorten");
    assertThat(file).doesNotExist();
  }

  @Test
  void aPlaceThatCannotBeWrittenIsSaid() {
    var file = folder.resolve("none").resolve("page.html");
    assertThatThrownBy(() -> AttentionPage.write(of("a", "a", layer(1)), file))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("page.html");
  }

  /** tools/check-page looks at all of it in a browser; here that it begins so. */
  @Test
  void thePageOpensOnTheMeanAndShowsTheWholeText() throws IOException {
    try (var attention = AttentionTask.load(DEMO, Options.DEFAULT)) {
      var text = "The capital of France is Paris. ".repeat(12);
      var page = page(attention.predict(Question.of(text)));
      assertThat(page)
          .contains("const chosen = { part: 0, layer: null, head: null,")
          .contains("Object.assign(chosen, { layer: null, head: null,")
          .doesNotContain("line-clamp");
      assertThat(json(page).path("text").textValue()).isEqualTo(text);
    }
  }
}
