package io.krystaline.sink;

import io.krystaline.platform.db.Database;
import io.krystaline.platform.lifecycle.Resources;
import io.krystaline.platform.telemetry.Metrics;
import io.krystaline.sink.api.IncidentApi;
import io.krystaline.sink.api.LiveFeed;
import io.krystaline.sink.incident.Excluder;
import io.krystaline.sink.incident.IncidentRecorder;
import io.krystaline.sink.incident.IncidentRecorderSettings;
import io.krystaline.sink.store.IncidentRetention;
import io.krystaline.sink.store.IncidentStores;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What keeps and shows incidents, wired; a part of {@link SinkApp}. */
final class IncidentParts {
  private static final Logger logger = LoggerFactory.getLogger(IncidentParts.class);

  /** Another process may still watch an open incident that changed later than this. */
  private static final Duration ABANDONED_AFTER = Duration.ofHours(1);

  private final SinkSettings.KeepSettings keep;
  private final Database database;
  private final InstantSource clock;
  private final IncidentStores stores;
  private final IncidentRecorder recorder;

  IncidentParts(SinkSettings.KeepSettings keep, Database database, InstantSource clock) {
    this.keep = keep;
    this.database = database;
    this.clock = clock;
    this.stores = IncidentStores.postgres(database, clock);
    this.recorder = new IncidentRecorder(stores.incidents(), IncidentRecorderSettings.defaults());
  }

  IncidentStores stores() {
    return stores;
  }

  /** What the detector tells of incidents. */
  IncidentRecorder recorder() {
    return recorder;
  }

  IncidentRetention retention() {
    return new IncidentRetention(
        stores,
        clock,
        IncidentRetention.Settings.defaults().withAges(keep.incidents(), keep.statistics()));
  }

  IncidentApi.Sources apiSources() {
    return new IncidentApi.Sources(stores, Excluder.NONE, rules -> {});
  }

  /**
   * Starts the recorder. What an earlier process left open is closed, as nothing watches it any
   * more; the live feed is told of what is stored from then on.
   */
  void open(Resources resources, LiveFeed live, Metrics metrics) {
    Instant now = clock.instant();
    stores
        .incidents()
        .closeAbandoned(database.isEmbedded() ? now : now.minus(ABANDONED_AFTER))
        .forEach(incident -> logger.warn("closed the abandoned incident {}", incident.id()));
    resources.add("incident recorder", recorder);
    recorder.listen(live);
    recorder.registerWith(metrics);
    recorder.start();
  }
}
