package io.lanewise.tokenizer;

import io.lanewise.tokenizer.files.TokenizerConfig;
import io.lanewise.tokenizer.pipeline.Template;
import io.lanewise.tokenizer.subword.Vocabulary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The special tokens of a tokenizer, and the places where it puts them around ids. Immutable.
 *
 * <pre>{@code
 * var specials = Tokenizer.load(folder).specials();
 * var mask = specials.id("mask_token").orElseThrow();
 * int[] framed = specials.build(new int[] {14, mask, 23}, null); // [CLS] … [SEP]
 * }</pre>
 */
public final class SpecialTokens {
  private final Map<String, String> byRole;
  private final List<String> all;
  private final int[] ids;
  private final BitSet special;
  private final Template template;
  private final Vocabulary vocabulary;

  /**
   * @param roles the tokens by role
   * @param others special tokens without a role
   */
  SpecialTokens(
      Map<String, String> roles, List<String> others, Template template, Vocabulary vocabulary) {
    var ordered = new LinkedHashMap<String, String>();
    for (String role : TokenizerConfig.ROLES) {
      if (roles.containsKey(role)) {
        ordered.put(role, roles.get(role));
      }
    }
    Set<String> tokens = new LinkedHashSet<>(ordered.values());
    tokens.addAll(others);
    this.byRole = Collections.unmodifiableMap(ordered);
    this.all = List.copyOf(tokens);
    this.ids = all.stream().mapToInt(vocabulary::id).filter(id -> id >= 0).toArray();
    this.special = new BitSet();
    Arrays.stream(ids).forEach(special::set);
    this.template = template;
    this.vocabulary = vocabulary;
  }

  /** The tokens by role: {@code "mask_token"} to {@code "[MASK]"}. */
  public Map<String, String> byRole() {
    return byRole;
  }

  /** The id of a role's token; empty if the tokenizer has no such token. */
  public OptionalInt id(String role) {
    String token = byRole.get(role);
    int id = token == null ? -1 : vocabulary.id(token);
    return id < 0 ? OptionalInt.empty() : OptionalInt.of(id);
  }

  /** Every special token once: begin, end, unknown, separator, padding, class, mask, others. */
  public List<String> all() {
    return all;
  }

  /** The ids of {@link #all()}. */
  public int[] ids() {
    return ids.clone();
  }

  /** The number of special tokens added to one text, or to a pair. */
  public int count(boolean pair) {
    return template.added(pair);
  }

  /**
   * Adds the special tokens to ids without them: {@code build_inputs_with_special_tokens} of
   * Hugging Face's tokenizer classes.
   *
   * @param second the second text's ids, null for none
   */
  public int[] build(int[] first, int @Nullable [] second) {
    return fill(first, second, Column.IDS);
  }

  /**
   * The token type ids of the result of {@link #build}: {@code
   * create_token_type_ids_from_sequences} of Hugging Face's tokenizer classes.
   */
  public int[] typeIds(int[] first, int @Nullable [] second) {
    return fill(first, second, Column.TYPES);
  }

  /** 1 for what {@link #build} adds, 0 for what is given to it: {@code get_special_tokens_mask}. */
  public int[] mask(int[] first, int @Nullable [] second) {
    return fill(first, second, Column.MASK);
  }

  /**
   * {@code get_special_tokens_mask} with {@code already_has_special_tokens}, of Hugging Face's
   * tokenization_utils_base.py: 1 for every id of a special token, including padding, the unknown
   * token and special tokens in the text.
   */
  public int[] maskOf(int[] encoded) {
    return Arrays.stream(encoded).map(id -> isSpecial(id) ? 1 : 0).toArray();
  }

  private boolean isSpecial(int id) {
    return id >= 0 && special.get(id);
  }

  private enum Column {
    IDS,
    TYPES,
    MASK
  }

  private int[] fill(int[] first, int[] second, Column column) {
    var pieces = new ArrayList<int[]>();
    for (var part : second == null ? template.single() : template.pair()) {
      pieces.add(
          switch (part) {
            case Template.Special(int id, int typeId) ->
                new int[] {
                  switch (column) {
                    case IDS -> id;
                    case TYPES -> typeId;
                    case MASK -> 1;
                  }
                };
            case Template.Sequence(int index, int typeId) -> {
              int[] text = index == 0 ? first : second;
              yield switch (column) {
                case IDS -> text;
                case TYPES -> filled(text.length, typeId);
                case MASK -> new int[text.length];
              };
            }
          });
    }
    return pieces.stream().flatMapToInt(Arrays::stream).toArray();
  }

  private static int[] filled(int length, int value) {
    var values = new int[length];
    Arrays.fill(values, value);
    return values;
  }
}
