"""What keys of a seed are: by `Type.key`, or by `key` in any type.

`Type.key` counts before what the docstring of the type says, `key` only where it says nothing.
"""

from types import MappingProxyType

__all__ = ["DESCRIPTIONS"]

DESCRIPTIONS = MappingProxyType(
    {
        "name": "Its name, as in the admin console.",
        "id": "The id in Okta's API; by default it is derived from the login or name.",
        "groups": "Names of groups that it is for; left out: all users.",
        "users": "Logins of users that it is for. With neither users nor groups it is for all.",
        "clients": "Client ids; left out: all clients.",
        "types": "Types of authenticators, of which one proves the user.",
        "methods": "Methods of authenticators, of which one proves the user.",
        "jwks": "Public keys, as JSON Web Keys.",
        "jwks_uri": "Where the public keys are published.",
        "question": "The question: one of Okta's keys, such as disliked_food.",
        "answer": "The answer to the question.",
        "access": "ALLOW or DENY.",
        "starts_with": "Groups whose names begin with this text.",
        "equals": "The group with this name.",
        "contains": "Groups whose names contain this text.",
        "regex": "Groups whose whole names match this regular expression.",
        "Seed.org": "The org's name, engine and settings.",
        "Seed.users": "The users, each with a password, a status, groups and factors.",
        "Seed.clients": "The apps, in OAuth the clients, with their redirect URIs.",
        "Seed.authorization_servers": "Custom authorization servers: scopes, claims, policies.",
        "Seed.trusted_origins": "Origins whose pages may call the org or get redirects.",
        "Seed.api_tokens": "Tokens for `Authorization: SSWS …`.",
        "Seed.rate_limits": "How many requests a minute are answered; more get 429.",
        "Seed.sign_on_policies": "Who may sign in, who needs a factor, and how long sessions last.",
        "Seed.password_policies": "What passwords need, when users are locked out, recovery.",
        "Seed.registration": "Whether people may register, and what they fill in.",
        "Seed.profile_enrollment": "What users are asked for at a sign-in, if it is missing.",
        "Seed.routing_rules": "Which users sign in at an identity provider.",
        "Seed.enrollment_policies": "Which factors users must or may enrol, in Classic Engine.",
        "Seed.authentication_policies": "What apps ask of users, in the Identity Engine.",
        "Seed.authenticators": (
            "How the org's authenticators are set up; the rest is as Okta has it."
        ),
        "Seed.identity_providers": "Identity providers outside the org, which the org simulates.",
        "Org.id": "The org's id; by default it is derived from the org's first name.",
        "Org.name": "The name of the org, as pages show it.",
        "Org.engine": (
            "What signs users in: classic or identity. It cannot change while the org runs."
        ),
        "Org.session_token_replaces_session": (
            "True: a session token counts even if the browser has a session, which it replaces."
        ),
        "Org.verify_knowledge_second_when_2fa_required": (
            "True: the Identity Engine asks for the password after the other factor."
        ),
        "SeedUser.login": "The name that the user signs in with, usually an e-mail address.",
        "SeedUser.password": (
            "The password, in plain text. A user who is STAGED or PROVISIONED may have none yet."
        ),
        "SeedUser.status": "The status in Okta's Users API, such as ACTIVE or LOCKED_OUT.",
        "SeedUser.profile": "Attributes with Okta's names, such as firstName and department.",
        "SeedUser.groups": "Names of the groups that the user is in; groups are made as needed.",
        "SeedUser.factors": "The factors that the user has enrolled already.",
        "SeedUser.password_age_days": "How many days ago the password was set.",
        "SeedFactor.factor": "The kind, as in Okta's policies, such as google_otp or okta_sms.",
        "SeedFactor.phone_number": "Where the code goes, for okta_sms and okta_call.",
        "SeedFactor.secret": (
            "The key of the one-time passwords, in base32, so that a test can compute them."
        ),
        "SeedFactor.auto_push": "True: the push is sent without asking the user first.",
        "SeedFactor.email": "Where the code goes, for okta_email; by default the user's address.",
        "RecoveryQuestion.question": "The question, as the user reads it.",
        "SeedClient.name": "The application name.",
        "SeedClient.type": "The kind of app: spa, web, native or service.",
        "SeedClient.login_redirect_uris": (
            "Addresses to which a sign-in may redirect, with the code or tokens."
        ),
        "SeedClient.logout_redirect_uris": "Addresses to which a sign-out may redirect.",
        "SeedClient.client_id": "The client id, which is also the app's id.",
        "SeedClient.client_secret": (
            "The secret, for a client that is not public; by default it is derived."
        ),
        "SeedClient.token_endpoint_auth_method": (
            "How the client authenticates: `none` if it is public, else by default "
            "`client_secret_basic`. `private_key_jwt` needs `jwks` or `jwks_uri`."
        ),
        "SeedClient.jwks": "The client's public keys, as JSON Web Keys.",
        "SeedClient.jwks_uri": "Where the client publishes its public keys.",
        "SeedClient.pkce_required": "True: no code without PKCE. Public clients always need it.",
        "SeedClient.logo_uri": "The picture in the consent dialog.",
        "SeedClient.client_uri": "The app's home page, for the consent dialog.",
        "SeedClient.tos_uri": "The terms of service, for the consent dialog.",
        "SeedClient.policy_uri": "The privacy policy, for the consent dialog.",
        "SeedClient.groups_claim": (
            "Which groups the org authorization server names for the scope `groups`."
        ),
        "SeedClient.base_uris": "Origins of the app; they become trusted origins.",
        "SeedClient.consent_method": "REQUIRED asks users for consent; TRUSTED never does.",
        "SeedClient.assigned_users": (
            "Logins of users who may use the app. Without users and groups, everyone may."
        ),
        "SeedClient.assigned_groups": (
            "Names of groups whose users may use the app. Without users and groups, everyone may."
        ),
        "GroupsClaim.name": "The name of the claim.",
        "Hide.web": "True: the user's home page does not show the app.",
        "RefreshTokenSettings.rotation_type": "ROTATE replaces the token at each use.",
        "SeedAuthorizationServer.id": "The id, which is the end of the issuer: /oauth2/{id}.",
        "SeedAuthorizationServer.audiences": (
            "The audience of access tokens: a list of exactly one."
        ),
        "SeedAuthorizationServer.scopes": "Custom scopes; openid, profile and the like exist.",
        "SeedAuthorizationServer.claims": "Custom claims of access tokens and ID tokens.",
        "SeedAuthorizationServer.policies": (
            "Access policies; by default one that allows everything."
        ),
        "Scope.description": "What the consent dialog says about the scope.",
        "Scope.default": "True: a request without scopes gets this one.",
        "Scope.name": "The scope, as in requests.",
        "Scope.display_name": "What the consent dialog calls the scope; by default its name.",
        "Claim.name": "The name of the claim.",
        "Claim.token": "access_token or id_token: which of them has the claim.",
        "Claim.value": "A fixed value, such as text, a number or a list.",
        "Claim.attribute": "The attribute of the user's profile whose value it has.",
        "Claim.groups": "Which of the user's groups it lists.",
        "Claim.scopes": "Only requests for one of these scopes get the claim; left out: all do.",
        "Claim.always_include": ("True: in thin ID tokens too, which come with an access token."),
        "SeedRule.grant_types": "Grant types that the rule applies to; left out: all.",
        "SeedRule.scopes": "Names of the scopes that the rule allows; left out: all.",
        "SeedRule.access_token_lifetime_minutes": "Minutes until access tokens expire.",
        "SeedRule.refresh_token_window_minutes": (
            "Minutes in which a refresh token must be used, or it expires."
        ),
        "AssertionIssuer.issuer": "The `iss` of assertions.",
        "TrustedOrigin.origin": "The origin: scheme, host and port, without a path.",
        "TrustedOrigin.scopes": "What its pages may do: CORS, REDIRECT, IFRAME_EMBED.",
        "TrustedOrigin.allowed_okta_apps": (
            "OKTA_ENDUSER: it may show the home page in a frame, if it has IFRAME_EMBED."
        ),
        "SeedApiToken.token": "The token itself.",
        "SeedApiToken.user": "The login of its owner.",
        "RateLimit.path": "The path that is limited, with all paths below it.",
        "RateLimit.limit": "Requests a minute.",
        "Complexity.min_length": "How many characters a password has at least.",
        "Complexity.min_lower_case": "1: a password needs a lower-case letter; 0: it does not.",
        "Complexity.min_upper_case": "1: a password needs an upper-case letter; 0: it does not.",
        "Complexity.min_number": "1: a password needs a digit; 0: it does not.",
        "Complexity.min_symbol": "1: a password needs a symbol; 0: it does not.",
        "Complexity.exclude_username": "True: no password may contain the login or a part of it.",
        "Complexity.exclude_attributes": "firstName, lastName: no password may contain them.",
        "Age.max_age_days": "Days until a password expires; 0: never.",
        "Age.expire_warn_days": "How many days before that users are warned; 0: never.",
        "Age.min_age_minutes": "How many minutes old a password must be to be changed.",
        "Age.history_count": (
            "How many of the latest passwords, with the current one, may not be used again."
        ),
        "Lockout.max_attempts": "How many wrong passwords in a row lock a user out; 0: never.",
        "Lockout.auto_unlock_minutes": "Minutes until a locked user is let in again; 0: never.",
        "Lockout.show_lockout_failures": (
            "True: users who are locked out see that they are. False: they see the text for a "
            "wrong password."
        ),
        "Recovery.factors": "How users who forgot the password prove who they are.",
        "Recovery.token_lifetime_minutes": "How many minutes an e-mailed link works.",
        "Recovery.password_reset": "Whether users may replace a forgotten password.",
        "Recovery.unlock": "Whether users may unlock themselves.",
        "SeedSignOnRule.require_factor": "Ask for a factor beside the password.",
        "SeedSignOnRule.factor_lifetime_minutes": (
            "How many minutes a remembered device needs no factor."
        ),
        "SeedSignOnRule.remember_device_by_default": (
            "True: devices are remembered without being asked."
        ),
        "SeedSignOnRule.max_session_idle_minutes": "Minutes without use that end a session.",
        "SeedEnrollmentPolicy.required": "Factors that users must enrol, such as okta_sms.",
        "SeedEnrollmentPolicy.optional": "Factors that users may enrol, such as google_otp.",
        "SeedAuthenticationRule.factor_mode": "1FA or 2FA: how many types of factors are needed.",
        "Constraint.knowledge": "What a factor that the user knows must be like.",
        "FactorConstraint.required": "True: such a factor must be proved; False: it only may be.",
        "PossessionConstraint.required": (
            "True: such a factor must be proved; False: it only may be."
        ),
        "AuthenticationMethod.key": "Okta's key of the authenticator, such as okta_verify.",
        "AuthenticationMethod.method": "One of its methods, such as push; left out: any.",
        "PossessionConstraint.reauthenticate_in": (
            "How old the proof may be, as a duration such as PT2H."
        ),
        "PossessionConstraint.device_bound": (
            "REQUIRED or OPTIONAL: the key is bound to the device."
        ),
        "PossessionConstraint.hardware_protection": "REQUIRED or OPTIONAL: the key is in hardware.",
        "PossessionConstraint.phishing_resistant": (
            "REQUIRED or OPTIONAL: the factor resists phishing."
        ),
        "PossessionConstraint.user_presence": "REQUIRED or OPTIONAL: the user has to be there.",
        "PossessionConstraint.user_verification": (
            "REQUIRED or OPTIONAL: a PIN or biometrics is needed."
        ),
        "KeepMeSignedIn.post_auth": "ALLOWED: users are asked at the end of a sign-in.",
        "KeepMeSignedIn.post_auth_prompt_frequency": (
            "How often users are asked, as a duration such as P30D."
        ),
        "SeedAuthenticator.key": "Okta's key of the authenticator, such as okta_email.",
        "SeedAuthenticator.status": "ACTIVE or INACTIVE.",
        "OtpSettings.algorithm": "The hash function of the one-time passwords.",
        "OtpSettings.pass_code_length": "How many digits a one-time password has.",
        "OtpSettings.time_interval_in_seconds": "For how many seconds a one-time password counts.",
        "AuthenticatorSettings.otp": "How the one-time passwords of custom_otp are made.",
        "SeedRegistration.enabled": "Whether people may register.",
        "SeedRegistration.default_groups": "Names of the groups that people are in who registered.",
        "SeedRegistration.fields": "What people fill in, besides e-mail address and password.",
        "RegistrationField.name": "The attribute of the user's profile, such as firstName.",
        "RegistrationField.required": "True: nobody registers without it.",
        "ProfileAttribute.name": "The attribute of the user's profile, such as department.",
        "ProfileAttribute.required": "True: nobody goes on without it.",
        "SeedProfileEnrollment.profile_attributes": "Attributes that users are asked for.",
        "SeedIdentityProvider.type": "The type in Okta's API, such as GOOGLE or OIDC.",
        "SeedIdentityProvider.users": "Who can sign in there; the page lists them.",
        "ExternalUser.email": "The e-mail address at the provider.",
        "ExternalUser.profile": "What else the provider says of the user.",
        "SeedRoutingRule.logins": "Logins that the rule matches; '*' stands for any text.",
    }
)
