package io.krystaline.platform.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;

/** Reads and writes JSON bodies with one mapper. Safe on every thread. */
public final class JsonBodies {
  private final ObjectMapper mapper;

  /** Reads and writes with this mapper. */
  public JsonBodies(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  /** An answer 200 with this value. */
  public HttpResponse ok(Object value) {
    return write(200, value);
  }

  /**
   * An answer with this value.
   *
   * @throws IllegalArgumentException if the mapper cannot write the value
   */
  public HttpResponse write(int status, Object value) {
    try {
      return HttpResponse.of(status, "application/json", mapper.writeValueAsBytes(value));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("cannot write a " + value.getClass().getSimpleName(), e);
    }
  }

  /**
   * Reads a request's body.
   *
   * @throws HttpException 415 if the body is not declared as JSON, 400 if it is not what the type
   *     asks for
   */
  public <T> T read(HttpRequest request, Class<T> type) {
    String mediaType = request.head().mediaType();
    if (!mediaType.equals("application/json") && !mediaType.endsWith("+json")) {
      throw new HttpException(415, "the body must be application/json");
    }
    T value;
    try (var stream = request.body().stream()) {
      value = mapper.readValue(stream, type);
    } catch (IOException e) {
      throw new HttpException(400, "the body is not the JSON that is expected here", e);
    }
    if (value == null) {
      throw new HttpException(400, "the body is null");
    }
    return value;
  }
}
