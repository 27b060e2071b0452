package io.krystaline.sink.notify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import io.krystaline.engine.incident.Priority;
import io.krystaline.platform.db.DatabaseException;
import io.krystaline.sink.notify.NotificationCounters.Outcome;
import io.krystaline.sink.store.NotificationChange;
import io.krystaline.sink.store.NotificationStore;
import io.krystaline.sink.store.QueuedNotification;
import io.krystaline.sink.view.IncidentView;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers what is due on one channel: P0 each alone and at once, the others in batches of their
 * group and within the channel's rate. What fails is tried again later, and longer each time; what
 * is too old or failed too often is given up. {@link #work} is one round, for one thread.
 */
final class ChannelWorker implements Runnable {
  private static final Logger logger = LoggerFactory.getLogger(ChannelWorker.class);
  private static final int CLAIM_MAX = 100;
  private static final int STANDING_MAX = 1_000;
  private static final int REMINDED_AT_ONCE = 50;
  // One lease outlasts a few attempts; what is left of a claim by then is given back.
  private static final int ATTEMPTS_PER_LEASE = 6;

  private final ChannelSettings channel;
  private final NotifySettings settings;
  private final NotificationStore store;
  private final Courier courier;
  private final NotificationCounters counters;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final ObjectReader reader;
  private final TokenBucket rate;
  private final TokenBucket urgentRate;
  private final Semaphore woken = new Semaphore(0);
  private volatile boolean closed;
  private volatile long pending;
  // The worker's thread only, from here on.
  private boolean away;
  private Instant pausedUntil = Instant.MIN;
  private Instant remindAt = Instant.MIN;
  private Instant countAt = Instant.MIN;

  ChannelWorker(
      ChannelSettings channel,
      NotifySettings settings,
      NotificationStore store,
      Courier courier,
      NotificationCounters counters,
      ObjectMapper mapper,
      InstantSource clock,
      RandomGenerator random) {
    this.channel = channel;
    this.settings = settings;
    this.store = store;
    this.courier = courier;
    this.counters = counters;
    this.clock = clock;
    this.random = random;
    // What an older or a newer version wrote is read as far as it is known.
    this.reader =
        mapper
            .readerFor(IncidentView.class)
            .without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .without(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);
    Instant now = clock.instant();
    this.rate = new TokenBucket(channel.perMinute(), channel.burst(), now);
    this.urgentRate = new TokenBucket(channel.urgentPerMinute(), channel.urgentPerMinute(), now);
  }

  /** Says that something may be due now. */
  void wake() {
    woken.release();
  }

  /** Lets the thread end after the attempt that it makes now. */
  void close() {
    closed = true;
    wake();
  }

  /** How many notifications wait, as of some seconds ago. */
  long pending() {
    return pending;
  }

  /** Works until it is closed. */
  @Override
  public void run() {
    try {
      while (!closed) {
        try {
          work();
          away = false;
        } catch (DatabaseException e) {
          if (!away) {
            logger.warn(
                "channel {}: the outbox is out of reach: {}", channel.name(), e.getMessage());
          }
          away = true;
        } catch (RuntimeException e) {
          logger.error("channel {}: a round of deliveries failed", channel.name(), e);
        }
        if (woken.tryAcquire(settings.pollInterval().toNanos(), TimeUnit.NANOSECONDS)) {
          woken.drainPermits();
        }
      }
    } catch (InterruptedException _) {
      // Only the notifier's close interrupts this thread; what was claimed is claimed again later.
      Thread.currentThread().interrupt();
    }
  }

  /** One round: delivers what is due, and reminds. */
  void work() {
    Instant now = clock.instant();
    if (!now.isBefore(countAt)) {
      pending = store.pending(channel.name());
      countAt = now.plus(settings.pollInterval().multipliedBy(10));
    }
    if (now.isBefore(pausedUntil)) {
      return;
    }
    Duration lease = channel.timeout().multipliedBy(ATTEMPTS_PER_LEASE);
    List<QueuedNotification> due = store.claim(channel.name(), CLAIM_MAX, now, lease);
    // The last attempt has to end within the lease.
    Instant stop = now.plus(channel.timeout().multipliedBy(ATTEMPTS_PER_LEASE - 2));
    // What follows on something that did not go out must not go out before it.
    Set<String> heldBack = new HashSet<>();
    for (List<QueuedNotification> parcel : parcels(due)) {
      List<String> incidents = parcel.stream().map(QueuedNotification::incidentId).toList();
      Instant later = clock.instant();
      if (closed || !later.isBefore(stop) || later.isBefore(pausedUntil)) {
        store.postpone(ids(parcel), later.isBefore(pausedUntil) ? pausedUntil : later);
      } else if (incidents.stream().anyMatch(heldBack::contains)) {
        store.postpone(ids(parcel), later);
        heldBack.addAll(incidents);
      } else if (!send(parcel)) {
        heldBack.addAll(incidents);
      }
    }
    remind();
  }

  /** Tries once; whether it was delivered. */
  private boolean send(List<QueuedNotification> parcel) {
    Instant now = clock.instant();
    QueuedNotification first = parcel.getFirst();
    List<Notice> notices = notices(parcel);
    if (notices.isEmpty()) {
      giveUp(parcel, "its document cannot be read");
      return false;
    }
    if (Duration.between(first.created(), now).compareTo(settings.ageMax()) > 0) {
      giveUp(parcel, "older than " + settings.ageMax());
      return false;
    }
    TokenBucket bucket = first.priority() == Priority.P0 ? urgentRate : rate;
    if (!bucket.take(now)) {
      counters.count(channel.name(), Outcome.RATE_LIMITED, parcel.size());
      store.postpone(ids(parcel), bucket.next(now));
      return false;
    }
    String key = batchKey(parcel);
    if (first.batch() == null) {
      store.joinBatch(ids(parcel), key);
    }
    Delivery delivery = courier.deliver(new Message(key, notices));
    switch (delivery) {
      case Delivery.Delivered _ -> {
        store.delivered(ids(parcel), clock.instant());
        counters.count(channel.name(), Outcome.DELIVERED, parcel.size());
        return true;
      }
      case Delivery.Refused(String reason) -> {
        giveUp(parcel, reason);
        return false;
      }
      case Delivery.Failed failed -> {
        retry(parcel, failed);
        return false;
      }
    }
  }

  private void retry(List<QueuedNotification> parcel, Delivery.Failed failed) {
    int failures = 1 + parcel.stream().mapToInt(QueuedNotification::attempts).max().orElse(0);
    if (failures >= settings.attemptsMax()) {
      giveUp(parcel, failed.reason());
      return;
    }
    Instant now = clock.instant();
    Instant due = now.plus(settings.backoff().after(failures, random));
    if (failed.retryAfter().isPresent()) {
      pausedUntil = now.plus(failed.retryAfter().get());
      due = due.isBefore(pausedUntil) ? pausedUntil : due;
    }
    store.failed(ids(parcel), due, failed.reason());
    counters.count(channel.name(), Outcome.FAILED, parcel.size());
    logger.warn(
        "channel {}: attempt {} failed, next at {}: {}",
        channel.name(),
        failures,
        due,
        failed.reason());
  }

  private void giveUp(List<QueuedNotification> parcel, String reason) {
    int dead = store.giveUp(ids(parcel), clock.instant(), reason);
    counters.count(channel.name(), Outcome.DEAD, dead);
    logger.error(
        "channel {}: gave up {} notifications, the first of incident {}: {}",
        channel.name(),
        dead,
        parcel.getFirst().incidentId(),
        reason);
  }

  /** What is tried together: what was before, else the same group; P0 and single takers alone. */
  private List<List<QueuedNotification>> parcels(List<QueuedNotification> due) {
    Map<String, List<QueuedNotification>> open = new LinkedHashMap<>();
    List<List<QueuedNotification>> parcels = new ArrayList<>();
    for (QueuedNotification notification : due) {
      boolean alone = notification.priority() == Priority.P0 || !courier.takesSeveral();
      String group =
          alone
              ? "alone " + notification.id()
              : notification.batch() != null
                  ? "batch " + notification.batch()
                  : "group " + notification.groupKey();
      List<QueuedNotification> parcel = open.get(group);
      if (parcel == null
          || (notification.batch() == null && parcel.size() >= settings.batchMax())) {
        parcel = new ArrayList<>();
        open.put(group, parcel);
        parcels.add(parcel);
      }
      parcel.add(notification);
    }
    return parcels;
  }

  /** The latest of each incident; what cannot be read is left out. */
  private List<Notice> notices(List<QueuedNotification> parcel) {
    Map<String, Notice> latest = new LinkedHashMap<>();
    for (QueuedNotification notification : parcel) {
      IncidentView incident = view(notification.document());
      if (incident != null) {
        latest.put(
            notification.incidentId(),
            new Notice(
                notification.change(),
                incident,
                notification.delivered() == null ? null : view(notification.delivered())));
      }
    }
    return List.copyOf(latest.values());
  }

  private @Nullable IncidentView view(String document) {
    try {
      return reader.readValue(document);
    } catch (JsonProcessingException e) {
      logger.error("channel {}: an incident in the outbox cannot be read", channel.name(), e);
      return null;
    }
  }

  private void remind() {
    Instant now = clock.instant();
    if (!courier.needsReminders() || now.isBefore(remindAt) || now.isBefore(pausedUntil)) {
      return;
    }
    List<Notice> standing = new ArrayList<>();
    for (var incident : store.standing(channel.name(), STANDING_MAX)) {
      IncidentView view = view(incident.document());
      if (view != null) {
        standing.add(new Notice(NotificationChange.OPENED, view, null));
      }
    }
    for (int from = 0; from < standing.size() && !closed; from += REMINDED_AT_ONCE) {
      List<Notice> some =
          standing.subList(from, Math.min(standing.size(), from + REMINDED_AT_ONCE));
      if (courier.remind(some) instanceof Delivery.Failed failed) {
        logger.warn("channel {}: a reminder failed: {}", channel.name(), failed.reason());
        remindAt = now.plus(settings.backoff().first());
        return;
      }
    }
    remindAt = now.plus(remindInterval());
  }

  private Duration remindInterval() {
    return channel.target() instanceof ChannelTarget.Alertmanager alertmanager
        ? alertmanager.remindInterval()
        : settings.ageMax();
  }

  private static List<Long> ids(List<QueuedNotification> parcel) {
    return parcel.stream().map(QueuedNotification::id).toList();
  }

  /** The key of one is its own; that of several is made of theirs. */
  private static String batchKey(List<QueuedNotification> parcel) {
    QueuedNotification first = parcel.getFirst();
    if (first.batch() != null) {
      return first.batch();
    }
    if (parcel.size() == 1) {
      return first.key();
    }
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      parcel.stream()
          .map(QueuedNotification::key)
          .sorted()
          .forEach(key -> digest.update((key + "\n").getBytes(StandardCharsets.UTF_8)));
      return "batch-" + HexFormat.of().formatHex(digest.digest(), 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
