package io.krystaline.sink.usecase;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.krystaline.engine.detect.Channel;
import io.krystaline.engine.incident.IncidentKind;
import io.krystaline.engine.incident.Priority;
import io.krystaline.engine.incident.UseCase;
import io.krystaline.engine.incident.UseCaseCondition;
import io.krystaline.engine.incident.UseCaseRule;
import io.krystaline.engine.incident.UseCaseRules;
import io.krystaline.engine.span.SpanKind;
import io.krystaline.platform.config.ConfigException;
import io.krystaline.platform.config.ConfigSection;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The rules of use cases as a YAML file: those that come with the program, or the operator's own
 * instead. The resource {@code use-cases.yaml} beside this class is the example, and says what each
 * name means.
 */
public final class UseCaseFile {
  private static final String RESOURCE = "use-cases.yaml";
  private static final long BYTES_MAX = 1 << 20;
  private static final int RULES_MAX = 1_000;
  private static final double ERROR_SHARE_MIN = 0.25;

  private final String place;

  private UseCaseFile(String place) {
    this.place = place;
  }

  /**
   * The rules of the file that {@code use-cases.file} names, or those that come with the program.
   *
   * @throws ConfigException if the file cannot be read or a rule is refused
   */
  public static UseCaseRules from(ConfigSection useCases) {
    return useCases.optionalPath("file").map(UseCaseFile::read).orElseGet(UseCaseFile::defaults);
  }

  /** The rules that come with the program. */
  public static UseCaseRules defaults() {
    try (InputStream resource = UseCaseFile.class.getResourceAsStream(RESOURCE)) {
      if (resource == null) {
        throw new IllegalStateException(RESOURCE + " is missing from the program");
      }
      return new UseCaseFile(RESOURCE).parse(resource.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException("the program's own " + RESOURCE, e);
    }
  }

  /**
   * The rules of a file.
   *
   * @throws ConfigException naming the file and the rule, if it cannot be read or is refused
   */
  public static UseCaseRules read(Path file) {
    try {
      if (Files.size(file) > BYTES_MAX) {
        throw new ConfigException(
            "%s is larger than %d bytes, too much for rules of use cases"
                .formatted(file, BYTES_MAX));
      }
      return new UseCaseFile(file.toString()).parse(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new ConfigException("the rules of use cases cannot be read from " + file, e);
    }
  }

  private UseCaseRules parse(byte[] yaml) {
    Document document;
    try {
      document = mapper().readValue(yaml, Document.class);
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
      throw new ConfigException(
          "%s, line %d: %s".formatted(place, line, e.getOriginalMessage()), e);
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory", e);
    }
    List<RuleText> texts = document == null ? List.of() : orEmpty(document.rules());
    if (texts.size() > RULES_MAX) {
      throw new ConfigException(
          "%s has %d rules, at most %d are used".formatted(place, texts.size(), RULES_MAX));
    }
    List<UseCaseRule> rules = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      rules.add(rule(i + 1, texts.get(i)));
    }
    return new UseCaseRules(rules);
  }

  private UseCaseRule rule(int number, RuleText text) {
    try {
      if (text.name() == null || text.priority() == null) {
        throw new IllegalArgumentException("it needs a name and a priority");
      }
      return new UseCaseRule(
          new UseCase(text.name(), constant(Priority.class, text.priority())),
          constants(IncidentKind.class, text.kinds()),
          constants(Channel.class, text.channels()),
          text.servicesMin() == null ? 0 : text.servicesMin(),
          conditions(text.all()),
          conditions(text.any()),
          conditions(text.none()));
    } catch (IllegalArgumentException e) {
      throw new ConfigException(
          "%s, rule %d (%s): %s".formatted(place, number, text.name(), e.getMessage()), e);
    }
  }

  private static List<UseCaseCondition> conditions(@Nullable List<ConditionText> texts) {
    return orEmpty(texts).stream().map(UseCaseFile::condition).toList();
  }

  private static UseCaseCondition condition(ConditionText text) {
    List<UseCaseCondition> parts = new ArrayList<>();
    if (text.attribute() != null) {
      parts.add(
          new UseCaseCondition.AttributeIs(
              new LinkedHashSet<>(text.attribute()),
              pattern(text.value()),
              Boolean.TRUE.equals(text.contrast())));
    } else if (text.value() != null || text.contrast() != null) {
      throw new IllegalArgumentException("value and contrast need an attribute beside them");
    }
    Pattern error = pattern(text.error());
    if (error != null) {
      parts.add(
          new UseCaseCondition.ErrorIs(
              error, text.errorShare() == null ? ERROR_SHARE_MIN : text.errorShare()));
    } else if (text.errorShare() != null) {
      throw new IllegalArgumentException("error-share needs an error beside it");
    }
    Pattern operation = pattern(text.operation());
    if (operation != null || text.operationKinds() != null) {
      parts.add(
          new UseCaseCondition.OperationIs(
              constants(SpanKind.class, text.operationKinds()), operation));
    }
    Pattern service = pattern(text.service());
    if (service != null) {
      parts.add(new UseCaseCondition.ServiceIs(service));
    }
    if (Boolean.TRUE.equals(text.edge())) {
      parts.add(new UseCaseCondition.AtEdge());
    }
    return parts.size() == 1 ? parts.getFirst() : new UseCaseCondition.AllOf(parts);
  }

  private static @Nullable Pattern pattern(@Nullable String regex) {
    if (regex == null) {
      return null;
    }
    try {
      return Pattern.compile(regex, Pattern.CASE_INSENSITIVE);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "'%s' is no regular expression: %s".formatted(regex, e.getDescription()), e);
    }
  }

  private static <E extends Enum<E>> Set<E> constants(Class<E> type, @Nullable List<String> words) {
    return orEmpty(words).stream().map(word -> constant(type, word)).collect(Collectors.toSet());
  }

  private static <E extends Enum<E>> E constant(Class<E> type, String word) {
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> word(constant).equalsIgnoreCase(word.strip()))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'%s' is none of %s"
                        .formatted(
                            word,
                            Arrays.stream(type.getEnumConstants())
                                .map(UseCaseFile::word)
                                .collect(Collectors.joining(", ")))));
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static <T> List<T> orEmpty(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }

  private static ObjectMapper mapper() {
    return new ObjectMapper(
            YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
        .setPropertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
        .enable(
            DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
            DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  }

  private record Document(@Nullable List<RuleText> rules) {}

  private record RuleText(
      @Nullable String name,
      @Nullable String priority,
      @Nullable List<String> kinds,
      @Nullable List<String> channels,
      @Nullable Integer servicesMin,
      @Nullable List<ConditionText> all,
      @Nullable List<ConditionText> any,
      @Nullable List<ConditionText> none) {}

  private record ConditionText(
      @Nullable List<String> attribute,
      @Nullable String value,
      @Nullable Boolean contrast,
      @Nullable String error,
      @Nullable Double errorShare,
      @Nullable List<String> operationKinds,
      @Nullable String operation,
      @Nullable String service,
      @Nullable Boolean edge) {}
}
