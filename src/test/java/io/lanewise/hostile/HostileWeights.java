package io.lanewise.hostile;

import static io.lanewise.hostile.HostileCase.harmless;
import static io.lanewise.hostile.HostileCase.refused;
import static io.lanewise.hostile.HostileCase.write;

import io.lanewise.checkpoint.folder.OpenedFolder;
import io.lanewise.checkpoint.format.Loading;
import io.lanewise.hostile.HostileCase.Content;
import io.lanewise.hostile.HostileCase.Step;
import io.lanewise.memory.Region;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Weight files that hold too much, or say so. */
final class HostileWeights {
  private static final String HEAP = "of the Java heap";

  private HostileWeights() {}

  static List<HostileCase> all() {
    return List.of(
        refused("1.6 million tensors", HEAP, file("model.safetensors", tensors(1_600_000)), open()),
        refused("6 million metadata keys", HEAP, file("model.safetensors", metadata()), open()),
        refused(
            "a header that is one text of 90 MB",
            "header is not valid JSON",
            file(
                "model.safetensors",
                header(90_000_000, out -> out.text("{\"").repeat("a", 89_999_996).text("\"}"))),
            open()),
        refused(
            "a header of 99 MB of brackets",
            "header is not valid JSON",
            file(
                "model.safetensors",
                header(99_000_000, out -> out.text("{\"a\":{\"x\":").repeat("[", 98_999_990))),
            open()),
        refused(
            "a header that is a lie",
            "its header would have",
            file("model.safetensors", out -> out.little(99_999_999, 8).text("{}")),
            open()),
        refused(
            "a tensor as large as all memory",
            "data_offsets",
            file(
                "model.safetensors",
                header(
                    120,
                    out ->
                        out.text(
                            "{\"a\":{\"dtype\":\"U8\",\"shape\":[4611686018427387904],"
                                + "\"data_offsets\":[0,4611686018427387904]}}"
                                + " ".repeat(31)))),
            open()),
        refused("30 million nested tuples", HEAP, file("pytorch_model.bin", tuples()), open()),
        refused(
            "30 million marks",
            HEAP,
            file("pytorch_model.bin", out -> out.bytes(0x80, 2).repeat("(", 30_000_000)),
            open()),
        refused(
            "a pickle that doubles what is on its stack",
            HEAP,
            file("pytorch_model.bin", out -> out.bytes(0x80, 2).text("]").repeat("2", 30_000_000)),
            open()),
        refused(
            "6 million things to remember",
            HEAP,
            file(
                "pytorch_model.bin",
                out -> {
                  out.bytes(0x80, 2).text("}");
                  for (int i = 0; i < 6_000_000; i++) {
                    out.text("r").little(i, 4);
                  }
                }),
            open()),
        refused(
            "a text of 4 GB in a pickle",
            "would have 4294967295 bytes",
            file("pytorch_model.bin", out -> out.bytes(0x80, 2).text("X").little(-1, 4)),
            open()),
        refused("a million zip entries", HEAP, file("pytorch_model.bin", entries()), open()),
        refused(
            "10^5 zip entries and no pickle",
            "0 entries called data.pkl",
            file("pytorch_model.bin", stored(100_000)),
            open()),
        refused("a compressed entry", "compressed or encrypted", HostileWeights::deflated, open()),
        refused(
            "a zip directory of 4 GB",
            "directory is not inside the file",
            file(
                "pytorch_model.bin",
                out ->
                    out.little(0x04034b50, 4)
                        .repeat("\0", 60)
                        .little(0x06054b50, 4)
                        .little(0, 8)
                        .little(0xfffffff0L, 4)
                        .little(4, 4)
                        .little(0, 2)),
            open()),
        refused(
            "a MessagePack map of 4 billion",
            "broken at byte",
            file("flax_model.msgpack", out -> out.bytes(0xdf, 255, 255, 255, 255)),
            open()),
        refused(
            "10^8 nested MessagePack lists",
            "broken at byte",
            file("flax_model.msgpack", out -> out.bytes(0x81, 0xa1, 'a').bytes(lists(1 << 20))),
            open()),
        refused(
            "deep MessagePack maps",
            "deeper than 32",
            file("flax_model.msgpack", out -> out.bytes(maps(100_000))),
            open()),
        refused(
            "a MessagePack array of 2 GB",
            "is cut",
            file(
                "flax_model.msgpack",
                out -> out.bytes(0x81, 0xa1, 'a', 0xc9, 0x7f, 255, 255, 255, 1, 0x93)),
            open()),
        refused("long names of many arrays", HEAP, file("flax_model.msgpack", longNames()), open()),
        refused(
            "an HDF5 file of zeros after its signature",
            "HDF5 is broken",
            file(
                "tf_model.h5",
                out -> out.bytes(0x89).text("HDF\r\n").bytes(0x1a).text("\n").repeat("\0", 4000)),
            open()),
        refused(
            "an index with 10^6 names",
            HEAP,
            file("model.safetensors.index.json", index(3_000_000)),
            open()),
        refused(
            "an index of 10^5 files",
            "one of 100000 files has not been fetched",
            file("model.safetensors.index.json", index(100_000)),
            open()),
        refused(
            "an index that leads outside",
            "the name of a file inside the folder is needed",
            file(
                "model.safetensors.index.json",
                out -> out.text("{\"weight_map\":{\"a\":\"../../../etc/passwd\"}}")),
            open()),
        refused(
            "an index that leads to the root",
            "the name of a file inside the folder is needed",
            file(
                "model.safetensors.index.json",
                out -> out.text("{\"weight_map\":{\"a\":\"/dev/zero\"}}")),
            open()),
        harmless("2,000 tensors", file("model.safetensors", tensors(2_000)), open()));
  }

