package io.lanewise.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.document.Document;
import dev.langchain4j.data.document.splitter.DocumentSplitters;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import io.lanewise.tokenizer.Tokenizer;
import java.util.List;
import org.junit.jupiter.api.Test;

class LanewiseTokenCountEstimatorTest {
  private static final String TEXT = "The capital of France is Paris.";

  private final LanewiseTokenCountEstimator counter =
      LanewiseTokenCountEstimator.builder().modelPath(Folders.CAPITALS).build();

  @Test
  void textsHaveTheTokensOfTheTokenizerWithoutSpecialOnes() {
    int all = Tokenizer.load(Folders.CAPITALS).encode(TEXT).length();
    assertThat(counter.estimateTokenCountInText(TEXT)).isEqualTo(all - 2).isBetween(7, 12);
    assertThat(counter.specialTokens()).isEqualTo(2);
    assertThat(counter.estimateTokenCountInText("")).isZero();
  }

  @Test
  void longTextsAreCountedWhole() {
    int one = counter.estimateTokenCountInText(TEXT);
    assertThat(counter.estimateTokenCountInText((TEXT + " ").repeat(100))).isEqualTo(100 * one);
  }

  @Test
  void aFolderOfSentenceTransformersHasItsTokenizerDeeper() {
    var folder = Folders.EMBEDDER.resolveSibling("classes-albert-embed");
    var inside = LanewiseTokenCountEstimator.builder().modelPath(folder).build();
    assertThat(inside.estimateTokenCountInText(TEXT)).isPositive();
  }

  @Test
  void messagesHaveThoseOfTheirTexts() {
    int one = counter.estimateTokenCountInText(TEXT);
    var request =
        ToolExecutionRequest.builder().id("1").name("capital").arguments("{\"of\": 1}").build();
    int asked =
        counter.estimateTokenCountInText("capital")
            + counter.estimateTokenCountInText("{\"of\": 1}");
    assertThat(counter.estimateTokenCountInMessage(SystemMessage.from(TEXT))).isEqualTo(one);
    assertThat(counter.estimateTokenCountInMessage(UserMessage.from(TEXT))).isEqualTo(one);
    assertThat(counter.estimateTokenCountInMessage(AiMessage.from(TEXT))).isEqualTo(one);
    assertThat(counter.estimateTokenCountInMessage(AiMessage.from(TEXT, List.of(request))))
        .isEqualTo(one + asked);
    assertThat(counter.estimateTokenCountInMessage(AiMessage.from(request))).isEqualTo(asked);
    assertThat(counter.estimateTokenCountInMessage(ToolExecutionResultMessage.from(request, TEXT)))
        .isEqualTo(one);
    assertThat(
            counter.estimateTokenCountInMessages(
                List.of(SystemMessage.from(TEXT), UserMessage.from(TEXT))))
        .isEqualTo(2 * one);
  }

  @Test
  void whatHasNoTokensIsRefused() {
    var picture = UserMessage.from(ImageContent.from("http://localhost/a.png"));
    assertThatThrownBy(() -> counter.estimateTokenCountInMessage(picture))
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining("IMAGE");
  }

  @Test
  void splittersTakeIt() {
    var document = Document.from((TEXT + " ").repeat(40));
    var segments = DocumentSplitters.recursive(40, 0, counter).split(document);
    assertThat(segments).hasSizeGreaterThan(5);
    assertThat(segments)
        .allSatisfy(
            each -> assertThat(counter.estimateTokenCountInText(each.text())).isBetween(1, 40));
  }
}
