"""How each remediation is left: by success, by refusal and by going back."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from mock_okta.idx.remediations.activation import RequestActivationEmail
from mock_okta.idx.remediations.autofill import ChallengeWebauthnAutofill
from mock_okta.idx.remediations.challenge_authenticator import ChallengeAuthenticator
from mock_okta.idx.remediations.choosing import (
    AuthenticatorVerificationData,
    SelectAuthenticatorAuthenticate,
)
from mock_okta.idx.remediations.consent import Consent, GranularConsent
from mock_okta.idx.remediations.device import UserCode
from mock_okta.idx.remediations.email_consent import EmailChallengeConsent
from mock_okta.idx.remediations.enroll_authenticator import EnrollAuthenticator, EnrollPoll
from mock_okta.idx.remediations.enrolling import (
    AuthenticatorEnrollmentData,
    EnrollmentChannelData,
    ResendEnrolment,
    SelectAuthenticatorEnroll,
    SelectEnrollmentChannel,
)
from mock_okta.idx.remediations.fast_pass import (
    CancelPolling,
    DeviceChallengePoll,
    LaunchAuthenticator,
)
from mock_okta.idx.remediations.identify import Identify
from mock_okta.idx.remediations.navigation import Cancel, Skip
from mock_okta.idx.remediations.passwords import (
    ReenrollAuthenticator,
    ReenrollAuthenticatorWarning,
    ResetAuthenticator,
)
from mock_okta.idx.remediations.polling import ChallengePoll, Poll, Resend, ResendPush
from mock_okta.idx.remediations.profile import ProfileUpdate
from mock_okta.idx.remediations.recovery import (
    IdentifyRecovery,
    Recover,
    SelectAuthenticatorUnlockAccount,
    UnlockAccount,
    UnlockIdentify,
)
from mock_okta.idx.remediations.redirect_idp import RedirectIdp
from mock_okta.idx.remediations.registration import (
    EnrollProfile,
    SelectEnrollProfile,
    SelectIdentify,
)
from mock_okta.idx.remediations.remediation import Remediation
from mock_okta.idx.remediations.staying import KeepMeSignedIn
from mock_okta.model.authenticators import authenticator_id
from tests.authn.security_keys import SecurityKey
from tests.idx.enrolling import Enrolling
from tests.idx.following import Document
from tests.idx.passkeys import NAME as PASSKEY
from tests.idx.passkeys import handle_of, signed, with_passkey
from tests.idx.sample_screens import (
    EMAIL,
    PUSH,
    SCREENS,
    Reach,
    challenged,
    completing_profile,
    enrolled,
    identify,
    launched,
    put,
    registering,
    rejected,
    resetting,
    sent,
    with_fast_pass,
)
from tests.oauth.devices import GRANT, TV, start
from tests.visiting import APP, LOGIN, PASSWORD

__all__ = ["WAYS_OUT", "Ways"]

Act = Callable[[Enrolling], Awaitable[Document]]
NEW_PASSWORD, WEAK, WRONG_CODE = "Other-Pass-2", "short", "000000"
PROFILE = {"firstName": "New", "lastName": "User", "email": "new@example.com"}
NO_AUTHENTICATOR = {"id": "aut-of-nobody"}


@dataclass(frozen=True, kw_only=True)
class Ways:
    """How a remediation is reached and left.

    `leads_to`: the first form after the success, `""` if the transaction is over then.
    `goes_back_to`: the first form after going back.
    """

    reach: Reach
    succeeds: Act
    leads_to: str
    is_refused: Act
    goes_back: Act
    goes_back_to: str = "identify"


def take(name: str, **values: Any) -> Act:
    """Fill the form in so."""

    async def act(enrolling: Enrolling) -> Document:
        return await enrolling.take(name, **values)

    return act


def then(*acts: Act) -> Act:
    """One act after the other."""

    async def act(enrolling: Enrolling) -> Document:
        for each in acts:
            document = await each(enrolling)
        return document

    return act


def choose(key: str) -> Act:
    """Choose an authenticator from the list."""

    async def act(enrolling: Enrolling) -> Document:
        return await enrolling.choose(key)

    return act


def too_late(name: str) -> Act:
    """Take the form when the transaction has expired."""

    async def act(enrolling: Enrolling) -> Document:
        enrolling.visitor.org.clock.advance(timedelta(hours=2))
        return await enrolling.take(name)

    return act


def after(seconds: int, act: Act) -> Act:
    """Act after a while."""

    async def later(enrolling: Enrolling) -> Document:
        enrolling.visitor.org.clock.advance(timedelta(seconds=seconds))
        return await act(enrolling)

    return later


def sign_in(password: str = PASSWORD) -> Act:
    """Sign in on the first screen."""

    async def act(enrolling: Enrolling) -> Document:
        return await enrolling.sign_in(LOGIN, password)

    return act


def with_code(name: str) -> Act:
    """Give the passcode that was sent last."""

    async def act(enrolling: Enrolling) -> Document:
        code = await enrolling.passcode()
        return await enrolling.take(name, credentials={"passcode": code})

    return act


def pushed(answer: str, name: str) -> Act:
    """Answer the push on the user's device; then ask for it."""

    async def act(enrolling: Enrolling) -> Document:
        pushes = (await enrolling.visitor.ask("GET", "/_mock/push")).json()["pushes"]
        path = f"/_mock/push/{pushes[-1]['id']}"
        await enrolling.visitor.ask("POST", path, json={"answer": answer})
        return await enrolling.take(name)

    return act


