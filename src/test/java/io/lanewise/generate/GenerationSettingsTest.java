package io.lanewise.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.CheckpointException;
import io.lanewise.InputException;
import io.lanewise.LanewiseException;
import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.folder.JsonConfig;
import io.lanewise.generate.Generated.Ending;
import io.lanewise.generate.GenerationConfig.EarlyStopping;
import io.lanewise.json.Json;
import io.lanewise.model.Head;
import io.lanewise.model.Inputs;
import io.lanewise.model.Model;
import io.lanewise.model.Options;
import io.lanewise.model.TinyBart;
import io.lanewise.model.TinyBert;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Valid settings of generation, and the errors for invalid ones. */
class GenerationSettingsTest {
  private static final Options OPTIONS =
      Options.DEFAULT.withHead(Head.CONDITIONAL_GENERATION).withThreads(1);
  private static final Inputs INPUTS = Inputs.ids(new long[][] {{5, 6, 7}});

  private static Config config(String json) {
    return JsonConfig.of(
        Json.parse(json.getBytes(StandardCharsets.UTF_8), "settings"), "generation_config.json");
  }

  @Test
  void whatIsNotSaidIsHuggingFacesDefault() {
    var config = GenerationConfig.of(config("{}"));
    assertThat(config.lengths())
        .isEqualTo(
            new GenerationConfig.Lengths(
                20, 0, 0, 0, Double.POSITIVE_INFINITY, GenerationConfig.EndGrowth.NONE));
    assertThat(config.beams()).isEqualTo(new GenerationConfig.Beams(1, 1, 1, EarlyStopping.FALSE));
    assertThat(config.tokens())
        .isEqualTo(new GenerationConfig.Tokens(-1, List.of(), -1, -1, List.of()));
    assertThat(config.repetition()).isEqualTo(new GenerationConfig.Repetition(1, 0, 1, 0));
    assertThat(config.scores()).isEqualTo(new GenerationConfig.Scores(false, false));
  }

