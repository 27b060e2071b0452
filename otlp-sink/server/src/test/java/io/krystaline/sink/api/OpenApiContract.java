package io.krystaline.sink.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;

/** The OpenAPI document as what answers are held against. */
final class OpenApiContract {
  private static final Set<String> METHODS = Set.of("get", "post", "put", "delete", "patch");

  private final JsonNode document;
  private final ObjectMapper mapper;

  OpenApiContract(ObjectMapper mapper) throws IOException {
    this.mapper = mapper;
    this.document = mapper.readTree(OpenApiDocument.read());
  }

  JsonNode document() {
    return document;
  }

  /** Every method and path, for example {@code GET /health}. */
  Set<String> routes() {
    Set<String> routes = new TreeSet<>();
    document
        .get("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .fieldNames()
                    .forEachRemaining(
                        method -> {
                          if (METHODS.contains(method)) {
                            routes.add(
                                method.toUpperCase(java.util.Locale.ROOT) + " " + path.getKey());
                          }
                        }));
    return routes;
  }

  /** Holds an answer against what the document says of this route, status and media type. */
  void check(String method, String path, ApiFixture.Answer answer) {
    JsonNode responses = document.at("/paths").path(path).path(method).path("responses");
    JsonNode response = responses.path(Integer.toString(answer.status()));
    assertThat(response.isMissingNode())
        .as("%s %s may answer %d: %s", method, path, answer.status(), answer.raw().body())
        .isFalse();
    String mediaType = answer.contentType().split(";", -1)[0];
    JsonNode schema = response.path("content").path(mediaType).path("schema");
    assertThat(schema.isMissingNode())
        .as("%s %s %d may be %s", method, path, answer.status(), mediaType)
        .isFalse();
    if (mediaType.endsWith("json")) {
      checkSchema(schema, answer.body());
    }
  }

  /** Holds a value against a schema of the document. */
  void checkSchema(JsonNode schema, JsonNode value) {
    ObjectNode whole = mapper.createObjectNode();
    whole.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    whole.setAll((ObjectNode) schema.deepCopy());
    whole.set("components", document.get("components"));
    JsonSchema compiled =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(
                whole, SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build());
    assertThat(compiled.validate(value)).as("%s", value).isEmpty();
  }

  /** The schema of a name. */
  JsonNode named(String name) {
    return mapper.createObjectNode().put("$ref", "#/components/schemas/" + name);
  }
}