async def link_opened(enrolling: Enrolling) -> Document:
    """Open the link of the e-mail in another tab."""
    messages = (await enrolling.visitor.ask("GET", "/_mock/outbox")).json()["messages"]
    await enrolling.visitor.ask("GET", messages[-1]["link"])
    return await enrolling.take("poll")


async def looked_again(enrolling: Enrolling) -> Document:
    """Load the page again."""
    return await enrolling.introspect(stateHandle=enrolling.document.body["stateHandle"])


async def provider(enrolling: Enrolling) -> Document:
    """Sign in at the identity provider, which leads back to the app with a code."""
    visitor = enrolling.visitor
    left = await visitor.ask("GET", enrolling.document.form("redirect-idp")["href"])
    shown = await visitor.ask("GET", left.location)
    fields = {**shown.form.fields, "email": LOGIN}
    back = await visitor.ask("POST", shown.form.action, data=fields)
    assert "interaction_code=" in (await visitor.ask("GET", back.location)).location
    return Document(200, {})


async def provider_left(enrolling: Enrolling) -> Document:
    """Come back from the identity provider without having signed in there."""
    left = await enrolling.visitor.ask("GET", enrolling.document.form("redirect-idp")["href"])
    await enrolling.visitor.ask("GET", left.location)
    return await looked_again(enrolling)


async def provider_posted(enrolling: Enrolling) -> Document:
    """Post what is a link to follow."""
    handle = {"stateHandle": enrolling.document.body["stateHandle"]}
    return await enrolling.post("/idp/idx/redirect-idp", handle)


async def activating(enrolling: Enrolling) -> None:
    tv = {"name": "TV", "type": "native", "client_id": TV, "grant_types": [GRANT]}
    await put(enrolling, clients=[tv])
    await SCREENS["device-code-activate"](enrolling)


async def code_of_device(enrolling: Enrolling) -> Document:
    device = await start(enrolling.visitor, {"client_id": TV})
    return await enrolling.take("user-code", userCode=device["user_code"])


async def required_profile(enrolling: Enrolling) -> Document:
    """Skip what the org requires by now."""
    asked = [{"name": "department", "required": True}]
    await put(enrolling, profile_enrollment={"profile_attributes": asked})
    return await enrolling.take("skip")


async def late_activation(enrolling: Enrolling) -> None:
    user = {"login": LOGIN, "status": "STAGED", "profile": {"email": LOGIN}}
    await put(enrolling, users=[user])
    await enrolling.visitor.ask("POST", f"/_mock/users/{LOGIN}/lifecycle/activate")
    messages = (await enrolling.visitor.ask("GET", "/_mock/outbox")).json()["messages"]
    enrolling.visitor.org.clock.advance(timedelta(days=8))
    place = (await enrolling.visitor.ask("GET", messages[-1]["link"])).location
    token = place.rpartition("/signin/refresh-auth-state/")[2].partition("?")[0]
    await enrolling.introspect(stateToken=token)


