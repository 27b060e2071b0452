package io.krystaline.platform.http;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A path with named places, matched against the segments of a request's path. Ordered so that the
 * more specific of two patterns that match the same path comes first. Immutable.
 */
final class PathPattern implements Comparable<PathPattern> {
  private enum Kind {
    LITERAL,
    ONE,
    REST
  }

  private record Piece(Kind kind, String name) {}

  private final String text;
  private final List<Piece> pieces;

  private PathPattern(String text, List<Piece> pieces) {
    this.text = text;
    this.pieces = pieces;
  }

  /**
   * Reads a pattern such as {@code /a/{id}/b} or {@code /files/{path...}}.
   *
   * @throws IllegalArgumentException if it is not one
   */
  static PathPattern parse(String text) {
    if (!text.startsWith("/")) {
      throw new IllegalArgumentException("a path pattern begins with a slash: " + text);
    }
    String[] segments = split(text);
    Piece[] pieces = new Piece[segments.length];
    Set<String> names = new HashSet<>();
    for (int index = 0; index < segments.length; index++) {
      Piece piece = piece(segments[index]);
      pieces[index] = piece;
      if (piece.kind == Kind.REST && index != segments.length - 1) {
        throw new IllegalArgumentException("only the last piece takes the rest: " + text);
      }
      if (piece.kind != Kind.LITERAL && (piece.name.isEmpty() || !names.add(piece.name))) {
        throw new IllegalArgumentException("a name is empty or used twice: " + text);
      }
    }
    return new PathPattern(text, List.of(pieces));
  }

  private static Piece piece(String segment) {
    if (segment.startsWith("{") && segment.endsWith("...}")) {
      return new Piece(Kind.REST, segment.substring(1, segment.length() - 4));
    }
    if (segment.startsWith("{") && segment.endsWith("}")) {
      return new Piece(Kind.ONE, segment.substring(1, segment.length() - 1));
    }
    if (segment.indexOf('{') >= 0 || segment.indexOf('}') >= 0) {
      throw new IllegalArgumentException("a name is a whole segment: " + segment);
    }
    return new Piece(Kind.LITERAL, segment);
  }

  /** The segments after the first slash: {@code /} gives one that is empty. */
  static String[] split(String path) {
    return (path.startsWith("/") ? path.substring(1) : path).split("/", -1);
  }

  boolean matches(String[] segments) {
    int count = pieces.size();
    boolean rest = count > 0 && pieces.getLast().kind == Kind.REST;
    if (rest ? segments.length < count - 1 : segments.length != count) {
      return false;
    }
    int fixed = rest ? count - 1 : count;
    for (int index = 0; index < fixed; index++) {
      Piece piece = pieces.get(index);
      boolean fits =
          piece.kind == Kind.LITERAL
              ? piece.name.equals(segments[index])
              : !segments[index].isEmpty();
      if (!fits) {
        return false;
      }
    }
    return true;
  }

  /**
   * The decoded values of the names, for segments that match.
   *
   * @throws HttpException 400 if a value cannot be decoded
   */
  Map<String, String> parameters(String[] segments) {
    Map<String, String> values = new HashMap<>();
    for (int index = 0; index < pieces.size(); index++) {
      Piece piece = pieces.get(index);
      if (piece.kind == Kind.ONE) {
        values.put(piece.name, decoded(segments[index]));
      } else if (piece.kind == Kind.REST) {
        StringBuilder rest = new StringBuilder();
        for (int tail = index; tail < segments.length; tail++) {
          rest.append(tail == index ? "" : "/").append(decoded(segments[tail]));
        }
        values.put(piece.name, rest.toString());
      }
    }
    return values;
  }

  private static String decoded(String segment) {
    return PercentCoding.decode(segment, 0, segment.length(), false);
  }

  String text() {
    return text;
  }

  /** Two patterns of the same shape match the same paths. */
  String shape() {
    StringBuilder shape = new StringBuilder();
    for (Piece piece : pieces) {
      shape.append('/').append(piece.kind == Kind.LITERAL ? piece.name : "{" + piece.kind + "}");
    }
    return shape.toString();
  }

  @Override
  public int compareTo(PathPattern other) {
    int common = Math.min(pieces.size(), other.pieces.size());
    for (int index = 0; index < common; index++) {
      int byKind = pieces.get(index).kind.compareTo(other.pieces.get(index).kind);
      if (byKind != 0) {
        return byKind;
      }
    }
    int byLength = Integer.compare(other.pieces.size(), pieces.size());
    return byLength != 0 ? byLength : text.compareTo(other.text);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PathPattern pattern && pattern.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
