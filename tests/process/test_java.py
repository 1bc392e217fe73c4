"""What Java's trust store holds, from each kind of store that a JDK has; and the JVM's options."""

import os
import ssl
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    pkcs12,
)

from mock_okta.process.java import joined, proxy_options, trust_options, trust_store
from mock_okta.process.tls import Authority
from tests.tool_chains import needs

PASSWORD = "changeit"
CA, JDK_CA, OTHER_CA = (Authority.generate().certificate_pem for _ in range(3))
PATIENCE = 60

Keytool = Callable[..., str]


def der(pem: bytes) -> bytes:
    return ssl.PEM_cert_to_DER_cert(pem.decode())


def held(store: bytes) -> list[bytes]:
    """The certificates in a trust store, DER; the CA's is to be the first."""
    entries = pkcs12.load_pkcs12(store, PASSWORD.encode()).additional_certs
    assert len({entry.friendly_name for entry in entries}) == len(entries)
    return [entry.certificate.public_bytes(Encoding.DER) for entry in entries]


def a_store(*pems: bytes, password: str = PASSWORD) -> bytes:
    """A trust store of other certificates."""
    certificates = map(x509.load_pem_x509_certificate, pems)
    named = [pkcs12.PKCS12Certificate(each, b"%d" % n) for n, each in enumerate(certificates)]
    encryption = BestAvailableEncryption(password.encode())
    return pkcs12.serialize_java_truststore(named, encryption)


def a_jdk(home: Path, content: bytes, file: str = "lib/security/cacerts") -> Path:
    for path in (home / file, home / "bin/java"):
        path.parent.mkdir(parents=True, exist_ok=True)
    (home / file).write_bytes(content)
    (home / "bin/java").touch(mode=0o755)
    return home


@pytest.fixture
def keytool() -> Keytool:
    command = needs("keytool")

    def run(*arguments: str | Path) -> str:
        words = (command, *arguments, "-storepass", PASSWORD, "-J-Duser.language=en")
        usual = {k: v for k, v in os.environ.items() if k != "JAVA_TOOL_OPTIONS"}
        return subprocess.check_output(
            words, env=usual, stderr=subprocess.STDOUT, text=True, timeout=PATIENCE
        )

    return run


NO_PASSWORD = ("certProtectionAlgorithm", "macAlgorithm")


@pytest.mark.process
@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("JKS", ()),  # up to Java 17
        ("PKCS12", ()),
        ("PKCS12", ("-J-Dkeystore.pkcs12.legacy",)),  # as older releases write it
        # Since Java 18 a JDK's own is PKCS #12 without a password.
        ("PKCS12", tuple(f"-J-Dkeystore.pkcs12.{name}=NONE" for name in NO_PASSWORD)),
    ],
    ids=["JKS", "PKCS12", "older", "without a password"],
)
def test_stores_that_a_jdk_s_own_tool_made_are_read(
    keytool: Keytool, tmp_path: Path, kind: str, options: tuple[str, ...]
) -> None:
    made = tmp_path / "cacerts"
    (tmp_path / "ca.pem").write_bytes(JDK_CA)
    place = ("-keystore", made, "-storetype", kind, "-alias", "ä", "-file", tmp_path / "ca.pem")
    keytool(*options, "-importcert", "-noprompt", *place)
    home = a_jdk(tmp_path / "jdk", made.read_bytes())

    found = held(trust_store(CA, b"", {"JAVA_HOME": str(home)}))

    assert found == [der(CA), der(JDK_CA)]


@pytest.mark.process
def test_a_jdk_s_own_tool_reads_what_is_written(keytool: Keytool, tmp_path: Path) -> None:
    store = tmp_path / "store.p12"
    store.write_bytes(trust_store(CA, CA + OTHER_CA, {}))
    listed = keytool("-list", "-keystore", store)
    assert listed.count("trustedCertEntry") == 2


