package io.lanewise.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.lanewise.CheckpointException;
import io.lanewise.file.HeapRoom;
import io.lanewise.file.WholeFile;
import java.io.IOException;
import java.nio.file.Path;

/** Reads and writes JSON; the only class that configures Jackson. */
public final class Json {
  private static final int MAX_DEPTH = 200;
  private static final int MAX_STRING = 16 << 20;
  private static final long MAX_FILE = 256L << 20;

  private static final String LFS = "version https://git-lfs";

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          // names come from files (vocabularies, tensors): there are many, and each occurs once
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxStringLength(MAX_STRING)
                  .build())
          .build();

  /** Initialised at the first use, because that takes tens of milliseconds. */
  private static final class Mapper {
    static final JsonMapper INSTANCE =
        JsonMapper.builder(FACTORY).enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
  }

  private Json() {}

  /** The strict streaming factory, for documents too large for a tree. */
  public static JsonFactory factory() {
    return FACTORY;
  }

  /** The mapper for trees, with the same strict factory. */
  public static JsonMapper mapper() {
    return Mapper.INSTANCE;
  }

  /**
   * Reads a whole JSON file into a tree.
   *
   * @throws CheckpointException if the file is missing, not a regular file, unreadable, larger than
   *     256 MiB, too large for a quarter of the heap, or not strict JSON
   */
  public static JsonNode read(Path file) {
    return parse(WholeFile.read(file, MAX_FILE, "a JSON file of a model"), file.toString());
  }

  /**
   * Parses bytes into a tree.
   *
   * @param where name of the source, for error messages
   * @throws CheckpointException if they are not strict JSON, or too large for a quarter of the heap
   */
  public static JsonNode parse(byte[] bytes, String where) {
    if (new String(bytes, 0, Math.min(bytes.length, LFS.length()), ISO_8859_1).equals(LFS)) {
      throw new CheckpointException(
          where + " is a Git LFS pointer, not the file itself: run \"git lfs pull\"");
    }
    try {
      var node = tree(bytes, HeapRoom.of(where));
      if (node == null || node.isMissingNode()) {
        throw new CheckpointException(where + " is empty: a JSON document was expected");
      }
      return node;
    } catch (JsonProcessingException e) {
      var at = e.getLocation();
      var place = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
      throw new CheckpointException(
          where + " is not valid JSON" + place + ": " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new CheckpointException(where + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** Reads without the mapper; for a malformed document the mapper gives the error. */
  private static JsonNode tree(byte[] bytes, HeapRoom room) throws IOException {
    try (var parser = FACTORY.createParser(bytes)) {
      var document = new TreeReader(parser, room).document();
      if (document.isPresent()) {
        return document.get();
      }
    } catch (JsonProcessingException e) {
      // the mapper finds the same error, and reports it
    }
    return Mapper.INSTANCE.readTree(bytes);
  }
}
