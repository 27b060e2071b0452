package io.krystaline.platform.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class DatabaseUrlTest {

  @Test
  void parse_userAndPasswordInTheUrl_areTakenOutAndDecoded() {
    DatabaseUrl url = DatabaseUrl.parse("postgres://me:p%40ss+1@db:5433/sink?ssl=true", null, null);
    assertThat(url.jdbcUrl()).isEqualTo("jdbc:postgresql://db:5433/sink?ssl=true");
    assertThat(url.user()).isEqualTo("me");
    assertThat(url.password()).isEqualTo("p@ss+1");
    assertThat(url.place()).isEqualTo("postgresql://db:5433/sink");
  }

  @Test
  void parse_noUser_takesTheSettings() {
    DatabaseUrl url = DatabaseUrl.parse("postgresql://db/sink", "you", "secret");
    assertThat(url.user()).isEqualTo("you");
    assertThat(url.password()).isEqualTo("secret");
  }

  @Test
  void parse_jdbcUrl_isKeptAndShownWithoutParameters() {
    DatabaseUrl url = DatabaseUrl.parse("jdbc:postgresql://db/sink?password=secret", null, null);
    assertThat(url.jdbcUrl()).endsWith("password=secret");
    assertThat(url.place()).isEqualTo("jdbc:postgresql://db/sink");
  }

  @Test
  void parse_otherUrl_isRefusedWithoutItsSecrets() {
    for (String text :
        new String[] {"mysql://a:secret@b/c", "postgresql:secret", "no secret url"}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> DatabaseUrl.parse(text, null, null))
          .satisfies(e -> assertThat(e.getMessage()).doesNotContain("secret"));
    }
  }

  @Test
  void isUnavailable_byState() {
    for (String state : new String[] {"08006", "53100", "53300", "57P01", "57P03", "57014"}) {
      assertThat(DatabaseErrors.isUnavailable(new SQLException("x", state))).as(state).isTrue();
    }
    for (String state : new String[] {"23505", "42P01", "22003"}) {
      assertThat(DatabaseErrors.isUnavailable(new SQLException("x", state))).as(state).isFalse();
    }
    assertThat(DatabaseErrors.map("x", new IllegalStateException("y")))
        .isNotInstanceOf(DatabaseUnavailableException.class);
  }
}
