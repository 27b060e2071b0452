package io.krystaline.sink;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.krystaline.engine.baseline.OperationDirectory;
import io.krystaline.engine.detect.AlarmRules;
import io.krystaline.engine.incident.Incident;
import io.krystaline.engine.incident.IncidentChange;
import io.krystaline.platform.db.Database;
import io.krystaline.platform.lifecycle.Resources;
import io.krystaline.platform.telemetry.Metrics;
import io.krystaline.platform.telemetry.Telemetry;
import io.krystaline.sink.api.IncidentApi;
import io.krystaline.sink.api.LiveFeed;
import io.krystaline.sink.detect.LiveDetection;
import io.krystaline.sink.incident.Excluder;
import io.krystaline.sink.incident.IncidentEnricher;
import io.krystaline.sink.incident.IncidentRecorder;
import io.krystaline.sink.incident.IncidentRecorderSettings;
import io.krystaline.sink.incident.IncidentStage;
import io.krystaline.sink.notify.IncidentTelemetry;
import io.krystaline.sink.notify.Notifier;
import io.krystaline.sink.notify.Silences;
import io.krystaline.sink.pipeline.Lanes;
import io.krystaline.sink.pipeline.TraceCapture;
import io.krystaline.sink.store.AnomalyStore;
import io.krystaline.sink.store.DetectionRule;
import io.krystaline.sink.store.IncidentFilter;
import io.krystaline.sink.store.IncidentRetention;
import io.krystaline.sink.store.IncidentStore;
import io.krystaline.sink.store.IncidentStores;
import io.krystaline.sink.store.PostgresNotificationStore;
import io.krystaline.sink.view.EpochNanos;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What finds, keeps, shows and tells incidents, wired; a part of {@link SinkApp}. Spans go from the
 * lanes to detection, incidents from there to the stage that reads their traces, to the recorder
 * that makes them durable, and then to people: the live feed and the notifier.
 */
final class IncidentParts {
  private static final Logger logger = LoggerFactory.getLogger(IncidentParts.class);

  /** Another process may still watch an open incident that changed later than this. */
  private static final Duration ABANDONED_AFTER = Duration.ofHours(1);

  /** What ended longer ago than this is not told after a start, if it never was. */
  private static final Duration TOLD_WITHIN = Duration.ofHours(1);

  private final SinkSettings settings;
  private final Database database;
  private final AnomalyStore anomalies;
  private final ObjectMapper mapper;
  private final InstantSource clock;
  private final IncidentStores stores;
  private final IncidentRecorder recorder;

  IncidentParts(
      SinkSettings settings,
      Database database,
      AnomalyStore anomalies,
      ObjectMapper mapper,
      InstantSource clock) {
    this.settings = settings;
    this.database = database;
    this.anomalies = anomalies;
    this.mapper = mapper;
    this.clock = clock;
    this.stores = IncidentStores.postgres(database, clock);
    this.recorder = new IncidentRecorder(stores.incidents(), IncidentRecorderSettings.defaults());
  }

  IncidentStores stores() {
    return stores;
  }

  IncidentRetention retention() {
    return new IncidentRetention(
        stores,
        clock,
        IncidentRetention.Settings.defaults()
            .withAges(settings.keep().incidents(), settings.keep().statistics()));
  }

  IncidentApi.Sources apiSources(LiveDetection detection, Excluder excluder) {
    return new IncidentApi.Sources(
        stores, excluder, accepted -> detection.rules(alarmRules(accepted)), detection::releases);
  }

  private static AlarmRules alarmRules(List<DetectionRule> accepted) {
    return new AlarmRules(accepted.stream().map(DetectionRule::alarmRule).toList());
  }

  /**
   * Starts everything, the last first. What an earlier process left open is closed, as nothing
   * watches it any more; people are told of what they missed.
   */
  LiveDetection open(
      Resources resources,
      Telemetry telemetry,
      LiveFeed live,
      Lanes lanes,
      TraceCapture capture,
      OperationDirectory directory) {
    Metrics metrics = telemetry.metrics("io.krystaline.sink");
    Notifier notifier = notifier(metrics);
    resources.add("notifier", notifier);
    notifier.start();
    tellMissed(notifier);

    IncidentTelemetry events = new IncidentTelemetry(telemetry.openTelemetry());
    resources.add("incident recorder", recorder);
    recorder.listen(live);
    recorder.listen(notifier::incidentChanged);
    recorder.listen(events::incidentChanged);
    recorder.registerWith(metrics);
    recorder.start();

    IncidentStage stage =
        new IncidentStage(
            new IncidentEnricher(anomalies, settings.useCases()), recorder, capture::want);
    resources.add("incident stage", stage);
    stage.registerWith(metrics);
    stage.start();

    LiveDetection detection =
        new LiveDetection(
            settings.detection(),
            directory,
            lanes.feeds(),
            stage,
            clock,
            new SecureRandom().nextLong());
    resources.add("detection", detection);
    detection.registerWith(metrics);
    detection.rules(alarmRules(stores.rules().accepted()));
    detection.start();
    return detection;
  }

  private Notifier notifier(Metrics metrics) {
    return new Notifier(
        settings.notifications(),
        new PostgresNotificationStore(database),
        Silences.of(stores.silences(), clock),
        metrics,
        mapper,
        clock,
        new SecureRandom());
  }

  private void tellMissed(Notifier notifier) {
    Instant now = clock.instant();
    List<Incident> abandoned =
        stores.incidents().closeAbandoned(database.isEmbedded() ? now : now.minus(ABANDONED_AFTER));
    for (Incident incident : abandoned) {
      logger.warn(
          "incident {} was open when the sink stopped and is closed: {}",
          incident.id(),
          incident.title());
      notifier.incidentChanged(IncidentChange.CLOSED, incident);
    }
    long sinceNanos = EpochNanos.of(now.minus(TOLD_WITHIN));
    stores
        .incidents()
        .find(IncidentFilter.ALL.between(sinceNanos, null), IncidentStore.PAGE_LIMIT_MAX, null)
        .items()
        .reversed()
        .forEach(
            stored ->
                notifier.incidentChanged(
                    stored.incident().isOpen() ? IncidentChange.UPDATED : IncidentChange.CLOSED,
                    stored.incident()));
  }
}