def twice(name: str) -> Act:
    """Take the form of a document that was left by it before."""

    async def act(enrolling: Enrolling) -> Document:
        before = enrolling.document
        await enrolling.take(name)
        enrolling.seen.append(before)
        return await enrolling.take(name)

    return act


def by_channel(channel: str) -> Act:
    chosen = {"id": authenticator_id("okta_verify"), "channel": channel}
    return take("select-enrollment-channel", authenticator=chosen)


def of_phone(number: str) -> Act:
    phone = {"id": authenticator_id("phone_number"), "methodType": "sms", "phoneNumber": number}
    return take("authenticator-enrollment-data", authenticator=phone)


def passwords(name: str, reach: Reach) -> Ways:
    """The ways of a form for a new password."""
    return Ways(
        reach=reach,
        succeeds=take(name, credentials={"passcode": NEW_PASSWORD}),
        leads_to="",
        is_refused=take(name, credentials={"passcode": WEAK}),
        goes_back=take("cancel"),
    )


def consents(name: str, *, goes_back: Act, goes_back_to: str, sample: str) -> Ways:
    """The ways of a question."""
    return Ways(
        reach=SCREENS[sample],
        succeeds=take(name, consent=True),
        leads_to="",
        is_refused=take(name),
        goes_back=goes_back,
        goes_back_to=goes_back_to,
    )


def email_method(method: str) -> Act:
    chosen = {"id": authenticator_id("okta_email"), "methodType": method}
    return take("authenticator-verification-data", authenticator=chosen)


def unlocked_by(authenticator: Mapping[str, str]) -> Act:
    name = "select-authenticator-unlock-account"
    return take(name, identifier=LOGIN, authenticator=authenticator)


def passkeys() -> Ways:
    """The ways of a passkey that the browser offers."""
    key = SecurityKey(APP)

    async def reach(enrolling: Enrolling) -> None:
        await with_passkey(enrolling, key)

    async def signs(enrolling: Enrolling) -> Document:
        return await enrolling.take(PASSKEY, credentials=signed(enrolling.document, key))

    return Ways(
        reach=reach,
        succeeds=signs,
        leads_to="",
        is_refused=take(PASSKEY, credentials={"userHandle": handle_of()}),
        goes_back=take("cancel"),
    )


