package io.krystaline.sink.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.krystaline.engine.incident.Incident;
import io.krystaline.engine.incident.Priority;
import io.krystaline.platform.json.StrictJson;
import io.krystaline.sink.notify.ChannelTarget.MailTls;
import io.krystaline.sink.store.NotificationChange;
import io.krystaline.sink.view.IncidentView;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.subethamail.smtp.auth.EasyAuthenticationHandlerFactory;
import org.subethamail.smtp.auth.LoginFailedException;
import org.subethamail.smtp.helper.SimpleMessageListener;
import org.subethamail.smtp.server.SMTPServer;

/** Mail through a real SMTP server, plain, with STARTTLS and with TLS. */
@Timeout(120)
class MailCourierTest {
  private static final String PASSWORD = "changeit";
  private static final Incident OPEN = Incidents.open("00000000000000aa", Priority.P0);

  @TempDir static Path folder;
  private static SSLContext identity;
  private static Path certificate;

  /** A mail as the server took it. */
  @SuppressWarnings("ArrayRecordComponent") // Nobody compares mails.
  private record Mail(String from, String to, byte[] bytes) {
    MimeMessage message() throws Exception {
      return new MimeMessage(
          Session.getInstance(new Properties()), new ByteArrayInputStream(bytes));
    }

    String head() {
      String text = new String(bytes, StandardCharsets.US_ASCII);
      return text.substring(0, text.indexOf("\r\n\r\n"));
    }
  }

  private final List<Mail> mails = Collections.synchronizedList(new ArrayList<>());

  @BeforeAll
  static void makeIdentity() throws Exception {
    Path store = folder.resolve("store.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=dns:localhost",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .start();
    String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(keytool.waitFor()).as(output).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream input = Files.newInputStream(store)) {
      keys.load(input, PASSWORD.toCharArray());
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD.toCharArray());
    identity = SSLContext.getInstance("TLS");
    identity.init(managers.getKeyManagers(), null, null);
    Certificate own = keys.getCertificate("server");
    certificate =
        Files.writeString(
            folder.resolve("server.pem"),
            "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n"
                .formatted(Base64.getMimeEncoder().encodeToString(own.getEncoded())));
  }

  private SMTPServer.Builder server() {
    return SMTPServer.port(0)
        .bindAddress(InetAddress.getLoopbackAddress())
        .simpleMessageListener(
            new SimpleMessageListener() {
              @Override
              public boolean accept(String from, String recipient) {
                return !recipient.startsWith("nobody");
              }

              @Override
              public void deliver(String from, String recipient, InputStream data)
                  throws IOException {
                mails.add(new Mail(from, recipient, data.readAllBytes()));
              }
            });
  }

  private static Delivery send(
      int port, MailTls tls, Optional<String> password, Optional<Path> trusted, Message message) {
    ChannelTarget target =
        new ChannelTarget.Mail(
            "localhost",
            port,
            tls,
            password.map(_ -> "sink"),
            password,
            "Krystaline <sink@example.org>",
            List.of("a@example.org", "b@example.org"),
            trusted);
    ChannelSettings defaults = ChannelSettings.of("mail", target);
    ChannelSettings channel =
        new ChannelSettings(
            "mail",
            target,
            defaults.severityMin(),
            defaults.priorityMin(),
            defaults.perMinute(),
            defaults.burst(),
            defaults.urgentPerMinute(),
            Duration.ofSeconds(20));
    try (Courier courier =
        Couriers.of(
            channel,
            NotifySettings.of(List.of(channel)),
            StrictJson.mapper(),
            () -> Incidents.START)) {
      return courier.deliver(message);
    }
  }

  private static Message message(NotificationChange change, Incident... incidents) {
    return new Message(
        "00000000000000aa-0-opened-mail",
        List.of(incidents).stream()
            .map(incident -> new Notice(change, IncidentView.of(incident), null))
            .toList());
  }

  private static Message opened() {
    return message(NotificationChange.OPENED, OPEN);
  }

  @Test
  void deliver_plain_isOneReadableMail() throws Exception {
    SMTPServer server = server().build();
    server.start();
    try {
      assertThat(
              send(
                  server.getPortAllocated(),
                  MailTls.NONE,
                  Optional.empty(),
                  Optional.empty(),
                  opened()))
          .isEqualTo(new Delivery.Delivered());
    } finally {
      server.stop();
    }
    assertThat(mails).extracting(Mail::to).containsExactly("a@example.org", "b@example.org");
    MimeMessage mail = mails.getFirst().message();
    assertThat(mail.getSubject())
        .isEqualTo("[P0 SEV2] opened: shop fails <often> & \"late\" X-Evil: 1");
    // What stands behind a line break in a title becomes no header.
    assertThat(mail.getHeader("X-Evil")).isNull();
    assertThat(mails.getFirst().head().lines()).noneMatch(line -> line.startsWith("X-Evil"));
    assertThat(mail.getMessageID()).isEqualTo("<00000000000000aa-0-opened-mail@example.org>");
    assertThat(mail.getHeader("References"))
        .containsExactly("<incident-00000000000000aa@example.org>");
    assertThat(mail.getHeader("Auto-Submitted")).containsExactly("auto-generated");
    assertThat(mail.getContentType()).startsWith("text/plain; charset=UTF-8");
    assertThat(mail.getContent().toString())
        .contains("[P0 SEV2] opened: shop fails")
        .contains("Suspects: shop POST /pay (75 %)")
        .contains("Traces: 5b8efff798038103d269b633813fc60c");
  }

