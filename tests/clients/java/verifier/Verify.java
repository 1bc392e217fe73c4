import com.okta.jwt.Jwt;
import com.okta.jwt.JwtVerificationException;
import com.okta.jwt.JwtVerifiers;

/** Verifies an access token and an ID token; prints whose they are, or why they are refused. */
class Verify {
  interface Verification {
    Jwt run() throws JwtVerificationException;
  }

  public static void main(String[] arguments) {
    var issuer = System.getenv("OKTA_OAUTH2_ISSUER");
    var access =
        JwtVerifiers.accessTokenVerifierBuilder()
            .setIssuer(issuer)
            .setAudience(System.getenv("OKTA_OAUTH2_AUDIENCE"))
            .build();
    var ids =
        JwtVerifiers.idTokenVerifierBuilder()
            .setIssuer(issuer)
            .setClientId(System.getenv("OKTA_OAUTH2_CLIENT_ID"))
            .build();
    String token = arguments[0], idToken = arguments[1], tampered = arguments[2];
    print(() -> access.decode(token));
    print(() -> ids.decode(idToken, "nonce-1"));
    print(() -> access.decode(tampered));
    print(() -> access.decode(idToken));
    print(() -> ids.decode(idToken, "another"));
  }

  static void print(Verification verification) {
    try {
      System.out.println(verification.run().getClaims().get("sub"));
    } catch (JwtVerificationException refused) {
      var reason = refused.getCause() == null ? refused : refused.getCause();
      System.out.println("refused: " + reason.getMessage().lines().findFirst().get());
    }
  }
}
