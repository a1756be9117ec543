package io.lanewise.family;

import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.folder.JsonConfig;
import io.lanewise.model.Head;
import io.lanewise.nn.Dropout;

/** Where the families' configs say how much is dropped; the defaults are Hugging Face's. */
final class DropoutRates {
  private DropoutRates() {}

  /** BERT's: a classification reads what a pooler made; that of pre-training drops nothing. */
  static Dropout.Rates bert(Config config, Head head) {
    double hidden = rate(config, "hidden_dropout_prob", 0.1);
    return pooled(config, head, hidden, rate(config, "classifier_dropout", hidden));
  }

  /** NEZHA's, whose default is a number where BERT's is that of the layers. */
  static Dropout.Rates nezha(Config config, Head head) {
    double hidden = rate(config, "hidden_dropout_prob", 0.1);
    boolean silent = !JsonConfig.tree(config).has("classifier_dropout");
    return pooled(config, head, hidden, silent ? 0.1 : rate(config, "classifier_dropout", hidden));
  }

  private static Dropout.Rates pooled(Config config, Head head, double hidden, double classifier) {
    return layers(config, hidden, 0, head == Head.PRE_TRAINING ? 0 : classifier);
  }

  /** RoBERTa's: a classification has a layer of its own in the pooler's place. */
  static Dropout.Rates roberta(Config config, Head head) {
    double hidden = rate(config, "hidden_dropout_prob", 0.1);
    double classifier =
        head == Head.MULTIPLE_CHOICE ? hidden : rate(config, "classifier_dropout", hidden);
    return layers(config, hidden, classifier, classifier);
  }

  /** Longformer's, which has no rate for its classifications. */
  static Dropout.Rates longformer(Config config) {
    double hidden = rate(config, "hidden_dropout_prob", 0.1);
    return layers(config, hidden, hidden, hidden);
  }

  private static Dropout.Rates layers(
      Config config, double hidden, double features, double classifier) {
    double attention = rate(config, "attention_probs_dropout_prob", 0.1);
    return new Dropout.Rates(hidden, hidden, attention, 0, features, classifier);
  }

  /** ALBERT's, whose feed-forward layers drop nothing. */
  static Dropout.Rates albert(Config config) {
    return new Dropout.Rates(
        rate(config, "hidden_dropout_prob", 0),
        0,
        rate(config, "attention_probs_dropout_prob", 0),
        0,
        0,
        rate(config, "classifier_dropout_prob", 0.1));
  }

  /** BART's. */
  static Dropout.Rates bart(Config config) {
    for (var key : new String[] {"encoder_layerdrop", "decoder_layerdrop"}) {
      if (rate(config, key, 0) != 0) {
        throw config.wrong(key, "whole layers are not dropped here: set it to 0");
      }
    }
    double hidden = rate(config, "dropout", 0.1);
    double classifier = rate(config, "classifier_dropout", 0);
    return new Dropout.Rates(
        hidden,
        hidden,
        rate(config, "attention_dropout", 0),
        rate(config, "activation_dropout", 0),
        classifier,
        classifier);
  }

  private static double rate(Config config, String key, double absent) {
    return config.decimal(key, absent, 0, 1);
  }
}
