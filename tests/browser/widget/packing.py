"""Packages of the widget as npm gives them, and what an npm of a test does."""

import base64
import hashlib
import io
import tarfile
from collections.abc import Callable
from pathlib import Path

CONTENT = {
    "package/package.json": "{}",
    "package/LICENSE": "licence",
    "package/dist/js/okta-sign-in.min.js": "script",
    "package/dist/js/okta-sign-in.min.js.map": "map",
    "package/dist/css/okta-sign-in.min.css": "style",
    "package/dist/font/okticon.woff": "font",
    "package/dist/img/logo.png": "image",
    "package/dist/labels/json/login.json": "{}",
    "package/dist/sass/layout.scss": "sass",
    "package/src/source.js": "source",
}
NpmDoes = Callable[[str], Path]
ANY_INTEGRITY = f"sha512-{'A' * 86}=="


def tarball(path: Path, content: dict[str, str] | None = None) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, text in (content or CONTENT).items():
            member = tarfile.TarInfo(name)
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
        link = tarfile.TarInfo("package/dist/js/link.js")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    return path


def integrity_of(path: Path) -> str:
    return "sha512-" + base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode()


def files_in(directory: Path) -> set[str]:
    return {str(p.relative_to(directory)) for p in directory.rglob("*") if not p.is_dir()}
