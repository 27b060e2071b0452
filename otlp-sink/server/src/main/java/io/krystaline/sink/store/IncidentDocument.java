package io.krystaline.sink.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.krystaline.engine.incident.Incident;
import io.krystaline.engine.span.OperationKey;
import io.krystaline.platform.db.DatabaseException;
import java.util.List;

/**
 * An incident's whole state as the text that is kept: JSON in ASCII, so that PostgreSQL takes any
 * Java text in it, and with the names of the engine's records, so that nothing is lost. NaN and
 * infinite numbers are kept as words. Names that this version does not know are left out.
 */
final class IncidentDocument {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();
  private static final TypeReference<List<OperationKey>> OPERATIONS = new TypeReference<>() {};

  private IncidentDocument() {}

  static String write(Incident incident) {
    return text(incident);
  }

  static String write(List<OperationKey> operations) {
    return text(operations);
  }

  static Incident incident(String document) {
    try {
      return MAPPER.readValue(document, Incident.class);
    } catch (JsonProcessingException e) {
      throw new DatabaseException("a stored incident cannot be read", e);
    }
  }

  static List<OperationKey> operations(String document) {
    try {
      return MAPPER.readValue(document, OPERATIONS);
    } catch (JsonProcessingException e) {
      throw new DatabaseException("stored operations cannot be read", e);
    }
  }

  private static String text(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a value cannot be written as JSON", e);
    }
  }
}