  @Test
  void readsWhatIsSaid() {
    var config =
        GenerationConfig.of(
            config(
                """
                {"_from_model_config": true, "bos_token_id": 4, "eos_token_id": [2, 3],
                 "forced_eos_token_id": 2, "num_beams": 5, "early_stopping": "never",
                 "max_new_tokens": 7, "do_sample": false, "temperature": 0.7, "bad_words_ids": null,
                 "num_beam_groups": 1, "own_key": 3}
                """));
    assertThat(config.tokens())
        .isEqualTo(new GenerationConfig.Tokens(4, List.of(2, 3), 2, -1, List.of(2)));
    assertThat(config.beams().earlyStopping()).isEqualTo(EarlyStopping.NEVER);
    assertThat(config.lengths().mostNew()).isEqualTo(7);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"max_length\": 0}",
        "{\"max_length\": 1e99}",
        "{\"max_length\": \"20\"}",
        "{\"max_new_tokens\": -1}",
        "{\"min_length\": -1}",
        "{\"min_new_tokens\": 0.5}",
        "{\"num_beams\": 0}",
        "{\"num_beams\": 99999999999}",
        "{\"num_return_sequences\": 2}",
        "{\"length_penalty\": \"1\"}",
        "{\"early_stopping\": \"always\"}",
        "{\"early_stopping\": 1}",
        "{\"eos_token_id\": -2}",
        "{\"eos_token_id\": [2, \"3\"]}",
        "{\"pad_token_id\": 1.5}",
        "{\"forced_bos_token_id\": -1}",
        "{\"repetition_penalty\": 0}",
        "{\"no_repeat_ngram_size\": -1}",
        "{\"do_sample\": 1}",
        "{\"temperature\": 0, \"do_sample\": true}",
        "{\"top_k\": -1, \"do_sample\": true}",
        "{\"top_p\": 1.5, \"do_sample\": true}",
        "{\"min_p\": -0.5, \"do_sample\": true}",
        "{\"typical_p\": 0, \"do_sample\": true}",
        "{\"num_return_sequences\": 3, \"num_beams\": 2, \"do_sample\": true}",
        "{\"num_beam_groups\": 2}",
        "{\"bad_words_ids\": [3]}",
        "{\"bad_words_ids\": []}",
        "{\"bad_words_ids\": [[3], []]}",
        "{\"bad_words_ids\": [[-3]]}",
        "{\"stop_strings\": [\"\"]}",
        "{\"stop_strings\": [3]}",
        "{\"suppress_tokens\": 5}",
        "{\"suppress_tokens\": [1.5]}",
        "{\"begin_suppress_tokens\": [\"a\"]}",
        "{\"encoder_no_repeat_ngram_size\": -1}",
        "{\"encoder_repetition_penalty\": 0}",
        "{\"exponential_decay_length_penalty\": 3, \"eos_token_id\": 2}",
        "{\"exponential_decay_length_penalty\": [3], \"eos_token_id\": 2}",
        "{\"exponential_decay_length_penalty\": [3.5, 1.1], \"eos_token_id\": 2}",
        "{\"exponential_decay_length_penalty\": [3, -1.1], \"eos_token_id\": 2}",
        "{\"exponential_decay_length_penalty\": [3, 1.1]}",
        "{\"sequence_bias\": []}",
        "{\"sequence_bias\": {\"5\": 1.0}}",
        "{\"sequence_bias\": [[5, 1.0]]}",
        "{\"sequence_bias\": [[[], 1.0]]}",
        "{\"sequence_bias\": [[[5], \"a\"]]}",
        "{\"sequence_bias\": [[[-5], 1.0]]}",
        "{\"renormalize_logits\": 1}",
        "{\"remove_invalid_values\": \"yes\"}",
        "{\"max_time\": \"1\"}",
        "{\"token_healing\": true}",
        "{\"watermarking_config\": {\"bias\": 2.0}}",
        "{\"force_words_ids\": [[3]]}",
        "{\"constraints\": [3]}",
        "{\"dola_layers\": \"high\"}",
        "{\"prompt_lookup_num_tokens\": 3}",
        "{\"assistant_early_exit\": 3}",
        "{\"diversity_penalty\": 0.5}",
        "{\"streamer\": \"x\"}",
        "{\"assistant_model\": \"x\"}",
        "{\"guidance_scale\": 1.5}",
        "{\"penalty_alpha\": 0.6}"
      })
  void refusesByName(String json) {
    var config = config(json);
    var key = JsonConfig.tree(config).fieldNames().next();
    assertThatThrownBy(() -> GenerationConfig.of(config))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith("generation_config.json: " + key + ": ");
  }

  private static void refuses(Model model, String key, Object value, String message) {
    assertThatThrownBy(
            () -> Generator.of(model).with("max_length", 8).with(key, value).generate(INPUTS))
        .isInstanceOf(LanewiseException.class)
        .hasMessageContaining(key)
        .hasMessageContaining(message);
  }

  @Test
  void refusesWhatTheModelCannotDo() {
    try (var model = TinyBart.model(OPTIONS)) {
      refuses(model, "max_length", 1, "not more than the 1 to start with");
      refuses(model, "max_length", TinyBart.LONGEST + 2, "too many");
      refuses(model, "max_new_tokens", Config.LARGEST, "too many");
      refuses(model, "eos_token_id", 37, "not from 0 to 36");
      refuses(model, "forced_eos_token_id", 99, "not from 0 to 36");
      refuses(model, "forced_bos_token_id", 37, "not from 0 to 36");
      refuses(model, "decoder_start_token_id", 37, "37");
      refuses(model, "max_lenght", 5, "no such setting");
      assertThatThrownBy(
              () ->
                  Generator.of(model)
                      .with("max_length", 8)
                      .with("bos_token_id", null)
                      .with("decoder_start_token_id", null)
                      .generate(INPUTS))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("decoder_start_token_id");
      assertThatThrownBy(
              () ->
                  Generator.of(model)
                      .with("max_length", 8)
                      .generate(INPUTS.with("labels", new long[1])))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("labels");
      // The last token is never read, so a sequence may be one longer than the model's input.
      var longest = Generator.of(model).with("max_length", TinyBart.LONGEST + 1);
      assertThat(longest.with("eos_token_id", null).generate(INPUTS).sequences().shape().size(1))
          .isEqualTo(TinyBart.LONGEST + 1);
    }
  }

  @Test
  void refusesModelsThatDoNotGenerate() {
    try (var model = TinyBart.model(OPTIONS.withHead(Head.MODEL))) {
      assertThatThrownBy(() -> Generator.of(model).generate(INPUTS))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("does not generate");
    }
    try (var model = TinyBert.BERT.encoder(OPTIONS.withHead(Head.CAUSAL_LM))) {
      assertThatThrownBy(() -> Generator.of(model).generate(INPUTS))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("is_decoder");
    }
  }

  @Test
  void refusesInputsByName() {
    try (var model = TinyBert.BERT.decoder(false, OPTIONS.withHead(Head.CAUSAL_LM))) {
      var generator = Generator.of(model).with("max_length", 8);
      assertThatThrownBy(() -> generator.generate(INPUTS.with("labels", new long[3])))
          .hasMessageContaining("labels");
      assertThatThrownBy(
              () -> generator.generate(INPUTS.with("attention_mask", new long[][] {{1, 1}})))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("attention_mask");
      assertThatThrownBy(() -> generator.generate(Inputs.ids(new long[][] {{99}})))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("input_ids");
      assertThatThrownBy(() -> generator.generate(Inputs.ids(new long[0][0])))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("input_ids");
    }
  }

  /** Files from before generation_config.json have these settings in the model's config.json. */
  @Test
  void readsTheModelsOwnSettingsWhereThereIsNoFile() {
    var config = TinyBart.config().with("num_beams", 4).with("eos_token_id", null);
    try (var model = Model.random(config, OPTIONS)) {
      var generation = Generator.of(model).config();
      assertThat(generation.beams().count()).isEqualTo(4);
      assertThat(generation.tokens())
          .isEqualTo(new GenerationConfig.Tokens(2, List.of(2), 1, -1, List.of(2)));
    }
    var cases = Path.of("src/test/resources/goldens");
    try (var model = Model.load(cases.resolve("bart_condgen_greedy"), OPTIONS)) {
      assertThat(model.generation().where()).endsWith("generation_config.json");
    }
  }

  /** The attributes of {@code GenerationConfig()} in transformers 4.57.6. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "max_length max_new_tokens min_length min_new_tokens early_stopping max_time stop_strings",
        "do_sample num_beams use_cache cache_implementation cache_config return_legacy_cache",
        "prefill_chunk_size temperature top_k top_p min_p typical_p epsilon_cutoff eta_cutoff",
        "repetition_penalty encoder_repetition_penalty length_penalty no_repeat_ngram_size",
        "bad_words_ids renormalize_logits forced_bos_token_id forced_eos_token_id",
        "remove_invalid_values exponential_decay_length_penalty suppress_tokens",
        "begin_suppress_tokens sequence_bias token_healing guidance_scale watermarking_config",
        "num_return_sequences output_attentions output_hidden_states output_scores output_logits",
        "return_dict_in_generate pad_token_id bos_token_id eos_token_id decoder_start_token_id",
        "encoder_no_repeat_ngram_size is_assistant num_assistant_tokens",
        "num_assistant_tokens_schedule assistant_confidence_threshold prompt_lookup_num_tokens",
        "max_matching_ngram_size assistant_early_exit assistant_lookbehind target_lookbehind",
        "compile_config disable_compile low_memory penalty_alpha dola_layers diversity_penalty",
        "num_beam_groups constraints force_words_ids"
      })
  void knowsEverySetting(String keys) {
    assertThat(keys.split(" ")).allMatch(Generator::hasSetting);
  }

  @Test
  void endsWhenTheTimeIsOver() {
    try (var model = TinyBart.model(OPTIONS)) {
      for (int beams : new int[] {1, 3}) {
        var generator =
            Generator.of(model)
                .with("max_length", 9)
                .with("min_length", 9)
                .with("num_beams", beams);
        var sequence =
            generator.with("max_time", 0).generate(INPUTS).inputs().getFirst().getFirst();
        assertThat(sequence.tokens()).hasSize(2);
        assertThat(sequence.ending()).isEqualTo(Ending.TIME);
        var whole = generator.with("max_time", 1e6).generate(INPUTS).inputs().getFirst().getFirst();
        assertThat(whole.tokens()).hasSize(9);
      }
    }
  }

  /** If the end is both forced at the last position and excluded, that position stays empty. */
  @Test
  void leavesTheLastPlaceEmptyWhereNothingMayStand() {
    try (var model = TinyBart.model(OPTIONS)) {
      for (int beams : new int[] {1, 3}) {
        var sequence =
            Generator.of(model)
                .with("max_length", 7)
                .with("num_beams", beams)
                .with("forced_eos_token_id", 2)
                .with("suppress_tokens", List.of(2))
                .generate(INPUTS)
                .inputs()
                .getFirst()
                .getFirst();
        assertThat(sequence.tokens()).hasSize(6).endsWith(sequence.tokens()[5]);
        assertThat(sequence.ending()).isEqualTo(Ending.LENGTH);
      }
    }
  }

  @Test
  void refusesRulesAboutTokensThatAreNotGiven() {
    try (var model = TinyBart.model(OPTIONS)) {
      var states = model.encode(INPUTS).lastHiddenState();
      var inputs = Inputs.of(Map.of("encoder_outputs.last_hidden_state", states));
      var generator = Generator.of(model).with("max_length", 7);
      assertThat(generator.generate(inputs).inputs()).hasSize(1);
      for (var key : List.of("encoder_no_repeat_ngram_size", "encoder_repetition_penalty")) {
        assertThatThrownBy(() -> generator.with(key, 2).generate(inputs))
            .isInstanceOf(InputException.class)
            .hasMessageStartingWith(key)
            .hasMessageContaining("input_ids");
      }
      refuses(model, "sequence_bias", List.of(List.of(List.of(37), 1.5)), "not from 0 to 36");
    }
  }

  /** The pair (4, 5) of one text may not follow in the other. */
  @Test
  void looksAtTheOwnTextOfEachInput() {
    try (var model = TinyBart.model(OPTIONS)) {
      var both = new long[][] {{4, 5, 6, 7}, {9, 8, 7, 6}};
      for (int beams : new int[] {1, 3}) {
        var generator =
            Generator.of(model)
                .with("max_length", 9)
                .with("num_beams", beams)
                .with("encoder_no_repeat_ngram_size", 1)
                .with("encoder_repetition_penalty", 2);
        var together = generator.generate(Inputs.ids(both)).inputs();
        for (int i = 0; i < both.length; i++) {
          var alone = generator.generate(Inputs.ids(new long[][] {both[i]})).inputs().getFirst();
          assertThat(together.get(i).getFirst().tokens()).isEqualTo(alone.getFirst().tokens());
          for (long id : both[i]) {
            assertThat(alone.getFirst().tokens()).doesNotContain((int) id);
          }
        }
      }
    }
  }
}
