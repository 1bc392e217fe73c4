"""Checks what security keys sign (WebAuthn 7), by the package `webauthn`.

That package is slow to import, and few orgs need it: this module is imported at its first use.
"""

from msgspec import Struct
from webauthn import verify_authentication_response, verify_registration_response
from webauthn.helpers import (
    bytes_to_base64url,
    parse_attestation_object,
    parse_authenticator_data,
)
from webauthn.helpers.structs import (
    AuthenticationCredential,
    AuthenticatorAssertionResponse,
    AuthenticatorAttestationResponse,
    RegistrationCredential,
)

from mock_okta.model.failures import WrongPasscode

__all__ = [
    "Attested",
    "Expected",
    "Signed",
    "asserted",
    "is_attested_so",
    "is_user_verified",
    "registered",
]

_REFUSAL = "Your security key could not be verified. Please try again."


class Expected(Struct, frozen=True, kw_only=True):
    """What has to be signed: this challenge, on a page of this origin.

    `verifies_user`: the key has to find out who holds it.
    """

    challenge: bytes
    origin: str
    host: str
    verifies_user: bool = False


class Attested(Struct, frozen=True, kw_only=True):
    """A credential that a key made; `count`: how often the key has signed."""

    credential_id: bytes
    public_key: bytes
    count: int


class Signed(Struct, frozen=True, kw_only=True):
    """What a key signed with a credential."""

    credential_id: bytes
    client_data: bytes
    authenticator_data: bytes
    signature: bytes


def registered(expected: Expected, client_data: bytes, attestation: bytes) -> Attested:
    """Return the new credential (WebAuthn 7.1); raise WrongPasscode."""
    try:
        verified = verify_registration_response(
            credential=_registration(client_data, attestation),
            expected_challenge=expected.challenge,
            expected_rp_id=expected.host,
            expected_origin=expected.origin,
            require_user_verification=expected.verifies_user,
        )
    except Exception as error:  # whatever a client's bytes cause, they are no proof
        raise WrongPasscode(_REFUSAL) from error
    return Attested(
        credential_id=verified.credential_id,
        public_key=verified.credential_public_key,
        count=verified.sign_count,
    )


def asserted(expected: Expected, signed: Signed, public_key: bytes, count: int) -> int:
    """Return the key's new signature count (WebAuthn 7.2); raise WrongPasscode."""
    try:
        verified = verify_authentication_response(
            credential=_authentication(signed),
            expected_challenge=expected.challenge,
            expected_rp_id=expected.host,
            expected_origin=expected.origin,
            credential_public_key=public_key,
            credential_current_sign_count=count,
            require_user_verification=expected.verifies_user,
        )
    except Exception as error:  # as above; a count that did not grow is one reason
        raise WrongPasscode(_REFUSAL) from error
    return verified.new_sign_count


def is_user_verified(authenticator_data: bytes) -> bool:
    """Return the flag UV of what a key signed (WebAuthn 6.1)."""
    return parse_authenticator_data(authenticator_data).flags.uv


def is_attested_so(attestation: bytes) -> bool:
    """Return the flag UV of a new credential's attestation."""
    return parse_attestation_object(attestation).auth_data.flags.uv


def _registration(client_data: bytes, attestation: bytes) -> RegistrationCredential:
    """Return the response with the credential's id, which clients of Classic Engine leave out."""
    attested = parse_attestation_object(attestation).auth_data.attested_credential_data
    raw_id = b"" if attested is None else attested.credential_id
    return RegistrationCredential(
        id=bytes_to_base64url(raw_id),
        raw_id=raw_id,
        response=AuthenticatorAttestationResponse(
            client_data_json=client_data, attestation_object=attestation
        ),
    )


def _authentication(signed: Signed) -> AuthenticationCredential:
    return AuthenticationCredential(
        id=bytes_to_base64url(signed.credential_id),
        raw_id=signed.credential_id,
        response=AuthenticatorAssertionResponse(
            client_data_json=signed.client_data,
            authenticator_data=signed.authenticator_data,
            signature=signed.signature,
        ),
    )
