/**
 * Carries incidents to people. {@link io.krystaline.sink.notify.Notifier} is told of each change,
 * decides what is worth telling to which channel, and keeps that in the durable outbox; a worker a
 * channel delivers it with a {@link io.krystaline.sink.notify.Courier}: webhook, Slack-compatible
 * webhook, e-mail, PagerDuty, Alertmanager. {@link io.krystaline.sink.notify.IncidentTelemetry}
 * sends incidents as OpenTelemetry logs and metrics. Imports {@code engine.incident}, {@code
 * sink.store}, {@code sink.view} and the platform; Jakarta Mail stays here.
 */
@NullMarked
package io.krystaline.sink.notify;

import org.jspecify.annotations.NullMarked;