@pytest.mark.parametrize(
    "file", ["lib/security/cacerts", "jre/lib/security/cacerts", "lib/security/jssecacerts"]
)
def test_the_store_of_the_jdk_at_java_home_is_joined(tmp_path: Path, file: str) -> None:
    home = a_jdk(tmp_path, a_store(JDK_CA, CA), file)
    found = held(trust_store(CA, CA + OTHER_CA, {"JAVA_HOME": str(home)}))
    assert found == [der(CA), der(JDK_CA)]


@pytest.mark.skipif(os.name == "nt", reason="a symbolic link needs a right there")
@pytest.mark.parametrize("java_home", [None, "", "/missing"])
def test_without_java_home_it_is_the_jdk_of_the_java_on_the_path(
    tmp_path: Path, java_home: str | None
) -> None:
    home, usr = a_jdk(tmp_path / "jdk", a_store(JDK_CA)), tmp_path / "usr-bin"
    usr.mkdir()
    (usr / "java").symlink_to(home / "bin/java")
    given = {"PATH": str(usr)} | ({} if java_home is None else {"JAVA_HOME": java_home})
    assert held(trust_store(CA, CA + OTHER_CA, given)) == [der(CA), der(JDK_CA)]


@pytest.mark.parametrize("content", [None, b"", b"no store", b"\xfe\xed\xfe\xed\0\0\0\2\0\0\0\5\0"])
def test_without_a_store_that_can_be_read_it_is_what_other_stacks_trust(
    tmp_path: Path, content: bytes | None
) -> None:
    given = {"PATH": str(tmp_path)}
    if content is not None:
        given["JAVA_HOME"] = str(a_jdk(tmp_path / "jdk", content))
    bundle = "# Zürich\n".encode() + OTHER_CA + CA
    assert held(trust_store(CA, bundle, given)) == [der(CA), der(OTHER_CA)]


@pytest.mark.parametrize("quote", ['"', "'"])
def test_the_store_that_java_was_told_of_is_joined_in_the_place_of_the_jdk_s(
    tmp_path: Path, quote: str
) -> None:
    store = tmp_path / "our own.p12"
    store.write_bytes(a_store(OTHER_CA, password="another"))
    options = f"-Xmx1g -Djavax.net.ssl.trustStore={quote}{store}{quote} "
    options += "-Djavax.net.ssl.trustStorePassword=another"
    given = {"JAVA_HOME": str(a_jdk(tmp_path, a_store(JDK_CA))), "JAVA_TOOL_OPTIONS": options}
    assert held(trust_store(CA, b"", given)) == [der(CA), der(OTHER_CA)]


PRINT = """
class Print {
  public static void main(String[] arguments) {
    for (var name : arguments) System.out.println(System.getProperty(name));
  }
}
"""


@pytest.mark.process
def test_the_jvm_reads_the_options_as_they_were_meant(tmp_path: Path) -> None:
    java = needs("java")
    source, store = tmp_path / "Print.java", tmp_path / "it's a place" / "store.p12"
    source.write_text(PRINT)
    options = joined((*trust_options(store), *proxy_options("http://127.0.0.1:41")), "-Dmine=kept")
    expected: Mapping[str, str] = {
        "javax.net.ssl.trustStore": str(store),
        "javax.net.ssl.trustStoreType": "PKCS12",
        "javax.net.ssl.trustStorePassword": PASSWORD,
        "https.proxyHost": "127.0.0.1",
        "https.proxyPort": "41",
        "mine": "kept",
    }
    said = subprocess.check_output(
        (java, str(source), *expected),
        env=os.environ | {"JAVA_TOOL_OPTIONS": options},
        stderr=subprocess.DEVNULL,
        text=True,
        timeout=PATIENCE,
    )
    assert said.splitlines() == list(expected.values())


@pytest.mark.parametrize("given", ["", " "])
def test_without_options_before_there_are_ours_alone(given: str) -> None:
    assert joined(("-Da=b", '-Dc="d e"'), given) == "-Da=b '-Dc=\"d e\"'"
