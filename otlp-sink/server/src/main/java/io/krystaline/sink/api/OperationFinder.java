package io.krystaline.sink.api;

import io.krystaline.engine.baseline.Operation;
import io.krystaline.engine.baseline.OperationDirectory;
import io.krystaline.engine.span.OperationKey;
import io.krystaline.engine.span.SpanKind;
import io.krystaline.platform.http.HttpException;
import io.krystaline.sink.view.OperationId;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Finds the operation that a path means. */
final class OperationFinder {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{" + OperationId.LENGTH + "}");

  private final OperationDirectory directory;

  OperationFinder(OperationDirectory directory) {
    this.directory = directory;
  }

  /**
   * Finds by id, by {@code service|operation|kind}, or by the operation's name.
   *
   * @throws HttpException 404 if there is none, 409 if several have this name
   */
  Operation find(String text, Optional<String> service, Optional<SpanKind> kind) {
    return byId(text).or(() -> byKey(text)).orElseGet(() -> byName(text, service, kind));
  }

  private Optional<Operation> byId(String text) {
    if (!ID.matcher(text).matches()) {
      return Optional.empty();
    }
    return directory.operations().stream()
        .filter(operation -> OperationId.of(operation.key()).equals(text))
        .findFirst();
  }

  private Optional<Operation> byKey(String text) {
    int first = text.indexOf('|');
    int last = text.lastIndexOf('|');
    if (first < 0 || first == last) {
      return Optional.empty();
    }
    for (SpanKind kind : SpanKind.values()) {
      if (kind.name().equals(text.substring(last + 1))) {
        return directory.find(
            new OperationKey(text.substring(0, first), text.substring(first + 1, last), kind));
      }
    }
    return Optional.empty();
  }

  private Operation byName(String name, Optional<String> service, Optional<SpanKind> kind) {
    List<Operation> found =
        directory.operations().stream()
            .filter(operation -> operation.key().operation().equals(name))
            .filter(operation -> service.map(operation.key().service()::equals).orElse(true))
            .filter(operation -> kind.map(operation.key().kind()::equals).orElse(true))
            .limit(2)
            .toList();
    if (found.isEmpty()) {
      throw new HttpException(404, "no operation '" + ApiParameters.printable(name) + "'");
    }
    if (found.size() > 1) {
      throw new HttpException(
          409,
          "several operations are named '%s'; say which by service and kind, or use the id"
              .formatted(ApiParameters.printable(name)));
    }
    return found.getFirst();
  }
}
