"""JVM options with which Java programs trust the org's CA and use its proxy.

A JVM reads neither PEM files nor HTTPS_PROXY. It uses one trust store instead of the JDK's own, and
options from JAVA_TOOL_OPTIONS, where a later option wins over an earlier one.
"""

import re
import ssl
import struct
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

__all__ = ["OPTIONS", "joined", "proxy_options", "trust_options", "trust_store"]

OPTIONS = "JAVA_TOOL_OPTIONS"
_PASSWORD = "changeit"  # the JDK's own for its store; there is nothing secret in it
# In lib of a JDK, in jre/lib of Java 8; `jssecacerts` wins (JSSE Reference Guide).
_FOLDERS = ("lib/security", "jre/lib/security")
_FILES = ("jssecacerts", "cacerts")
_JKS_MAGIC = b"\xfe\xed\xfe\xed"
_JKS_CERTIFICATE = 2


def trust_options(store: Path) -> tuple[str, ...]:
    """Return the options that make a JVM trust the store written by `trust_store`."""
    return (
        f"-Djavax.net.ssl.trustStore={store.absolute()}",
        "-Djavax.net.ssl.trustStoreType=PKCS12",
        f"-Djavax.net.ssl.trustStorePassword={_PASSWORD}",
    )


def proxy_options(url: str) -> tuple[str, ...]:
    """Return the options that make a JVM use the proxy at `url` for https, except loopback."""
    proxy = urlsplit(url)
    return (
        f"-Dhttps.proxyHost={proxy.hostname}",
        f"-Dhttps.proxyPort={proxy.port}",
        "-Dhttp.nonProxyHosts=localhost|127.*|[::1]",  # for https too
    )


def joined(options: Iterable[str], given: str = "") -> str:
    """Return the value of JAVA_TOOL_OPTIONS: `given`, then `options`, which win."""
    return " ".join([*([given] if given.strip() else []), *map(_quoted, options)])


def _quoted(option: str) -> str:
    """JVMTI: white space separates options, except between quotes; nothing escapes a quote."""
    if not re.search(r"""[\s"']""", option):
        return option
    quote = "'" if '"' in option else '"'
    return f"{quote}{option}{quote}"


def trust_store(ca_pem: bytes, bundle: bytes, given: Mapping[str, str]) -> bytes:
    """Return a PKCS #12 trust store: the CA, and what Java trusts in the environment `given`.

    Java trusts the store that JAVA_TOOL_OPTIONS names, or that of the JDK at JAVA_HOME or of the
    `java` on the PATH. Without any of them, `bundle` is used: the CAs that other programs trust
    (PEM).
    """
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415 -- lazy
        BestAvailableEncryption,
        pkcs12,
    )

    own = ssl.PEM_cert_to_DER_cert(ca_pem.decode())
    # Some of the system's roots break RFC 5280; we do not warn about them.
    with warnings.catch_warnings(action="ignore"):
        trusted = dict.fromkeys([own, *(_of_java(given) or _of_pem(bundle))])
        named = [
            # A JVM keeps one certificate for a name.
            pkcs12.PKCS12Certificate(certificate, f"mock_okta-{number}".encode())
            for number, certificate in enumerate(_parsed(trusted))
        ]
    encryption = BestAvailableEncryption(_PASSWORD.encode())
    return pkcs12.serialize_java_truststore(named, encryption)


def _of_java(given: Mapping[str, str]) -> list[bytes]:
    """Return the certificates (DER) of the first store that exists and can be read."""
    for path, password in _stores(given):
        try:
            content = path.read_bytes()
            found = _of_jks(content) if content[:4] == _JKS_MAGIC else _of_pkcs12(content, password)
        except (OSError, ValueError, struct.error):
            continue
        if found:
            return found
    return []


def _stores(given: Mapping[str, str]) -> Iterator[tuple[Path, str]]:
    """Yield the trust stores that a JVM would use in that environment, with their passwords."""
    options = _properties(given.get(OPTIONS, ""))
    named = options.get("javax.net.ssl.trustStore")
    if named:
        yield Path(named), options.get("javax.net.ssl.trustStorePassword") or _PASSWORD
    java = which("java", path=given.get("PATH", ""))
    homes = [Path(given["JAVA_HOME"])] if given.get("JAVA_HOME") else []
    homes += [Path(java).resolve().parent.parent] if java else []
    for home in homes:
        for folder in _FOLDERS:
            yield from ((home / folder / file, _PASSWORD) for file in _FILES)


def _properties(options: str) -> Mapping[str, str]:
    """Return the system properties that JAVA_TOOL_OPTIONS sets."""
    words = re.findall(r"""(?:"[^"]*"|'[^']*'|[^\s"'])+""", options)
    plain = [re.sub(r""""([^"]*)"|'([^']*)'""", r"\1\2", word) for word in words]
    pairs = [word[2:].partition("=") for word in plain if word.startswith("-D")]
    return {name: value for name, _, value in pairs}


def _of_jks(content: bytes) -> list[bytes]:
    """Read a store in the JDK's older format, JKS."""
    file = BytesIO(content)
    _, version, count = struct.unpack(">III", file.read(12))
    return [_entry_of_jks(file, version) for _ in range(count)]


def _entry_of_jks(file: BytesIO, version: int) -> bytes:
    (kind,) = struct.unpack(">I", file.read(4))
    if kind != _JKS_CERTIFICATE:
        raise ValueError("a key: this is not a trust store")
    _sized(file, ">H")  # its alias
    file.read(8)  # when it was made
    if version > 1:
        _sized(file, ">H")  # its type, X.509
    return _sized(file, ">I")


def _sized(file: BytesIO, length: str) -> bytes:
    (size,) = struct.unpack(length, file.read(struct.calcsize(length)))
    return file.read(size)


def _of_pkcs12(content: bytes, password: str) -> list[bytes]:
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415 -- lazy
        Encoding,
        pkcs12,
    )

    found = pkcs12.load_pkcs12(content, password.encode()).additional_certs
    return [each.certificate.public_bytes(Encoding.DER) for each in found]


def _of_pem(bundle: bytes) -> list[bytes]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=bundle.decode("ascii", "ignore"))
    return context.get_ca_certs(binary_form=True)


def _parsed(certificates: Iterable[bytes]) -> "Iterator[Certificate]":
    """Parse DER; leave out what `cryptography` refuses, such as a negative serial number."""
    from cryptography.x509 import load_der_x509_certificate  # noqa: PLC0415 -- lazy

    for der in certificates:
        with suppress(ValueError):
            yield load_der_x509_certificate(der)
