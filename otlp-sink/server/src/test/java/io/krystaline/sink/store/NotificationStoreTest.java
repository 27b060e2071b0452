package io.krystaline.sink.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.krystaline.engine.incident.Priority;
import io.krystaline.engine.score.Severity;
import io.krystaline.platform.db.Database;
import io.krystaline.platform.db.DatabaseSettings;
import io.krystaline.platform.db.DatabaseUnavailableException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The outbox in a real PostgreSQL and its twin in memory. */
class NotificationStoreTest {
  @TempDir static Path directory;
  private static Database database;

  @BeforeAll
  static void start() {
    database = new Database(DatabaseSettings.embedded(directory.resolve("data")), "db/migration");
    database.start();
  }

  @AfterAll
  static void stop() {
    database.close();
  }

  @Nested
  class InMemory extends NotificationStoreContract {
    @Override
    NotificationStore store() {
      return new InMemoryNotificationStore();
    }

    @Test
    void setUnavailable_everyCallFails() {
      InMemoryNotificationStore store = new InMemoryNotificationStore();
      store.setUnavailable(true);
      assertThatThrownBy(() -> store.pending("ops"))
          .isInstanceOf(DatabaseUnavailableException.class);
    }
  }

  @Nested
  class InPostgres extends NotificationStoreContract {
    @Override
    NotificationStore store() {
      database.inTransaction(
          "clear", handle -> handle.execute("TRUNCATE notification, told_incident"));
      return new PostgresNotificationStore(database);
    }

    @Test
    void manyProcesses_queueOnceAndClaimOnce() throws Exception {
      AtomicInteger added = new AtomicInteger();
      Set<Long> claimed = ConcurrentHashMap.newKeySet();
      AtomicInteger claims = new AtomicInteger();
      NotificationStore cleared = store();
      assertThat(cleared.pending("ops")).isZero();
      try (ExecutorService executor = Executors.newFixedThreadPool(4)) {
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          NotificationStore process = new PostgresNotificationStore(database);
          all.add(
              executor.submit(
                  () -> {
                    for (int n = 0; n < 25; n++) {
                      NewNotification news = news("incident-" + n);
                      added.addAndGet(
                          process
                              .queue(
                                  news.incidentId(),
                                  NOW,
                                  1_000,
                                  told -> told.isEmpty() ? List.of(news) : List.of())
                              .added());
                      for (QueuedNotification one :
                          process.claim("ops", 3, NOW, Duration.ofMinutes(1))) {
                        claims.incrementAndGet();
                        claimed.add(one.id());
                      }
                    }
                  }));
        }
        for (Future<?> one : all) {
          one.get(60, TimeUnit.SECONDS);
        }
      }
      assertThat(added).hasValue(25);
      assertThat(claims.get()).isEqualTo(claimed.size()).isEqualTo(25);
    }

    private static NewNotification news(String incident) {
      return new NewNotification(
          "ops",
          incident,
          NotificationChange.OPENED,
          incident,
          Severity.MAJOR,
          Priority.P0,
          0,
          "shop",
          Duration.ZERO,
          "{}");
    }
  }
}
