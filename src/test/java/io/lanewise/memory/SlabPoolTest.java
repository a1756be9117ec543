package io.lanewise.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.MemoryException;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class SlabPoolTest {
  private static final long MEGABYTE = 1 << 20;

  private final MemoryBudget budget = MemoryBudget.of(1000 * MEGABYTE);
  private final SlabPool pool = new SlabPool(budget);

  private void call(long megabytes) {
    var slab = pool.borrow();
    try (var _ = slab.frame()) {
      slab.take(megabytes * MEGABYTE);
    }
    pool.giveBack(slab);
  }

  @Test
  void callsOfAUsualSizeKeepTheirMemory() {
    for (int i = 0; i < 3; i++) {
      call(20);
    }
    assertThat(pool.bytes()).isEqualTo(20 * MEGABYTE);
    call(1);
    assertThat(pool.bytes()).isEqualTo(20 * MEGABYTE);
  }

  @Test
  void whatASingleLargeCallTookIsGoneWithIt() {
    call(2);
    call(2);
    call(90);
    assertThat(budget.used()).isLessThanOrEqualTo(4 * MEGABYTE);
    call(2);
    assertThat(budget.used()).isLessThanOrEqualTo(4 * MEGABYTE);
  }

  @Test
  void severalLargeCallsKeepTheirsUntilSmallOnesFollow() {
    call(90);
    call(90);
    call(90);
    assertThat(pool.bytes()).isEqualTo(90 * MEGABYTE);
    for (int i = 0; i < 100; i++) {
      call(2);
    }
    assertThat(budget.used()).isLessThanOrEqualTo(4 * MEGABYTE);
  }

  @Test
  void moreThanAnEighthOfTheBudgetIsNeverKept() {
    for (int i = 0; i < 5; i++) {
      call(200);
      assertThat(budget.used()).isLessThanOrEqualTo(2 * MEGABYTE);
    }
  }

  @Test
  void slabsOfManyCallersGoWhenFewAreLeft() {
    for (int round = 0; round < 3; round++) {
      var slabs = new ArrayList<Slab>();
      for (int i = 0; i < 20; i++) {
        var slab = pool.borrow();
        try (var _ = slab.frame()) {
          slab.take(4 * MEGABYTE);
        }
        slabs.add(slab);
      }
      slabs.forEach(pool::giveBack);
    }
    assertThat(pool.bytes()).isEqualTo(80 * MEGABYTE);
    for (int i = 0; i < 100; i++) {
      call(4);
    }
    assertThat(pool.bytes()).isEqualTo(4 * MEGABYTE);
  }

  @Test
  void whatIsNotInUseIsGivenUpBeforeACallIsRefused() {
    var slabs = new ArrayList<Slab>();
    for (int i = 0; i < 10; i++) {
      slabs.add(pool.borrow());
    }
    for (int round = 0; round < 3; round++) {
      for (var slab : slabs) {
        try (var _ = slab.frame()) {
          slab.take(90 * MEGABYTE);
        }
      }
    }
    slabs.forEach(pool::giveBack);
    assertThat(pool.bytes()).isGreaterThan(800 * MEGABYTE);
    try (var other = new SlabPool(budget); // of another model
        var slab = other.borrow();
        var _ = slab.frame()) {
      slab.take(950 * MEGABYTE);
      assertThatThrownBy(() -> slab.take(60 * MEGABYTE)).isInstanceOf(MemoryException.class);
    }
    assertThat(budget.used()).isZero();
  }

  @Test
  void closingFreesEverything() {
    call(10);
    call(10);
    var slab = pool.borrow();
    try (var _ = slab.frame()) {
      slab.take(10 * MEGABYTE);
    }
    pool.close();
    pool.giveBack(slab);
    assertThat(budget.used()).isZero();
  }
}
