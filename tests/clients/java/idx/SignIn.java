import com.okta.idx.sdk.api.client.IDXAuthenticationWrapper;
import com.okta.idx.sdk.api.client.ProceedContext;
import com.okta.idx.sdk.api.model.AuthenticationOptions;
import com.okta.idx.sdk.api.model.UserProfile;
import com.okta.idx.sdk.api.model.VerifyAuthenticatorOptions;
import com.okta.idx.sdk.api.response.AuthenticationResponse;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Walks the flows of a server-side app; prints where each step led, or what was wrong. */
class SignIn {
  static final String PASSWORD = "mock-Password-1", NEW_PASSWORD = "another-Password-2";
  static final String ISSUER = System.getenv("OKTA_OAUTH2_ISSUER");
  static IDXAuthenticationWrapper app;

  public static void main(String[] arguments) throws Exception {
    app =
        new IDXAuthenticationWrapper(
            ISSUER,
            System.getenv("OKTA_OAUTH2_CLIENT_ID"),
            System.getenv("OKTA_OAUTH2_CLIENT_SECRET"),
            Set.of("openid", "profile", "email", "offline_access"),
            arguments[0]);
    password();
    email();
    recovery();
    registration();
  }

  static void password() {
    var begun = app.begin();
    var wrong = app.authenticate(options("tester@example.com", "wrong"), context(begun));
    tell("wrong password", wrong);
    tell("password", signIn("tester@example.com", PASSWORD));
    var cancelled = context(app.cancel(context(app.begin())));
    tell("cancelled", app.authenticate(options("tester@example.com", PASSWORD), cancelled));
  }

  static void email() throws Exception {
    var asked = signIn("email@example.com", PASSWORD);
    tell("second factor", asked);
    var factor = asked.getAuthenticators().get(0).getFactors().get(0);
    var sent = app.selectFactor(context(asked), factor);
    tell("email sent", sent);
    tell("wrong code", verify(sent, "000000"));
    tell("email", verify(sent, passcode("email@example.com")));
  }

  static void recovery() throws Exception {
    var login = "forgetful@example.com";
    var asked = app.recoverPassword(login, context(app.begin()));
    tell("recovery", asked);
    var factor = asked.getAuthenticators().get(0).getFactors().get(0);
    var sent = app.selectFactor(context(asked), factor);
    tell("recovery sent", sent);
    var reset = verify(sent, passcode(login));
    tell("reset", reset);
    tell("weak password", verify(reset, "short"));
    tell("recovered", verify(reset, NEW_PASSWORD));
    tell("new password", signIn(login, NEW_PASSWORD));
  }

  /** By the profile alone, as an app does that shows the form: what is to be enrolled is listed. */
  static void registration() throws Exception {
    var login = "registered@example.com";
    var profile = new UserProfile();
    profile.addAttribute("firstName", "New");
    profile.addAttribute("lastName", "User");
    profile.addAttribute("email", "tester@example.com");
    var form = app.fetchSignUpFormValues(context(app.begin()));
    tell("taken address", app.register(context(form), profile));
    profile.addAttribute("email", login);
    var listed = app.register(context(form), profile);
    tell("registered", listed);
    System.out.printf("to enrol|%s||%n", labels(listed));
    var asked = app.enrollAuthenticator(context(listed), id(listed, "password"));
    tell("password asked", asked);
    tell("weak first password", verify(asked, "short"));
    listed = verify(asked, PASSWORD);
    System.out.printf("left to enrol|%s||%n", labels(listed));
    asked = app.enrollAuthenticator(context(listed), id(listed, "email"));
    tell("address asked", asked);
    tell("enrolled", verify(asked, passcode(login)));
    tell("first password", signIn(login, PASSWORD));
  }

  static String labels(AuthenticationResponse response) {
    return response.getAuthenticators().stream()
        .map(each -> each.getLabel())
        .collect(Collectors.joining(", "));
  }

  static String id(AuthenticationResponse response, String type) {
    return response.getAuthenticators().stream()
        .filter(each -> each.getType().equals(type))
        .findFirst()
        .orElseThrow()
        .getId();
  }

  static AuthenticationResponse signIn(String login, String password) {
    return app.authenticate(options(login, password), context(app.begin()));
  }

  static AuthenticationResponse verify(AuthenticationResponse at, String code) {
    return app.verifyAuthenticator(context(at), new VerifyAuthenticatorOptions(code));
  }

  static AuthenticationOptions options(String login, String password) {
    return new AuthenticationOptions(login, password.toCharArray());
  }

  static ProceedContext context(AuthenticationResponse response) {
    return response.getProceedContext();
  }

  static void tell(String step, AuthenticationResponse response) {
    var token = response.getTokenResponse();
    var idToken = token == null ? "" : token.getIdToken();
    var errors = String.join(" ", response.getErrors());
    System.out.printf(
        "%s|%s|%s|%s%n", step, response.getAuthenticationStatus(), errors, idToken);
  }

  /** The passcode that was sent last to that address. */
  static String passcode(String to) throws Exception {
    var outbox = URI.create(ISSUER).resolve("/_mock/outbox");
    var request = HttpRequest.newBuilder(outbox).build();
    var body = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
    var found = Pattern.compile("\"to\":\\s*\"" + to + "\".*?\"passcode\":\\s*\"(\\d+)\"").matcher(body);
    var last = "";
    while (found.find()) {
      last = found.group(1);
    }
    return last;
  }
}
