"""The org's CA and its leaves, in real handshakes over loopback."""

import socket
import ssl
import stat
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509

from mock_okta.process.tls import Authority, AuthorityError, certificate_path


def client_trusting(certificate_pem: bytes) -> ssl.SSLContext:
    context = ssl.create_default_context(cadata=certificate_pem.decode())
    context.verify_flags |= ssl.VERIFY_X509_STRICT  # the default from Python 3.13
    return context


def greeting_over_tls(server: ssl.SSLContext, client: ssl.SSLContext, name: str) -> bytes:
    """Serve one connection on loopback, connect to it as `name`, return what it says."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                try:
                    with server.wrap_socket(connection, server_side=True) as secure:
                        secure.sendall(b"hello")
                except OSError:
                    pass  # the client refused: it says so itself

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            with (
                socket.create_connection(listener.getsockname()) as plain,
                client.wrap_socket(plain, server_hostname=name) as secure,
            ):
                return secure.recv(5)
        finally:
            thread.join()


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "::1", "okta.example", "192.0.2.7"])
def test_a_strict_client_that_trusts_the_ca_accepts_every_name(name: str) -> None:
    authority = Authority.generate()
    server = authority.issue(["okta.example", "192.0.2.7", "localhost"]).server_context()
    client = client_trusting(authority.certificate_pem)
    assert greeting_over_tls(server, client, name) == b"hello"


def test_a_name_that_was_not_asked_for_is_refused() -> None:
    authority = Authority.generate()
    client = client_trusting(authority.certificate_pem)
    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        greeting_over_tls(authority.issue().server_context(), client, "okta.example")


def test_another_ca_is_not_trusted() -> None:
    client = client_trusting(Authority.generate().certificate_pem)
    with pytest.raises(ssl.SSLCertVerificationError):
        greeting_over_tls(Authority.generate().issue().server_context(), client, "localhost")


def test_a_restart_keeps_the_ca(tmp_path: Path) -> None:
    before = Authority.load_or_create(tmp_path)
    after = Authority.load_or_create(tmp_path)
    client = client_trusting(before.certificate_pem)
    assert greeting_over_tls(after.issue().server_context(), client, "localhost") == b"hello"
    assert certificate_path(tmp_path).read_bytes() == before.certificate_pem


def test_only_the_user_can_read_the_key(tmp_path: Path) -> None:
    Authority.load_or_create(tmp_path)
    key = certificate_path(tmp_path).with_name("ca-key.pem")
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_all_that_start_at_once_get_the_same_ca(tmp_path: Path) -> None:
    ready = threading.Barrier(8)

    def load() -> bytes:
        ready.wait()
        return Authority.load_or_create(tmp_path).certificate_pem

    with ThreadPoolExecutor(8) as pool:
        results = [pool.submit(load) for _ in range(8)]
        assert len({each.result() for each in results}) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["tls"]


@pytest.mark.parametrize("missing", ["ca.pem", "ca-key.pem"])
def test_a_ca_with_a_file_missing_is_named(tmp_path: Path, missing: str) -> None:
    Authority.load_or_create(tmp_path)
    certificate_path(tmp_path).with_name(missing).unlink()
    with pytest.raises(AuthorityError, match=f"incomplete, {missing} is missing"):
        Authority.load_or_create(tmp_path)


@pytest.mark.parametrize("broken", ["ca.pem", "ca-key.pem"])
def test_a_half_written_file_is_a_clear_error(tmp_path: Path, broken: str) -> None:
    Authority.load_or_create(tmp_path)
    path = certificate_path(tmp_path).with_name(broken)
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(AuthorityError, match=r"cannot be read .*remove the directory"):
        Authority.load_or_create(tmp_path)


def test_a_key_of_another_certificate_is_a_clear_error(tmp_path: Path) -> None:
    Authority.load_or_create(tmp_path)
    certificate_path(tmp_path).write_bytes(Authority.generate().certificate_pem)
    with pytest.raises(AuthorityError, match="does not belong to the certificate"):
        Authority.load_or_create(tmp_path)


def test_a_place_that_cannot_be_written_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(AuthorityError, match="cannot be used"):
        Authority.load_or_create(tmp_path / "file")


@pytest.mark.parametrize("name", ["", "two words", "a..b"])
def test_what_is_no_host_name_is_a_clear_error(name: str) -> None:
    with pytest.raises(AuthorityError, match="No certificate for"):
        Authority.generate().issue([name])


def test_a_leaf_is_short_lived_and_a_ca_has_a_name_people_recognise() -> None:
    authority = Authority.generate()
    leaf = x509.load_pem_x509_certificate(authority.issue().certificate_chain_pem)
    assert leaf.not_valid_after_utc - leaf.not_valid_before_utc < timedelta(days=100)
    subject = x509.load_pem_x509_certificate(authority.certificate_pem).subject
    assert "O=mock_okta CA" in subject.rfc4514_string()


def test_keys_are_not_shown_by_repr() -> None:
    authority = Authority.generate()
    assert "PRIVATE" not in repr(authority) + repr(authority.issue())


@pytest.mark.process
def test_nothing_of_tls_is_imported_before_it_is_needed() -> None:
    check = "import sys, mock_okta.process.tls; sys.exit('trustme' in sys.modules)"
    assert subprocess.run((sys.executable, "-c", check), check=False).returncode == 0
