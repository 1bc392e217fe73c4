"""For each way to a token, a request that gets one; each brings its own fresh proof."""

from collections.abc import Callable, Mapping

from tests.fuzz.jwts import GOOD
from tests.fuzz.model import basic
from tests.fuzz.person import Person, Request, for_code
from tests.fuzz.registered import (
    ACCESS_TOKEN,
    ASSERTION_TYPE,
    BEARER,
    BOUND_SERVICE,
    BY_KEY,
    BY_SECRET,
    DEVICE,
    EXCHANGE,
    EXCHANGER,
    HOLDER,
    JWT_BEARER,
    TELEVISION,
    TRUSTING,
)
from tests.visiting import (
    APP,
    CHALLENGE,
    CODE_ONLY,
    LOGIN,
    OTHER_WEB,
    PASSWORD,
    SECRET,
    SERVICE,
    SPA,
    WEB,
)

__all__ = ["WAYS"]

_FOR_SERVICE = {"grant_type": "client_credentials", "scope": "messages.read"}


def _public_code(person: Person) -> Request:
    return Request(for_code(SPA, person.code(SPA, CHALLENGE)))


def _browser_code(person: Person) -> Request:
    return Request(for_code(CODE_ONLY, person.code(CODE_ONLY, CHALLENGE)), {"Origin": APP})


def _confidential_code(person: Person) -> Request:
    form = for_code(WEB, person.code(WEB, None), None)
    return Request(form, {"Authorization": basic(WEB, SECRET)})


def _refresh(person: Person) -> Request:
    token = person.tokens(SPA, {}, None)["refresh_token"]
    return Request({"grant_type": "refresh_token", "refresh_token": token, "client_id": SPA})


def _service(_: Person) -> Request:
    return Request({**_FOR_SERVICE, "client_id": SERVICE, "client_secret": SECRET})


def _web_service(_: Person) -> Request:
    return Request(dict(_FOR_SERVICE), {"Authorization": basic(OTHER_WEB, SECRET)})


def _password(_: Person) -> Request:
    user = {"username": LOGIN, "password": PASSWORD, "scope": "openid"}
    return Request({"grant_type": "password", "client_id": TRUSTING, **user})


def _exchange(person: Person) -> Request:
    return Request(
        {
            "grant_type": EXCHANGE,
            "client_id": EXCHANGER,
            "client_secret": SECRET,
            "subject_token": person.tokens(SPA, {}, None)["access_token"],
            "subject_token_type": ACCESS_TOKEN,
            "audience": "api://default",
            "scope": "messages.read",
        }
    )


def _device(person: Person) -> Request:
    device = person.start_device(TELEVISION, "openid offline_access")
    person.decide(device["user_code"], "allow", person.signed_in())
    person.facts.devices[device["device_code"]] = TELEVISION
    return Request(
        {"grant_type": DEVICE, "client_id": TELEVISION, "device_code": device["device_code"]}
    )


def _bearer(person: Person) -> Request:
    return Request(
        {"grant_type": JWT_BEARER, "scope": "openid profile"},
        {"Authorization": basic(BEARER, SECRET)},
        {"assertion": person.user_assertion()},
    )


def _asserted(client_id: str, signer: str) -> Callable[[Person], Request]:
    def made(person: Person) -> Request:
        form = {**_FOR_SERVICE, "client_assertion_type": ASSERTION_TYPE}
        jwts = {"client_assertion": person.client_assertion(client_id, signer)}
        return Request(form, {}, jwts)

    return made


def _asserted_code(person: Person) -> Request:
    form = for_code(BY_KEY, person.code(BY_KEY, CHALLENGE))
    jwts = {"client_assertion": person.client_assertion(BY_KEY, "rsa")}
    return Request({**form, "client_assertion_type": ASSERTION_TYPE}, {}, jwts)


def _bound_service(person: Person) -> Request:
    headers = {"Authorization": basic(BOUND_SERVICE, SECRET)}
    return Request(dict(_FOR_SERVICE), headers, {"DPoP": person.proof()})


def _volunteer(person: Person) -> Request:
    headers = {"Authorization": basic(SERVICE, SECRET)}
    return Request(dict(_FOR_SERVICE), headers, {"DPoP": person.proof("rsa")})


def _bound_code(person: Person) -> Request:
    form = for_code(HOLDER, person.code(HOLDER, CHALLENGE))
    return Request(form, {}, {"DPoP": person.proof()})


def _bound_refresh(person: Person) -> Request:
    _, headers = person.written(Request({}, {}, {"DPoP": person.proof()}), GOOD)
    token = person.tokens(HOLDER, headers, "ec")["refresh_token"]
    form = {"grant_type": "refresh_token", "refresh_token": token, "client_id": HOLDER}
    return Request(form, {}, {"DPoP": person.proof()})


def _everything(person: Person) -> Request:
    request = _asserted_code(person)
    return Request(request.form, {}, {**request.jwts, "DPoP": person.proof()})


WAYS: Mapping[str, Callable[[Person], Request]] = {
    "code of a public client": _public_code,
    "code of a browser": _browser_code,
    "code of a confidential client": _confidential_code,
    "refresh token": _refresh,
    "service": _service,
    "web app as service": _web_service,
    "password": _password,
    "exchange": _exchange,
    "device": _device,
    "JWT bearer": _bearer,
    "client_secret_jwt": _asserted(BY_SECRET, "secret"),
    "private_key_jwt": _asserted(BY_KEY, "rsa"),
    "private_key_jwt of another kind": _asserted(BY_KEY, "ec"),
    "code with private_key_jwt": _asserted_code,
    "bound service": _bound_service,
    "service that binds unasked": _volunteer,
    "bound code": _bound_code,
    "bound refresh token": _bound_refresh,
    "code with private_key_jwt and DPoP": _everything,
}
