package io.krystaline.sink.store;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/**
 * A durable outbox of notifications, and what each channel was told. What is in it is delivered at
 * least once: whoever delivers claims for a while, and what is not reported as delivered within
 * that time can be claimed again.
 *
 * <p>Every method may block on a database, and throws {@link
 * io.krystaline.platform.db.DatabaseUnavailableException} where it cannot be reached. Safe for use
 * by several threads and processes.
 */
public interface NotificationStore {

  /** How many were queued, and how many were not because their channel has too many pending. */
  record Queued(int added, int refused) {}

  /**
   * Queues what is new of an incident, in one transaction with what was told of it before. What
   * still waits and is older news of the same incident, since its last end, is not delivered any
   * more: the new one takes its place.
   *
   * @param decide answers what to queue from what each channel was told; called within the
   *     transaction, perhaps more than once, so it has no effects of its own
   * @param pendingMax the most that one channel may have pending
   */
  Queued queue(
      String incidentId,
      Instant now,
      int pendingMax,
      Function<List<ToldIncident>, List<NewNotification>> decide);

  /**
   * Takes what is due, for a while: nobody else is given the same before the lease has run out.
   * What is due of one incident comes in its order, and never while an earlier one of it is pending
   * and cannot be taken.
   *
   * @return P0 first, then the oldest
   */
  List<QueuedNotification> claim(String channel, int limit, Instant now, Duration lease);

  /** Says that these are tried as one message, which stays one in every further attempt. */
  void joinBatch(Collection<Long> ids, String batch);

  /** Says that these were delivered. */
  void delivered(Collection<Long> ids, Instant now);

  /** Says that these could not be delivered, and when it is tried again. */
  void failed(Collection<Long> ids, Instant due, String error);

  /** Gives these back untried. */
  void postpone(Collection<Long> ids, Instant due);

  /**
   * Gives these up. The end of an incident that now never was told is given up with it.
   *
   * @return how many were given up
   */
  int giveUp(Collection<Long> ids, Instant now, String error);

  /** Incidents that a channel was told of and not told the end of, the longest known first. */
  List<StandingIncident> standing(String channel, int limit);

  /** How many a channel has pending. */
  long pending(String channel);

  /**
   * Deletes what was delivered or given up, and what was told of resolved incidents, before a time.
   *
   * @return how many notifications
   */
  long deleteFinishedBefore(Instant time);
}
