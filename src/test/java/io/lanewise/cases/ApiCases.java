package io.lanewise.cases;

import static io.lanewise.cases.CaseReport.ints;
import static io.lanewise.cases.CaseReport.strings;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanewise.tokenizer.EncodeOptions.Side;
import io.lanewise.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/** The members of api.json, one for each tokenizer. */
record ApiCases(Vocabularies vocabularies, CaseReport report) {

  void check(String name, JsonNode expected) {
    report.record(
        name,
        () -> {
          var tokenizer = vocabularies.get(name);
          for (var field : expected.properties()) {
            String where = name + " " + field.getKey();
            report.record(
                where, () -> check(where, field.getKey(), field.getValue(), expected, tokenizer));
          }
        });
  }

  private void check(
      String where, String field, JsonNode expected, JsonNode all, Tokenizer tokenizer)
      throws IOException, NoSuchAlgorithmException {
    int[] a = ints(all.get("a"));
    int[] b = ints(all.get("b"));
    var specials = tokenizer.specials();
    switch (field) {
      case "a", "b", "mask_already_input" -> {} // given to others
      case "build1" -> report.equal(where, ints(expected), specials.build(a, null));
      case "build2" -> report.equal(where, ints(expected), specials.build(a, b));
      case "tt1" -> report.equal(where, ints(expected), specials.typeIds(a, null));
      case "tt2" -> report.equal(where, ints(expected), specials.typeIds(a, b));
      case "mask1" -> report.equal(where, ints(expected), specials.mask(a, null));
      case "mask2" -> report.equal(where, ints(expected), specials.mask(a, b));
      case "mask_already" ->
          report.equal(where, ints(expected), specials.maskOf(ints(all.get("mask_already_input"))));
      case "nspecial" ->
          report.equal(
              where, ints(expected), new int[] {specials.count(false), specials.count(true)});
      case "all_special_tokens" -> report.equal(where, strings(expected), specials.all());
      case "all_special_ids" -> report.equal(where, ints(expected), specials.ids());
      case "model_input_names", "call_keys" ->
          report.equal(where, strings(expected), tokenizer.inputNames());
      case "vocab_size" -> report.equal(where, expected.intValue(), tokenizer.modelSize());
      case "len" -> report.equal(where, expected.intValue(), tokenizer.size());
      case "ids_of" -> {
        for (var role : expected.properties()) {
          report.equal(
              where + " " + role.getKey(),
              role.getValue().isNull() ? -1 : role.getValue().intValue(),
              specials.id(role.getKey()).orElse(-1));
        }
      }
      case "pad_token_type_id" -> report.equal(where, expected.intValue(), tokenizer.padTypeId());
      case "padding_side" -> report.equal(where, side(expected), tokenizer.options().paddingSide());
      case "truncation_side" ->
          report.equal(where, side(expected), tokenizer.options().truncationSide());
      case "unk_convert" ->
          report.equal(
              where,
              expected.intValue(),
              tokenizer.id("no such token").orElse(specials.id("unk_token").orElse(-1)));
      case "save_vocabulary" -> save(where, expected, tokenizer);
      default -> report.difference(where + ": a field that this runner does not know");
    }
  }

  private static Side side(JsonNode node) {
    return Side.valueOf(node.textValue().toUpperCase(Locale.ROOT));
  }

  private void save(String where, JsonNode expected, Tokenizer tokenizer)
      throws IOException, NoSuchAlgorithmException {
    var files = tokenizer.saveVocabulary(vocabularies.scratchFolder(), "pfx");
    report.equal(where + " number of files", expected.size(), files.size());
    for (var file : files) {
      var entry = expected.path(file.getFileName().toString());
      byte[] bytes = Files.readAllBytes(file);
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      report.equal(where + " size of " + file, entry.path(0).intValue(), bytes.length);
      report.equal(
          where + " of " + file, entry.path(1).textValue(), HexFormat.of().formatHex(hash));
    }
  }
}
