"""HTTPS for tests: the org's own CA, and short-lived certificates signed by it."""

import os
import ssl
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Self

from mock_okta.clock import Clock

if TYPE_CHECKING:
    from trustme import CA

__all__ = ["Authority", "AuthorityError", "Leaf", "certificate_path"]

ALWAYS = ("localhost", "127.0.0.1", "::1")
# Browsers refuse certificates that are valid for long (CA/Browser Forum: 398 days; soon far less).
LIFETIME = timedelta(days=90)
# For clients whose clock is behind, such as in a container or a virtual machine.
BACKDATED = timedelta(days=1)
FOLDER = "tls"
CERTIFICATE_FILE = "ca.pem"
KEY_FILE = "ca-key.pem"


class AuthorityError(Exception):
    """The CA could not be read or written, or a name cannot be in a certificate."""


def certificate_path(directory: Path) -> Path:
    """Return the path of the CA's certificate for `Authority.load_or_create(directory)`."""
    return directory / FOLDER / CERTIFICATE_FILE


@dataclass(frozen=True)
class Leaf:
    """A server certificate with its key, both PEM."""

    certificate_chain_pem: bytes
    private_key_pem: bytes = field(repr=False)

    def server_context(self) -> ssl.SSLContext:
        """Return a context that presents this leaf, for HTTP/1.1."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.set_alpn_protocols(["http/1.1"])
        # The ssl module reads certificates only from files; only the user can read the directory.
        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory, "leaf.pem")
            path.write_bytes(self.private_key_pem + self.certificate_chain_pem)
            context.load_cert_chain(path)
        return context


@dataclass(frozen=True)
class Authority:
    """A certificate authority; clients that trust `certificate_pem` trust every leaf it issues."""

    _ca: "CA" = field(repr=False)

    @classmethod
    def generate(cls) -> Self:
        """Make a new CA, in memory."""
        from trustme import CA  # noqa: PLC0415 -- lazy

        # The unit is random text, so that two of our CAs never have one name in a trust store.
        return cls(CA(organization_name="mock_okta CA", path_length=0))

    @classmethod
    def load_or_create(cls, directory: Path) -> Self:
        """Return the CA in `directory`; the first time, create it there.

        Several processes can start at once: all of them get the same CA. Raises AuthorityError if
        it cannot be read, is incomplete, or cannot be written.
        """
        folder = directory / FOLDER
        try:
            if not _is_kept_in(folder):
                cls.generate().keep(folder)
            return cls._load(folder)
        except OSError as error:
            raise AuthorityError(f"The CA in {folder} cannot be used: {error}.") from error

    @classmethod
    def _load(cls, folder: Path) -> Self:
        from trustme import CA  # noqa: PLC0415 -- lazy

        certificate = _content(folder / CERTIFICATE_FILE)
        key = _content(folder / KEY_FILE)
        _belong_together(certificate, key, folder)
        return cls(CA.from_pem(certificate, key))

    def keep(self, folder: Path) -> None:
        """Write certificate and key to `folder` in one step, unless another process has."""
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{FOLDER}-", dir=folder.parent) as work:
            made = Path(work, FOLDER)
            made.mkdir()
            (made / CERTIFICATE_FILE).write_bytes(self.certificate_pem)
            key = os.open(made / KEY_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(key, "wb") as file:
                file.write(self._ca.private_key_pem.bytes())
            try:
                made.rename(folder)
            except OSError:
                if not _is_kept_in(
                    folder
                ):  # otherwise another process was faster, and its CA is used
                    raise

    @property
    def certificate_pem(self) -> bytes:
        """The CA's certificate, for a client's trust store."""
        return self._ca.cert_pem.bytes()

    def issue(self, names: Sequence[str] = ()) -> Leaf:
        """Issue a leaf for localhost, 127.0.0.1, ::1 and `names` (host names, IP addresses).

        It is valid for 90 days of real time: browsers use the machine's clock, not the org's.
        """
        now = Clock().now()
        try:
            issued = self._ca.issue_cert(
                *dict.fromkeys((*ALWAYS, *names)),
                organization_name="mock_okta",
                not_before=now - BACKDATED,
                not_after=now + LIFETIME,
            )
        except ValueError as error:
            raise AuthorityError(f"No certificate for {', '.join(names)}: {error}.") from error
        chain = b"".join(pem.bytes() for pem in issued.cert_chain_pems)
        return Leaf(chain, issued.private_key_pem.bytes())


def _is_kept_in(folder: Path) -> bool:
    return folder.is_dir() and any(folder.iterdir())


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise AuthorityError(
            f"The CA in {path.parent} is incomplete, {path.name} is missing: "
            "put it back, or remove the directory to get a new CA."
        ) from error


def _belong_together(certificate: bytes, key: bytes, folder: Path) -> None:
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415 -- lazy
        load_pem_private_key,
    )
    from cryptography.x509 import load_pem_x509_certificate  # noqa: PLC0415 -- lazy

    try:
        certified = load_pem_x509_certificate(certificate).public_key()
        matches = certified == load_pem_private_key(key, password=None).public_key()
    except (ValueError, TypeError) as error:
        raise AuthorityError(
            f"The CA in {folder} cannot be read ({error}): "
            "restore it, or remove the directory to get a new CA."
        ) from error
    if not matches:
        raise AuthorityError(
            f"The key in {folder} does not belong to the certificate beside it: "
            "restore them, or remove the directory to get a new CA."
        )
