package io.lanewise.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.guardrail.GuardrailResult.Result;
import dev.langchain4j.guardrail.InputGuardrailException;
import dev.langchain4j.guardrail.OutputGuardrailException;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.service.AiServices;
import io.lanewise.ClosedException;
import io.lanewise.InputException;
import io.lanewise.task.LabelScore;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Guardrails of AiServices that ask a classifier of film reviews. */
class GuardrailsTest {
  private static final String GOOD = "A gripping, beautifully shot film, a joy from start to end.";
  private static final String BAD = "A dull, stupid and boring film, the worst of the year.";

  private static LanewiseTextClassifier classifier;

  interface Assistant {
    String chat(String message);
  }

  /** A chat model that gives what it was told to, and keeps what it was asked. */
  private static final class Scripted implements ChatModel {
    private final Deque<String> answers;
    private final List<String> asked = new ArrayList<>();

    Scripted(String... answers) {
      this.answers = new ArrayDeque<>(List.of(answers));
    }

    @Override
    public ChatResponse doChat(ChatRequest request) {
      var last =
          request.messages().reversed().stream().filter(UserMessage.class::isInstance).findFirst();
      asked.add(((UserMessage) last.orElseThrow()).singleText());
      return ChatResponse.builder().aiMessage(AiMessage.from(answers.remove())).build();
    }
  }

  @BeforeAll
  static void load() {
    classifier = LanewiseTextClassifier.builder().modelPath(Folders.SENTIMENT).build();
  }

  @AfterAll
  static void close() {
    classifier.close();
  }

  private static LanewiseInputGuardrail.Builder input() {
    return LanewiseInputGuardrail.builder().classifier(classifier).refusedLabels("NEGATIVE");
  }

  private static LanewiseOutputGuardrail.Builder output() {
    return LanewiseOutputGuardrail.builder().classifier(classifier).refusedLabels("NEGATIVE");
  }

  @Test
  void refusedMessagesDoNotComeToTheChatModel() {
    var chatModel = new Scripted("Thanks.");
    var assistant =
        AiServices.builder(Assistant.class)
            .chatModel(chatModel)
            .inputGuardrails(input().threshold(0.7).build())
            .build();
    assertThat(assistant.chat(GOOD)).isEqualTo("Thanks.");
    assertThatThrownBy(() -> assistant.chat(BAD))
        .isInstanceOf(InputGuardrailException.class)
        .hasMessageContaining("the text is NEGATIVE (0.9");
    assertThat(chatModel.asked).containsExactly(GOOD);
  }

  @Test
  void refusedAnswersDoNotComeToTheUser() {
    var assistant =
        AiServices.builder(Assistant.class)
            .chatModel(new Scripted(GOOD, BAD))
            .outputGuardrails(output().message("No complaints, please.").build())
            .build();
    assertThat(assistant.chat("How was it?")).isEqualTo(GOOD);
    assertThatThrownBy(() -> assistant.chat("How was it?"))
        .isInstanceOf(OutputGuardrailException.class)
        .hasMessageContaining("No complaints, please.");
  }

  @Test
  void theChatModelIsAskedAgain() {
    var again = new Scripted(BAD, GOOD);
    var assistant =
        AiServices.builder(Assistant.class)
            .chatModel(again)
            .chatMemory(MessageWindowChatMemory.withMaxMessages(10))
            .outputGuardrails(output().reprompt("Say it kindly.").build())
            .build();
    assertThat(assistant.chat("How was it?")).isEqualTo(GOOD);
    assertThat(again.asked).containsExactly("How was it?", "Say it kindly.");

    var retried = new Scripted(BAD, GOOD);
    assertThat(
            AiServices.builder(Assistant.class)
                .chatModel(retried)
                .chatMemory(MessageWindowChatMemory.withMaxMessages(10))
                .outputGuardrails(output().retry(true).build())
                .build()
                .chat("How was it?"))
        .isEqualTo(GOOD);
    assertThat(retried.asked).containsExactly("How was it?", "How was it?");
  }

