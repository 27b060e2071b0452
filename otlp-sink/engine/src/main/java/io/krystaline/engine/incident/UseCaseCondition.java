package io.krystaline.engine.incident;

import io.krystaline.engine.span.OperationKey;
import io.krystaline.engine.span.SpanKind;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One thing that a rule of use cases asks of an incident. Patterns are searched, not matched. */
public sealed interface UseCaseCondition {
  /** Whether it holds. */
  boolean holds(IncidentFacts facts);

  /**
   * Spans of the first suspect carry one of these attributes with such a value, or it sets the
   * anomalous spans apart.
   *
   * @param names any of them is enough: standard names change over the years
   * @param value any value where null
   * @param contrastOnly whether it has to set the anomalous spans apart from the normal ones
   */
  record AttributeIs(Set<String> names, @Nullable Pattern value, boolean contrastOnly)
      implements UseCaseCondition {
    public AttributeIs {
      names = Set.copyOf(names);
      if (names.isEmpty()) {
        throw new IllegalArgumentException("a condition on an attribute names none");
      }
    }

    @Override
    public boolean holds(IncidentFacts facts) {
      for (Contrast contrast : facts.contrasts()) {
        if (names.contains(contrast.attribute()) && fits(contrast.value())) {
          return true;
        }
      }
      return !contrastOnly
          && names.stream()
              .flatMap(name -> facts.attributes().getOrDefault(name, Set.of()).stream())
              .anyMatch(this::fits);
    }

    private boolean fits(String text) {
      return value == null || value.matcher(text).find();
    }
  }

  /**
   * A good part of the failed spans fails in such a way.
   *
   * @param pattern searched in the exception's type, a colon, a blank and the normalised message,
   *     as in {@code java.net.SocketTimeoutException: Read timed out}
   * @param shareMin of all sampled failures, so that a stray one decides nothing; above 0 to 1
   */
  record ErrorIs(Pattern pattern, double shareMin) implements UseCaseCondition {
    public ErrorIs {
      Objects.requireNonNull(pattern, "pattern");
      if (!(shareMin > 0 && shareMin <= 1)) {
        throw new IllegalArgumentException("a share is above 0 to 1, not " + shareMin);
      }
    }

    @Override
    public boolean holds(IncidentFacts facts) {
      long all = 0;
      long fitting = 0;
      for (ErrorFingerprint error : facts.errors()) {
        all += error.count();
        if (pattern.matcher(error.type() + ": " + error.message()).find()) {
          fitting += error.count();
        }
      }
      return fitting > 0 && fitting >= shareMin * all;
    }
  }

  /**
   * An operation of the first suspect has such a kind and name.
   *
   * @param kinds any where empty
   * @param name any where null
   */
  record OperationIs(Set<SpanKind> kinds, @Nullable Pattern name) implements UseCaseCondition {
    public OperationIs {
      kinds = Set.copyOf(kinds);
      if (kinds.isEmpty() && name == null) {
        throw new IllegalArgumentException("a condition on an operation asks for nothing");
      }
    }

    @Override
    public boolean holds(IncidentFacts facts) {
      return facts.suspectOperations().stream().anyMatch(this::fits);
    }

    private boolean fits(OperationKey key) {
      return (kinds.isEmpty() || kinds.contains(key.kind()))
          && (name == null || name.matcher(key.operation()).find());
    }
  }

  /** The first suspect, or the first service where there is no suspect, has such a name. */
  record ServiceIs(Pattern name) implements UseCaseCondition {
    public ServiceIs {
      Objects.requireNonNull(name, "name");
    }

    @Override
    public boolean holds(IncidentFacts facts) {
      if (!facts.suspects().isEmpty()) {
        return name.matcher(facts.suspects().get(0).service()).find();
      }
      return !facts.services().isEmpty() && name.matcher(facts.services().get(0)).find();
    }
  }

  /** What calls the first suspect lies outside of what is observed. */
  record AtEdge() implements UseCaseCondition {
    @Override
    public boolean holds(IncidentFacts facts) {
      return facts.atEdge();
    }
  }

  /** All of these hold. */
  record AllOf(List<UseCaseCondition> conditions) implements UseCaseCondition {
    public AllOf {
      conditions = List.copyOf(conditions);
      if (conditions.isEmpty()) {
        throw new IllegalArgumentException("a condition asks for nothing");
      }
    }

    @Override
    public boolean holds(IncidentFacts facts) {
      return conditions.stream().allMatch(condition -> condition.holds(facts));
    }
  }
}