  @Test
  void deliver_severalIncidents_isOneMail() throws Exception {
    SMTPServer server = server().build();
    server.start();
    try {
      send(
          server.getPortAllocated(),
          MailTls.NONE,
          Optional.empty(),
          Optional.empty(),
          message(
              NotificationChange.RESOLVED,
              Incidents.closed(OPEN),
              Incidents.closed(Incidents.open("00000000000000bb", Priority.P1))));
    } finally {
      server.stop();
    }
    MimeMessage mail = mails.getFirst().message();
    assertThat(mail.getSubject()).startsWith("2 incidents (2 resolved), the first: [P0 SEV2]");
    assertThat(mail.getContent().toString())
        .contains("ended 2026-11-21T12:01:30Z after 90 s")
        .doesNotContain("Evidence");
  }

  @Test
  void deliver_startTlsAndLogin_isEncrypted() throws Exception {
    SMTPServer server = secured(server().enableTLS().requireTLS().startTlsSocketFactory(identity));
    server.start();
    try {
      int port = server.getPortAllocated();
      assertThat(
              send(
                  port, MailTls.STARTTLS, Optional.of("right"), Optional.of(certificate), opened()))
          .isEqualTo(new Delivery.Delivered());
      assertThat(mails).hasSize(2);
      assertThat(
              send(
                  port, MailTls.STARTTLS, Optional.of("wrong"), Optional.of(certificate), opened()))
          .isInstanceOfSatisfying(
              Delivery.Failed.class,
              failed ->
                  assertThat(failed.reason()).contains("refuses the user").doesNotContain("wrong"));
      // The certificate is not of an authority that the platform knows.
      assertThat(send(port, MailTls.STARTTLS, Optional.of("right"), Optional.empty(), opened()))
          .isInstanceOf(Delivery.Failed.class);
      assertThat(mails).hasSize(2);
    } finally {
      server.stop();
    }
  }

  @Test
  void deliver_serverWithoutStartTls_getsNothing() {
    SMTPServer server = server().build();
    server.start();
    try {
      assertThat(
              send(
                  server.getPortAllocated(),
                  MailTls.STARTTLS,
                  Optional.empty(),
                  Optional.of(certificate),
                  opened()))
          .isInstanceOf(Delivery.Failed.class);
    } finally {
      server.stop();
    }
    assertThat(mails).isEmpty();
  }

  @Test
  void deliver_tlsFromTheFirstByte_works() {
    SMTPServer server = secured(server().serverSocketFactory(identity));
    server.start();
    try {
      assertThat(
              send(
                  server.getPortAllocated(),
                  MailTls.TLS,
                  Optional.of("right"),
                  Optional.of(certificate),
                  opened()))
          .isEqualTo(new Delivery.Delivered());
    } finally {
      server.stop();
    }
  }

  @Test
  void deliver_nobodyThere_fails() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    assertThat(send(port, MailTls.NONE, Optional.empty(), Optional.empty(), opened()))
        .isInstanceOfSatisfying(
            Delivery.Failed.class,
            failed -> assertThat(failed.reason()).contains("localhost:" + port));
  }

  @Test
  void address_thatIsNone_isRefused() {
    for (String wrong : new String[] {"nobody", "a@b.c, d@e.f", "a@b.c\r\nBcc: d@e.f", ""}) {
      assertThatThrownBy(
              () ->
                  Couriers.of(
                      ChannelSettings.of(
                          "mail",
                          new ChannelTarget.Mail(
                              "localhost",
                              25,
                              MailTls.NONE,
                              Optional.empty(),
                              Optional.empty(),
                              wrong,
                              List.of("a@example.org"),
                              Optional.empty())),
                      NotifySettings.of(List.of()),
                      StrictJson.mapper(),
                      () -> Incidents.START))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("mail address");
    }
  }

  private static SMTPServer secured(SMTPServer.Builder builder) {
    return builder
        .requireAuth()
        .authenticationHandlerFactory(
            new EasyAuthenticationHandlerFactory(
                (user, password, context) -> {
                  if (!user.equals("sink") || !password.equals("right")) {
                    throw new LoginFailedException();
                  }
                }))
        .build();
  }
}
