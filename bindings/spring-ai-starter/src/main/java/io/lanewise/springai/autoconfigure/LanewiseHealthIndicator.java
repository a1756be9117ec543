package io.lanewise.springai.autoconfigure;

import io.lanewise.springai.ServedModel;
import java.util.List;
import java.util.Map;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Up while all models take calls, with what they run on. No text is computed for it: a service that
 * is busy is not ill.
 */
public final class LanewiseHealthIndicator extends AbstractHealthIndicator {
  private final List<ServedModel> models;

  /** Of these models. */
  public LanewiseHealthIndicator(List<? extends ServedModel> models) {
    super("the health of Lanewise cannot be told");
    this.models = List.copyOf(models);
  }

  @Override
  protected void doHealthCheck(Health.Builder builder) {
    boolean open = models.stream().allMatch(ServedModel::isOpen);
    (open ? builder.up() : builder.down())
        .withDetail("models", models.stream().map(LanewiseHealthIndicator::details).toList());
  }

  private static Map<String, Object> details(ServedModel model) {
    return Map.of(
        "task", model.task(),
        "model", model.name(),
        "state", model.isOpen() ? "loaded" : "closed",
        "kernels", model.kernels().reasons(),
        "memoryUsed", model.memoryUsed());
  }
}
