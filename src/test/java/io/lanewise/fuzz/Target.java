package io.lanewise.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Something that reads a file, or a text.
 *
 * @param name what a command calls it
 * @param kind what its files are made of
 * @param seeds good files to start from, and where they stand
 * @param use reads the file, and all that comes of it
 */
record Target(String name, Mutator.Kind kind, List<Seed> seeds, Use use) {
  /**
   * A good file.
   *
   * @param folder a model folder of its own, in which it may be overwritten
   * @param file its name there
   */
  record Seed(Path folder, String file, byte[] content) {}

  /** What is tried. */
  @FunctionalInterface
  interface Use {
    /**
     * Reads it.
     *
     * @param folder where the changed file is
     * @throws io.lanewise.LanewiseException if it is bad: the only thing that may be thrown
     */
    void run(Path folder) throws IOException;
  }

  /** Tries a file in the place of a good one. */
  void run(Seed seed, byte[] content) throws IOException {
    Files.write(seed.folder.resolve(seed.file), content);
    use.run(seed.folder);
  }

  List<byte[]> contents() {
    return seeds.stream().map(Seed::content).toList();
  }

  @Override
  public String toString() {
    return name;
  }
}
