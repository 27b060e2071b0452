package io.krystaline.sink.notify;

import io.krystaline.sink.store.NotificationChange;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Authenticator;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.PasswordAuthentication;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Date;
import java.util.Properties;
import java.util.StringJoiner;

/**
 * Sends plain text by SMTP. The message's id is made of its key, so that a mail that comes twice
 * can be recognised, and all mails of an incident refer to one id, so that programs show them
 * together.
 */
final class MailCourier implements Courier {
  private static final int SUBJECT_MAX = 200;

  private final ChannelTarget.Mail target;
  private final IncidentLinks links;
  private final InstantSource clock;
  private final Session session;
  private final InternetAddress from;
  private final InternetAddress[] to;
  private final String domain;

  MailCourier(
      ChannelTarget.Mail target, Duration timeout, IncidentLinks links, InstantSource clock) {
    this.target = target;
    this.links = links;
    this.clock = clock;
    this.session = Session.getInstance(properties(target, timeout), authenticator(target));
    this.from = address(target.from());
    this.to = target.to().stream().map(MailCourier::address).toArray(InternetAddress[]::new);
    String sender = from.getAddress();
    this.domain = sender.substring(sender.indexOf('@') + 1);
  }

  @Override
  public boolean takesSeveral() {
    return true;
  }

  @Override
  public Delivery deliver(Message message) {
    try {
      Transport.send(mail(message));
      return new Delivery.Delivered();
    } catch (AuthenticationFailedException _) {
      // What the server says here may repeat what was sent.
      return Delivery.Failed.of(place() + " refuses the user or the password");
    } catch (SendFailedException e) {
      // Some recipients may have it; the message's id then shows the second one for what it is.
      return Delivery.Failed.of(place() + ": " + reason(e));
    } catch (MessagingException e) {
      return Delivery.Failed.of(place() + ": " + reason(e));
    }
  }

  private MimeMessage mail(Message message) throws MessagingException {
    MimeMessage mail = new KeyedMail(session, id(message.key()));
    mail.setFrom(from);
    mail.setRecipients(RecipientType.TO, to);
    // Control characters are gone from it, so it stays one header.
    mail.setSubject(
        IncidentText.clean(IncidentText.summary(message), SUBJECT_MAX),
        StandardCharsets.UTF_8.name());
    mail.setSentDate(Date.from(clock.instant()));
    mail.setHeader("Auto-Submitted", "auto-generated");
    if (message.notices().size() == 1) {
      mail.setHeader("References", id("incident-" + message.first().incident().id()));
    }
    mail.setText(body(message), StandardCharsets.UTF_8.name());
    mail.saveChanges();
    return mail;
  }

  private String body(Message message) {
    StringJoiner body = new StringJoiner("\n", "", "\n");
    for (Notice notice : message.notices()) {
      body.add(IncidentText.line(notice));
      IncidentText.facts(notice).stream()
          .filter(
              fact -> notice.change() != NotificationChange.RESOLVED || fact.startsWith("Since: "))
          .forEach(body::add);
      links.of(notice.incident()).ifPresent(body::add);
      body.add("");
    }
    return body.toString();
  }

  private String id(String key) {
    return "<" + key.replaceAll("[^A-Za-z0-9._-]", "_") + "@" + domain + ">";
  }

  private String place() {
    return target.host() + ":" + target.port();
  }

  private static String reason(MessagingException failure) {
    String text = failure.getMessage();
    Exception next = failure.getNextException();
    String more = next == null || next.getMessage() == null ? "" : ": " + next.getMessage();
    return IncidentText.clean(
        (text == null ? failure.getClass().getSimpleName() : text) + more, 300);
  }

  private static InternetAddress address(String text) {
    try {
      InternetAddress[] addresses = InternetAddress.parse(text, true);
      if (addresses.length == 1 && addresses[0].getAddress().indexOf('@') > 0) {
        addresses[0].validate();
        return addresses[0];
      }
    } catch (AddressException e) {
      throw new IllegalArgumentException("'" + text + "' is no mail address", e);
    }
    throw new IllegalArgumentException("'" + text + "' is not one mail address");
  }

  private static Authenticator authenticator(ChannelTarget.Mail target) {
    return new Authenticator() {
      @Override
      protected PasswordAuthentication getPasswordAuthentication() {
        return new PasswordAuthentication(target.user().orElse(""), target.password().orElse(""));
      }
    };
  }

  private static Properties properties(ChannelTarget.Mail target, Duration timeout) {
    String millis = Long.toString(timeout.toMillis());
    Properties properties = new Properties();
    properties.setProperty("mail.transport.protocol", "smtp");
    properties.setProperty("mail.smtp.host", target.host());
    properties.setProperty("mail.smtp.port", Integer.toString(target.port()));
    properties.setProperty("mail.smtp.connectiontimeout", millis);
    properties.setProperty("mail.smtp.timeout", millis);
    properties.setProperty("mail.smtp.writetimeout", millis);
    properties.setProperty("mail.smtp.auth", Boolean.toString(target.user().isPresent()));
    boolean startTls = target.tls() == ChannelTarget.MailTls.STARTTLS;
    properties.setProperty("mail.smtp.starttls.enable", Boolean.toString(startTls));
    properties.setProperty("mail.smtp.starttls.required", Boolean.toString(startTls));
    properties.setProperty(
        "mail.smtp.ssl.enable", Boolean.toString(target.tls() == ChannelTarget.MailTls.TLS));
    properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
    properties.setProperty("mail.mime.allowutf8", "false");
    if (target.tls() != ChannelTarget.MailTls.NONE) {
      properties.put(
          "mail.smtp.ssl.socketFactory",
          TrustedCertificates.context(target.certificates()).getSocketFactory());
    }
    return properties;
  }

  /** A mail whose id is given rather than made up. */
  private static final class KeyedMail extends MimeMessage {
    private final String id;

    KeyedMail(Session session, String id) {
      super(session);
      this.id = id;
    }

    @Override
    protected void updateMessageID() throws MessagingException {
      setHeader("Message-ID", id);
    }
  }
}