  private static Step file(String name, Content content) {
    return folder -> {
      write(folder.resolve("config.json"), out -> out.text("{}"));
      write(folder.resolve(name), content);
    };
  }

  /** Opens the folder mapped and copied. */
  private static Step open() {
    return folder -> {
      for (var loading : Loading.values()) {
        try (var region = Region.scratch();
            var checkpoint = OpenedFolder.open(folder, loading, region)) {
          checkpoint.weights().report();
        }
      }
    };
  }

  /** A safetensors header of this length. */
  private static Content header(int length, Content header) {
    return out -> {
      out.little(length, 8);
      header.write(out);
    };
  }

  private static Content tensors(int count) {
    var rest = "\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}";
    return header(
        1 + count * ("\"0000000,".length() + rest.length()),
        out -> {
          for (int i = 0; i < count; i++) {
            out.text((i == 0 ? "{\"" : ",\"") + digits(i) + rest);
          }
          out.text("}");
        });
  }

  /** Seven of them. */
  private static String digits(int number) {
    return Integer.toString(10_000_000 + number).substring(1);
  }

  private static Content metadata() {
    int count = 6_000_000;
    return header(
        "{\"__metadata__\":{}}".length() + count * "\"0000000\":\"\",".length() - 1,
        out -> {
          out.text("{\"__metadata__\":{");
          for (int i = 0; i < count; i++) {
            out.text((i == 0 ? "\"" : ",\"") + digits(i) + "\":\"\"");
          }
          out.text("}}");
        });
  }

  private static Content tuples() {
    return out -> {
      out.bytes(0x80, 2).text(")");
      for (int i = 0; i < 30_000_000; i++) {
        out.out().write(0x85);
      }
      out.text(".");
    };
  }

  private static int[] lists(int count) {
    var bytes = new int[count];
    java.util.Arrays.fill(bytes, 0x91);
    return bytes;
  }

  private static int[] maps(int count) {
    var bytes = new int[3 * count];
    for (int i = 0; i < count; i++) {
      bytes[3 * i] = 0x81;
      bytes[3 * i + 1] = 0xa1;
      bytes[3 * i + 2] = 'a';
    }
    return bytes;
  }

  /** Maps in maps with names of 1,000 characters, and 300,000 empty arrays in the last. */
  private static Content longNames() {
    int count = 300_000;
    return out -> {
      for (int depth = 0; depth < 30; depth++) {
        out.bytes(0x81, 0xda, 1000 >> 8, 1000 & 255).repeat("n", 1000);
      }
      out.bytes(0xdf).bytes(0, count >> 16, (count >> 8) & 255, count & 255);
      for (int i = 0; i < count; i++) {
        out.bytes(0xa7).text(digits(i));
        out.bytes(0xc7, 13, 1, 0x93, 0x91, 0, 0xa7).text("float32").bytes(0xc4, 0);
      }
    };
  }

  private static Content index(int names) {
    return out -> {
      out.text("{\"weight_map\":{");
      for (int i = 0; i < names; i++) {
        out.text((i == 0 ? "\"" : ",\"") + i + "\":\"" + i + ".safetensors\"");
      }
      out.text("}}");
    };
  }

  /** A directory of a million entries that are all at the same place. */
  private static Content entries() {
    int count = 1_000_000;
    return out -> {
      out.little(0x04034b50, 4).repeat("\0", 26).repeat("\0", 100);
      for (int i = 0; i < count; i++) {
        out.little(0x02014b50, 4).repeat("\0", 24).little(7, 2).repeat("\0", 16);
        out.text(digits(i));
      }
      long size = (46L + 7) * count;
      out.little(0x06054b50, 4).little(0, 8).little(size, 4).little(130, 4).little(0, 2);
    };
  }

  /** An archive of empty entries, as the JDK writes it. */
  private static Content stored(int count) {
    return out -> {
      try (var zip = new ZipOutputStream(out.out())) {
        for (int i = 0; i < count; i++) {
          var entry = new ZipEntry("x/" + i);
          entry.setMethod(ZipEntry.STORED);
          entry.setSize(0);
          entry.setCrc(new CRC32().getValue());
          zip.putNextEntry(entry);
        }
      }
    };
  }

  /** A gigabyte of zeros in a megabyte. */
  private static void deflated(Path folder) throws IOException {
    Files.writeString(folder.resolve("config.json"), "{}");
    try (var zip =
        new ZipOutputStream(Files.newOutputStream(folder.resolve("pytorch_model.bin")))) {
      zip.putNextEntry(new ZipEntry("x/data.pkl"));
      var zeros = new byte[1 << 20];
      for (int i = 0; i < 256; i++) {
        zip.write(zeros);
      }
    }
  }
}
