package io.lanewise.image.planted;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Keeps a species in a field of its own. */
public final class SpeciesCopy {
  private SpeciesCopy() {}

  static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
}
