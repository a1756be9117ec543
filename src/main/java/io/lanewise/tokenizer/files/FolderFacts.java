package io.lanewise.tokenizer.files;

import io.lanewise.tokenizer.EncodeOptions;
import io.lanewise.tokenizer.subword.AddedToken;
import java.util.List;
import java.util.Map;

/**
 * The properties of a tokenizer besides its pipeline and its template.
 *
 * @param added the added tokens
 * @param roles the special tokens by role
 * @param extraSpecials special tokens without a role
 * @param slow whether it is a slow tokenizer
 * @param maxLength {@code model_max_length}, or Integer.MAX_VALUE
 * @param cleanUp whether decoding cleans up by default
 * @param padTypeId the token type id of padding
 * @param inputNames {@code model_input_names}; empty if the files do not name them
 * @param options padding and truncation side from its files
 * @param fileOptions options of the truncation and padding sections of its tokenizer.json
 * @param writer saves the vocabulary
 */
public record FolderFacts(
    List<AddedToken> added,
    Map<String, String> roles,
    List<String> extraSpecials,
    boolean slow,
    int maxLength,
    boolean cleanUp,
    int padTypeId,
    List<String> inputNames,
    EncodeOptions options,
    EncodeOptions fileOptions,
    VocabularyWriter writer) {
  public FolderFacts {
    added = List.copyOf(added);
    roles = Map.copyOf(roles);
    extraSpecials = List.copyOf(extraSpecials);
    inputNames = List.copyOf(inputNames);
  }
}
