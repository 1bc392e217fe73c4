"""FastPass as a document shows it: how the page reaches Okta Verify on the user's computer.

The page first asks every port on which the app may listen. The org has one port, its own: it
answers for the app (`OktaVerifyApp`). Where nobody listens, a link with the app's scheme opens it.

Deviation: a browser on a phone is treated as one on a computer.
"""

from urllib.parse import urlsplit

from mock_okta.idx.ion import Ion, form, obj
from mock_okta.idx.scenes import Scene
from mock_okta.model.factors import FactorKey, PushAnswer
from mock_okta.model.interactions import Screen, Shown

__all__ = [
    "BY_LINK",
    "CANCEL_PATH",
    "CHALLENGE",
    "challenge_of_device",
    "challenge_to_prove",
    "is_asked_on_computer",
    "requests_of",
    "shown_for",
]

CHALLENGE = "authenticatorChallenge"
"""The member of a document with the challenge, where nobody has said yet who they are."""
CANCEL_PATH = "authenticators/poll/cancel"
BY_LINK = "CUSTOM_URI"
"""How the app is reached by a page that found no port of it."""

_DEFAULT_PORTS = {"http": 80, "https": 443}
_SCHEME = "com-okta-authenticator:/deviceChallenge?challengeRequest="
_DOWNLOAD = "https://apps.apple.com/us/app/okta-verify/id490179405"
_REJECTED = Shown(
    key="api.authn.poll.error.push_rejected",
    text="You have chosen to reject this login.",
    kind="ERROR",
)
_TIMED_OUT = Shown(
    key="oktaverify.timeout", text="Your push notification has expired.", kind="ERROR"
)


def is_asked_on_computer(scene: Scene) -> bool:
    """Return whether the user is asked to prove FastPass."""
    return scene.factor is not None and scene.factor.key is FactorKey.SIGNED_NONCE


def shown_for(answer: PushAnswer) -> Shown:
    """Return what the page says of an answer of Okta Verify that ends its request."""
    return _REJECTED if answer is PushAnswer.REJECTED else _TIMED_OUT


def requests_of(scene: Scene) -> tuple[str, ...]:
    """Return the ids of the requests that the transaction waits for."""
    challenge, draft = scene.transaction.challenge, scene.transaction.draft
    alone = () if challenge is None else (challenge.value,)
    return tuple(draft.get("asked", alone))


def challenge_to_prove(scene: Scene) -> Ion:
    """Return the additional members of the authenticator that is challenged, or none."""
    if not is_asked_on_computer(scene):
        return {}
    return {"cancel": _cancel(scene), "contextualData": {"challenge": obj(_challenge(scene))}}


def challenge_of_device(scene: Scene) -> Ion:
    """Return the member of the document where the app says who the user is, or nothing."""
    if scene.screen is not Screen.ASK_DEVICE:
        return {}
    return {CHALLENGE: obj({**_challenge(scene), "cancel": _cancel(scene)})}


def _challenge(scene: Scene) -> Ion:
    asked = ".".join(requests_of(scene))
    if scene.transaction.draft.get("reached_by") == BY_LINK:
        return {
            "challengeMethod": BY_LINK,
            "href": _SCHEME + asked,
            "downloadHref": _DOWNLOAD,
        }
    site = urlsplit(scene.url)
    port = site.port or _DEFAULT_PORTS[site.scheme]
    return {
        "challengeMethod": "LOOPBACK",
        "challengeRequest": asked,
        # Not the host's name from `urlsplit`, which has no brackets around an IPv6 address.
        "domain": f"{site.scheme}://{site.netloc.removesuffix(f':{port}')}",
        "ports": [str(port)],
    }


def _cancel(scene: Scene) -> Ion:
    href = f"{scene.url}/idp/idx/{CANCEL_PATH}"
    return form("cancel-polling", href, scene.transaction.handle)
