package io.krystaline.sink.traffic;

import java.util.Optional;

/**
 * A call that an operation makes.
 *
 * @param type what kind of call it is
 * @param name name of the calling span
 * @param callee whom it reaches; empty where the callee is not traced
 * @param probability in how many of the operation's spans it is made
 * @param countMax it is made 1 to so many times, one after the other
 * @param withNext whether the next call begins at the same time as this one
 * @param retried whether it is tried once more when it fails
 * @param millis median time of the callee that is not traced
 * @param fields the calling span's name, kind and attributes, encoded
 */
record Call(
    Type type,
    String name,
    Optional<Operation> callee,
    double probability,
    int countMax,
    boolean withNext,
    boolean retried,
    double millis,
    EncodedFields fields) {

  /** Kinds of calls. */
  enum Type {
    /** A client span with a server span below it. */
    HTTP,
    /** A client span of a database; the database is not traced. */
    DATABASE,
    /** A client span of somebody else's service. */
    EXTERNAL,
    /** A producer span with a consumer span below it, which starts later. */
    QUEUE,
    /** A span within the service. */
    INTERNAL
  }
}
