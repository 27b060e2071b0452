package io.krystaline.platform.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Errors as problem+json of RFC 9457: {@code type} (always about:blank), {@code title}, {@code
 * status}, {@code detail}, {@code instance} (the path). Stateless apart from the mapper.
 */
public final class ProblemJson implements ErrorRenderer {
  private final ObjectMapper mapper;

  /** Writes with this mapper. */
  public ProblemJson(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  @Override
  public HttpResponse render(HttpRequestHead head, HttpError error) {
    Map<String, Object> problem = new LinkedHashMap<>();
    problem.put("type", "about:blank");
    problem.put("title", StatusText.of(error.status()));
    problem.put("status", error.status());
    problem.put("detail", error.detail());
    problem.put("instance", head.path());
    try {
      return HttpResponse.of(
          error.status(), "application/problem+json", mapper.writeValueAsBytes(problem));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a map of strings and numbers cannot be written", e);
    }
  }
}
