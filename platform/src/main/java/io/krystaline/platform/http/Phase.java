package io.krystaline.platform.http;

/** Where a {@link RequestFlow} stands; each phase has its own time limit. */
enum Phase {
  /** No request, or only a part of its head. */
  AWAITING_HEAD,
  /** The head is known, the body is arriving. */
  READING_BODY,
  /** A handler has it. */
  HANDLING,
  /** The answer is on its way out. */
  WRITING,
  /** Answered, and the rest of the body is still arriving. */
  DISCARDING,
  /** Over; nothing is handled any more. */
  CLOSED
}