  /** The end of a text that is longer than the model takes counts, too. */
  @Test
  void longTextsAreReadWhole() {
    var long_ = (GOOD + " ").repeat(40) + (BAD + " ").repeat(15) + (GOOD + " ").repeat(40);
    var scores = classifier.classify(long_);
    assertThat(scores)
        .extracting(LabelScore::label)
        .containsExactlyInAnyOrder("NEGATIVE", "POSITIVE");
    assertThat(scores).allSatisfy(each -> assertThat(each.score()).isGreaterThan(0.7f));
    assertThat(input().build().validate(UserMessage.from(long_)).isSuccess()).isFalse();
    assertThat(input().build().validate(UserMessage.from((GOOD + " ").repeat(80))).isSuccess())
        .isTrue();
    assertThat(classifier.classify(BAD).getFirst().label()).isEqualTo("NEGATIVE");
    assertThat(classifier.classify("x".repeat(3_000))).hasSize(2);
  }

  @Test
  void everyTextOfAMessageCounts() {
    var message =
        UserMessage.from(
            TextContent.from(GOOD),
            ImageContent.from("http://localhost/a.png"),
            TextContent.from(BAD));
    assertThat(input().build().validate(message).isSuccess()).isFalse();
    assertThat(input().fatal(true).build().validate(message).result()).isEqualTo(Result.FATAL);
    assertThat(input().build().validate(message).result()).isEqualTo(Result.FAILURE);
  }

  @Test
  void anAnswerWithoutTextPasses() {
    assertThat(output().build().validate(AiMessage.from("")).isSuccess()).isTrue();
  }

  @Test
  void theThresholdIsTheScoreFromWhichALabelCounts() {
    float score = classifier.classify(BAD).getFirst().score();
    var bad = UserMessage.from(BAD);
    assertThat(input().threshold(score).build().validate(bad).isSuccess()).isFalse();
    assertThat(input().threshold(Math.nextUp((double) score)).build().validate(bad).isSuccess())
        .isTrue();
  }

  @Test
  void anyFunctionCanClassify() {
    var guardrail =
        LanewiseInputGuardrail.builder()
            .classifier(text -> List.of(new LabelScore(0, text, 1)))
            .refusedLabels("this")
            .build();
    assertThat(guardrail.validate(UserMessage.from("this")).isSuccess()).isFalse();
    assertThat(guardrail.validate(UserMessage.from("that")).isSuccess()).isTrue();
  }

  @Test
  void whatDoesNotFitIsRefusedWhenItIsBuilt() {
    assertThatThrownBy(() -> input().refusedLabels("TOXIC").build())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("TOXIC")
        .hasMessageContaining("[NEGATIVE, POSITIVE]");
    assertThatThrownBy(() -> input().refusedLabels().build())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("at least one");
    assertThatThrownBy(() -> LanewiseOutputGuardrail.builder().refusedLabels("a").build())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("classifier");
    assertThatThrownBy(() -> input().threshold(Double.NaN).build())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("NaN");
  }

  /** A guardrail that cannot answer lets nothing through. */
  @Test
  void aClosedClassifierRefuses() {
    var closed = LanewiseTextClassifier.builder().modelPath(Folders.SENTIMENT).build();
    assertThat(closed.modelName()).isEqualTo("albert-tiny-sentiment");
    closed.close();
    assertThatThrownBy(() -> closed.classify(GOOD)).isInstanceOf(ClosedException.class);
    var chatModel = new Scripted("Thanks.");
    var assistant =
        AiServices.builder(Assistant.class)
            .chatModel(chatModel)
            .inputGuardrails(
                LanewiseInputGuardrail.builder()
                    .classifier(closed)
                    .refusedLabels("NEGATIVE")
                    .build())
            .build();
    assertThatThrownBy(() -> assistant.chat(GOOD)).hasMessageContaining("closed");
    assertThat(chatModel.asked).isEmpty();
  }
}
