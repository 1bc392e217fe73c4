"""Makes other programs trust the org's CA, in addition to what they trust already."""

import os
import re
import ssl
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from shlex import quote

from mock_okta.process.java import OPTIONS, joined, trust_options

__all__ = ["bundle_with_system", "environment", "java_store_beside", "lines_to_set"]

_CERTIFICATE = re.compile(b"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)
_VARIABLES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")


def bundle_with_system(ca_pem: bytes) -> bytes:
    """Return the CA and all CAs that this machine's OpenSSL trusts, as one bundle.

    If the system has no CAs, those of certifi are used if it is installed. Files that the variables
    of `environment` name already are added, because the bundle replaces them.
    """
    own = ca_pem.rstrip() + b"\n"
    trusted = _named_file() or _named_directory() or _of_the_platform() or _of_certifi()
    bundle = own + trusted.replace(own, b"")  # SSL_CERT_FILE may name an earlier bundle from here
    for name in _VARIABLES:
        path = Path(os.environ.get(name, ""))
        for certificate in _CERTIFICATE.findall(path.read_bytes() if path.is_file() else b""):
            if certificate not in bundle:
                bundle = bundle.rstrip() + b"\n" + certificate + b"\n"
    return bundle


def _named_file() -> bytes:
    """Return OpenSSL's file of CAs, which SSL_CERT_FILE may name."""
    path = ssl.get_default_verify_paths().cafile
    return b"" if path is None else Path(path).read_bytes()


def _named_directory() -> bytes:
    """Return the certificates in OpenSSL's directory: file names are a hash and a number."""
    path = ssl.get_default_verify_paths().capath
    found = [] if path is None else sorted(Path(path).glob(8 * "[0-9a-f]" + ".[0-9]*"))
    return b"".join(dict.fromkeys(each.read_bytes().rstrip() + b"\n" for each in found))


def _of_the_platform() -> bytes:
    """Return the certificates of Windows' store: OpenSSL has no file or directory there."""
    context = ssl.create_default_context()
    pems = map(ssl.DER_cert_to_PEM_cert, context.get_ca_certs(binary_form=True))
    return "".join(pems).encode()


def _of_certifi() -> bytes:
    if find_spec("certifi") is None:
        return b""
    from certifi import contents  # noqa: PLC0415 -- optional

    return contents().encode()


def environment(bundle: Path) -> Mapping[str, str]:
    """Return the variables that make programs trust the CAs in `bundle`.

    OpenSSL (Python, Ruby, PHP), Go, .NET, requests and curl use it instead of their own CAs;
    Node.js adds it to its own. On macOS and Windows, .NET and older releases of Go only use the
    system's store.
    """
    return dict.fromkeys(_VARIABLES, str(bundle.absolute()))


def java_store_beside(bundle: Path) -> Path:
    """Return the path of Java's trust store: `ca-bundle-java.p12` beside `ca-bundle.pem`."""
    return bundle.absolute().with_name(f"{bundle.stem}-java.p12")


def lines_to_set(ca: Path, bundle: Path) -> str:
    """Return the lines for a POSIX shell; commands that change a trust store are comments."""
    certificate = quote(str(ca.absolute()))
    java = joined(trust_options(java_store_beside(bundle)))
    lines = [f"export {name}={quote(value)}" for name, value in environment(bundle).items()]
    lines += [
        "# Java uses the last of several options; yours are kept:",
        f'export {OPTIONS}="${{{OPTIONS}:-}}"{quote(f" {java}")}',
        "# Chromium and Chrome on Linux:",
        # The older path wins if it exists, so it is not created beside the newer one.
        "#   cd && nssdb=.pki/nssdb newer=.local/share/pki/nssdb",
        "#   [ -d $nssdb ] || [ ! -d $newer ] || nssdb=$newer",
        "#   mkdir -p $nssdb",
        f'#   certutil -d sql:$nssdb -A -t C,, -n "mock_okta CA" -i {certificate}',
    ]
    return "\n".join([*lines, ""])
