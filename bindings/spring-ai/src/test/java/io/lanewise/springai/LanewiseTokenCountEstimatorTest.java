package io.lanewise.springai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.InputException;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.content.Media;
import org.springframework.ai.content.MediaContent;
import org.springframework.util.MimeTypeUtils;

class LanewiseTokenCountEstimatorTest {
  private final LanewiseTokenCountEstimator estimator =
      LanewiseTokenCountEstimator.of(CoreFolder.BERT.path());

  @Test
  void countsByTheTokenizerOfTheModelWithoutSpecialTokens() {
    assertThat(estimator.estimate("Rome is in Italy.")).isEqualTo(5);
    assertThat(estimator.estimate("Rome ".repeat(1000))).isEqualTo(1000);
    assertThat(estimator.estimate((String) null)).isZero();
    assertThat(estimator.estimate("")).isZero();
  }

  @Test
  void addsMessagesUp() {
    List<MediaContent> messages = List.of(new UserMessage("Rome"), new UserMessage("in Italy"));
    assertThat(estimator.estimate(messages)).isEqualTo(3);
  }

  @Test
  void refusesPictures() {
    var picture = new Media(MimeTypeUtils.IMAGE_PNG, URI.create("https://example.org/a.png"));
    var message = UserMessage.builder().text("Rome").media(picture).build();
    assertThatThrownBy(() -> estimator.estimate(message))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("image/png");
  }
}
