package io.krystaline.platform.db;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The address of a PostgreSQL database, its secrets apart.
 *
 * @param jdbcUrl for the driver
 * @param user null where the URL or the driver's defaults name it
 * @param password null where the URL has it or none is needed
 * @param place for people and logs: without user, password and parameters
 */
record DatabaseUrl(String jdbcUrl, @Nullable String user, @Nullable String password, String place) {
  private static final String JDBC = "jdbc:";

  /**
   * Reads {@code postgresql://}, {@code postgres://} or {@code jdbc:postgresql:}.
   *
   * @throws IllegalArgumentException if it is none of these; the message holds no secrets
   */
  static DatabaseUrl parse(String text, @Nullable String user, @Nullable String password) {
    if (text.startsWith(JDBC + "postgresql:")) {
      int query = text.indexOf('?');
      String place = query < 0 ? text : text.substring(0, query);
      return new DatabaseUrl(text, user, password, place);
    }
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("the database URL cannot be read: " + e.getReason(), e);
    }
    String scheme = uri.getScheme();
    if (!("postgresql".equals(scheme) || "postgres".equals(scheme))) {
      throw new IllegalArgumentException(
          "a database URL begins with postgresql:// or jdbc:postgresql:, not with " + scheme + ":");
    }
    if (uri.getHost() == null) {
      throw new IllegalArgumentException("the database URL names no host");
    }
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String place = "postgresql://" + uri.getHost() + port + path;
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    String info = uri.getRawUserInfo();
    if (info == null) {
      return new DatabaseUrl(JDBC + place + query, user, password, place);
    }
    int colon = info.indexOf(':');
    String urlUser = decode(colon < 0 ? info : info.substring(0, colon));
    String urlPassword = colon < 0 ? password : decode(info.substring(colon + 1));
    return new DatabaseUrl(JDBC + place + query, urlUser, urlPassword, place);
  }

  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
