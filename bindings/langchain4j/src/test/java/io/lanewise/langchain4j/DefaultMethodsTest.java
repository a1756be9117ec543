package io.lanewise.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.guardrail.InputGuardrail;
import dev.langchain4j.guardrail.OutputGuardrail;
import dev.langchain4j.model.TokenCountEstimator;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.scoring.ScoringModel;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * LangChain4j's interfaces have default methods for nearly everything, some of which call each
 * other until the stack overflows. Which of them are inherited is written down here: a new one of a
 * later version makes these tests fail until somebody has looked at it.
 */
class DefaultMethodsTest {
  private static List<String> inherited(Class<?> type, Class<?> of) {
    return Arrays.stream(of.getMethods())
        .filter(each -> !Modifier.isStatic(each.getModifiers()) && !each.isSynthetic())
        .filter(each -> declaring(type, each).isInterface())
        .map(DefaultMethodsTest::signature)
        .sorted()
        .toList();
  }

  private static Class<?> declaring(Class<?> type, Method method) {
    try {
      return type.getMethod(method.getName(), method.getParameterTypes()).getDeclaringClass();
    } catch (NoSuchMethodException e) {
      throw new AssertionError(e);
    }
  }

  private static String signature(Method method) {
    return Arrays.stream(method.getParameterTypes())
        .map(Class::getSimpleName)
        .collect(Collectors.joining(", ", method.getName() + "(", ")"));
  }

  @Test
  void theEmbeddingModelInheritsOnlyWhatEndsInDoEmbed() {
    assertThat(inherited(LanewiseEmbeddingModel.class, EmbeddingModel.class))
        .containsExactly(
            "addListener(EmbeddingModelListener)",
            "addListeners(List)",
            "embed(EmbeddingRequest)",
            "embed(String)",
            "embed(TextSegment)",
            "embedAll(List)",
            "embedAsync(EmbeddingRequest)",
            "supportedContentTypes()");
  }

  @Test
  void theOthersInheritOnlyWhatEndsInTheirOwn() {
    assertThat(inherited(LanewiseScoringModel.class, ScoringModel.class))
        .containsExactly(
            "defaultRequestParameters()",
            "score(String, String)",
            "score(TextSegment, String)",
            "scoreAsync(ScoringRequest)");
    assertThat(inherited(LanewiseTokenCountEstimator.class, TokenCountEstimator.class)).isEmpty();
    assertThat(inherited(LanewiseInputGuardrail.class, InputGuardrail.class))
        .doesNotContain("validate(UserMessage)");
    assertThat(inherited(LanewiseOutputGuardrail.class, OutputGuardrail.class))
        .doesNotContain("validate(AiMessage)");
  }

  /** Each way in, on a stack that a recursion fills at once. */
  @Test
  void noWayInRecurses() throws InterruptedException {
    try (var model = LanewiseEmbeddingModel.builder().modelPath(Folders.EMBEDDER).build()) {
      var request = EmbeddingRequest.builder().input("Rome").build();
      var segment = TextSegment.from("Rome");
      List<Runnable> ways =
          List.of(
              () -> assertThat(model.embed("Rome").content().dimension()).isEqualTo(16),
              () -> assertThat(model.embed(segment).content().dimension()).isEqualTo(16),
              () -> assertThat(model.embedAll(List.of(segment, segment)).content()).hasSize(2),
              () -> assertThat(model.embedAll(List.of()).content()).isEmpty(),
              () -> assertThat(model.embed(request).embeddings()).hasSize(1),
              () -> assertThat(model.doEmbed(request).embeddings()).hasSize(1),
              () -> assertThat(model.addListeners(List.of()).embed("Rome").content()).isNotNull(),
              () -> assertThat(model.dimension()).isEqualTo(16));
      for (var way : ways) {
        assertThat(failureOf(way)).isNull();
      }
    }
  }

  /** The trap is there: with neither method of its own, a model calls itself for ever. */
  @Test
  void withoutAMethodOfItsOwnAModelRecurses() {
    var bare = new EmbeddingModel() {};
    assertThatThrownBy(() -> bare.embed("Rome")).isInstanceOf(StackOverflowError.class);
  }

  private static Throwable failureOf(Runnable way) throws InterruptedException {
    var failure = new AtomicReference<Throwable>();
    var thread = new Thread(null, way, "small stack", 1 << 20);
    thread.setUncaughtExceptionHandler((_, error) -> failure.set(error));
    thread.start();
    thread.join();
    return failure.get();
  }
}