WAYS_OUT: Mapping[type[Remediation], Ways] = MappingProxyType(
    {
        Identify: Ways(
            reach=identify,
            succeeds=sign_in(),
            leads_to="",
            is_refused=sign_in("wrong"),
            goes_back=take("cancel"),
        ),
        ChallengeWebauthnAutofill: passkeys(),
        LaunchAuthenticator: Ways(
            reach=with_fast_pass,
            succeeds=take("launch-authenticator"),
            leads_to="device-challenge-poll",
            is_refused=too_late("launch-authenticator"),
            goes_back=then(take("launch-authenticator"), take("cancel-polling")),
        ),
        DeviceChallengePoll: Ways(
            reach=launched,
            succeeds=pushed("approve", "device-challenge-poll"),
            leads_to="",
            is_refused=pushed("deny", "device-challenge-poll"),
            goes_back=take("cancel"),
        ),
        CancelPolling: Ways(
            reach=launched,
            succeeds=take("cancel-polling", reason="OV_UNREACHABLE_BY_LOOPBACK"),
            leads_to="device-challenge-poll",
            is_refused=too_late("cancel-polling"),
            goes_back=take("cancel-polling", reason="USER_CANCELED"),
        ),
        SelectEnrollProfile: Ways(
            reach=identify,
            succeeds=take("select-enroll-profile"),
            leads_to="enroll-profile",
            is_refused=too_late("select-enroll-profile"),
            goes_back=then(take("select-enroll-profile"), take("select-identify")),
        ),
        UnlockAccount: Ways(
            reach=identify,
            succeeds=take("unlock-account"),
            leads_to="select-authenticator-unlock-account",
            is_refused=too_late("unlock-account"),
            goes_back=then(take("unlock-account"), take("cancel")),
        ),
        RedirectIdp: Ways(
            reach=SCREENS["identify-with-third-party-idps"],
            succeeds=provider,
            leads_to="",
            is_refused=provider_posted,
            goes_back=provider_left,
        ),
        Recover: Ways(
            reach=identify,
            succeeds=take("recover"),
            leads_to="identify-recovery",
            is_refused=too_late("recover"),
            goes_back=then(take("recover"), take("cancel")),
        ),
        Cancel: Ways(
            reach=challenged("google_otp"),
            succeeds=take("cancel"),
            leads_to="identify",
            is_refused=too_late("cancel"),
            goes_back=then(take("cancel"), sign_in()),
            goes_back_to="select-authenticator-authenticate",
        ),
        UserCode: Ways(
            reach=activating,
            succeeds=code_of_device,
            leads_to="identify",
            is_refused=take("user-code", userCode="WRONGCOD"),
            goes_back=then(code_of_device, take("cancel")),
            goes_back_to="user-code",
        ),
        IdentifyRecovery: Ways(
            reach=SCREENS["identify-recovery"],
            succeeds=take("identify-recovery", identifier=LOGIN),
            leads_to="select-authenticator-authenticate",
            is_refused=take("identify-recovery", identifier=""),
            goes_back=take("cancel"),
        ),
        UnlockIdentify: Ways(
            reach=SCREENS["user-unlock-account-identifier-first"],
            succeeds=take("unlock-account", identifier=LOGIN),
            leads_to="select-authenticator-unlock-account",
            is_refused=take("unlock-account", identifier=""),
            goes_back=then(take("unlock-account", identifier=LOGIN), take("cancel")),
        ),
        SelectAuthenticatorUnlockAccount: Ways(
            reach=SCREENS["user-unlock-account"],
            succeeds=unlocked_by({"id": authenticator_id("okta_email")}),
            leads_to="challenge-authenticator",
            is_refused=unlocked_by(NO_AUTHENTICATOR),
            goes_back=take("cancel"),
        ),
        EnrollProfile: Ways(
            reach=registering,
            succeeds=take(
                "enroll-profile", userProfile=PROFILE, credentials={"passcode": PASSWORD}
            ),
            leads_to="",
            is_refused=take("enroll-profile", userProfile=PROFILE | {"email": LOGIN}),
            goes_back=take("select-identify"),
        ),
        SelectIdentify: Ways(
            reach=registering,
            succeeds=take("select-identify"),
            leads_to="identify",
            is_refused=too_late("select-identify"),
            goes_back=then(take("select-identify"), take("select-enroll-profile")),
            goes_back_to="enroll-profile",
        ),
        ProfileUpdate: Ways(
            reach=completing_profile,
            succeeds=take("profile-update", userProfile={"secondEmail": "second@example.com"}),
            leads_to="",
            is_refused=take("profile-update", userProfile={"secondEmail": ["none"]}),
            goes_back=take("cancel"),
        ),
        Skip: Ways(
            reach=completing_profile,
            succeeds=take("skip"),
            leads_to="",
            is_refused=required_profile,
            goes_back=take("cancel"),
        ),
        KeepMeSignedIn: Ways(
            reach=SCREENS["post-auth-keep-me-signed-in"],
            succeeds=take("keep-me-signed-in", keepMeSignedIn=True),
            leads_to="",
            is_refused=too_late("keep-me-signed-in"),
            goes_back=take("cancel"),
        ),
        Consent: consents(
            "consent", goes_back=take("cancel"), goes_back_to="identify", sample="consent-enduser"
        ),
        GranularConsent: consents(
            "granular-consent",
            goes_back=take("cancel"),
            goes_back_to="identify",
            sample="consent-granular",
        ),
        EmailChallengeConsent: consents(
            "email-challenge-consent",
            goes_back=looked_again,
            goes_back_to="email-challenge-consent",
            sample="email-challenge-consent",
        ),
        ReenrollAuthenticator: passwords(
            "reenroll-authenticator", SCREENS["authenticator-expired-password"]
        ),
        ReenrollAuthenticatorWarning: passwords(
            "reenroll-authenticator-warning", SCREENS["authenticator-expiry-warning-password"]
        ),
        ResetAuthenticator: passwords("reset-authenticator", resetting),
        SelectAuthenticatorAuthenticate: Ways(
            reach=SCREENS["authenticator-verification-select-authenticator"],
            succeeds=choose("google_otp"),
            leads_to="challenge-authenticator",
            is_refused=take("select-authenticator-authenticate", authenticator=NO_AUTHENTICATOR),
            goes_back=take("cancel"),
        ),
        AuthenticatorVerificationData: Ways(
            reach=challenged("okta_email"),
            succeeds=email_method("email"),
            leads_to="challenge-authenticator",
            is_refused=email_method("sms"),
            goes_back=take("cancel"),
        ),
        ChallengeAuthenticator: Ways(
            reach=sent("okta_email", "email"),
            succeeds=with_code("challenge-authenticator"),
            leads_to="",
            is_refused=take("challenge-authenticator", credentials={"passcode": WRONG_CODE}),
            goes_back=choose("google_otp"),
            goes_back_to="challenge-authenticator",
        ),
        ChallengePoll: Ways(
            reach=sent("okta_verify", "push", PUSH),
            succeeds=pushed("approve", "challenge-poll"),
            leads_to="",
            is_refused=pushed("deny", "challenge-poll"),
            goes_back=choose("google_otp"),
            goes_back_to="challenge-authenticator",
        ),
        ResendPush: Ways(
            reach=rejected,
            succeeds=take("resend"),
            leads_to="challenge-poll",
            is_refused=too_late("resend"),
            goes_back=take("cancel"),
        ),
        Resend: Ways(
            reach=sent("okta_email", "email"),
            succeeds=after(30, take("resend")),
            leads_to="challenge-authenticator",
            is_refused=take("resend"),
            goes_back=after(30, then(take("resend"), take("cancel"))),
        ),
        Poll: Ways(
            reach=sent("okta_email", "email", EMAIL),
            succeeds=link_opened,
            leads_to="",
            is_refused=too_late("poll"),
            goes_back=then(take("poll"), take("cancel")),
        ),
        RequestActivationEmail: Ways(
            reach=late_activation,
            succeeds=take("request-activation-email"),
            leads_to="",
            is_refused=twice("request-activation-email"),
            goes_back=take("cancel"),
        ),
        SelectAuthenticatorEnroll: Ways(
            reach=SCREENS["authenticator-enroll-select-authenticator"],
            succeeds=choose("google_otp"),
            leads_to="enroll-authenticator",
            is_refused=take("select-authenticator-enroll", authenticator=NO_AUTHENTICATOR),
            goes_back=take("cancel"),
        ),
        AuthenticatorEnrollmentData: Ways(
            reach=enrolled("phone_number"),
            succeeds=of_phone("+14155556688"),
            leads_to="enroll-authenticator",
            is_refused=of_phone("1"),
            goes_back=choose("google_otp"),
            goes_back_to="enroll-authenticator",
        ),
        SelectEnrollmentChannel: Ways(
            reach=enrolled("okta_verify"),
            succeeds=by_channel("email"),
            leads_to="enrollment-channel-data",
            is_refused=by_channel("fax"),
            goes_back=then(by_channel("email"), by_channel("qrcode")),
            goes_back_to="enroll-poll",
        ),
        EnrollmentChannelData: Ways(
            reach=enrolled("okta_verify", channel="email"),
            succeeds=take("enrollment-channel-data", email=LOGIN),
            leads_to="enroll-poll",
            is_refused=take("enrollment-channel-data", email="nobody"),
            goes_back=by_channel("qrcode"),
            goes_back_to="enroll-poll",
        ),
        EnrollAuthenticator: Ways(
            reach=enrolled("okta_email"),
            succeeds=with_code("enroll-authenticator"),
            leads_to="select-authenticator-enroll",
            is_refused=take("enroll-authenticator", credentials={"passcode": WRONG_CODE}),
            goes_back=choose("google_otp"),
            goes_back_to="enroll-authenticator",
        ),
        EnrollPoll: Ways(
            reach=enrolled("okta_verify"),
            succeeds=pushed("approve", "enroll-poll"),
            leads_to="select-authenticator-enroll",
            is_refused=too_late("enroll-poll"),
            goes_back=take("cancel"),
        ),
        ResendEnrolment: Ways(
            reach=enrolled("okta_email"),
            succeeds=after(30, take("resend")),
            leads_to="enroll-authenticator",
            is_refused=take("resend"),
            goes_back=after(30, then(take("resend"), choose("google_otp"))),
            goes_back_to="enroll-authenticator",
        ),
    }
)
"""Every remediation that a screen offers."""
