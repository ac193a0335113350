"""Static files, compressed once and served by WhiteNoise before Flask is asked.

Pages themselves are not compressed here: a compressed page that holds both a secret and something the visitor sent
can be made to give the secret away (BREACH). They are kept small instead.

Files are answered whatever host the request names: they are the same for everybody and hold no link to a page. Every
other answer is refused for a host that is not ours (TRUSTED_HOSTS).
"""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from wsgiref.headers import Headers

from flask import Flask
from whitenoise import WhiteNoise
from whitenoise.compress import Compressor

A_YEAR = 365 * 24 * 3600


def serve(app: Flask, source: Path, folder: Path, protecting: Mapping[str, str]) -> None:
    """Serve `source` under /static/, from compressed copies kept in `folder`, each with the headers of `protecting`."""
    prepare(source, folder)

    def protect(headers: Headers, _path: str, _url: str) -> None:
        for name, value in protecting.items():
            headers[name] = value

    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app, root=str(folder), prefix="static/", max_age=A_YEAR, allow_all_origins=False, add_headers_function=protect
    )


def prepare(source: Path, folder: Path) -> None:
    """Compress the files of `source` into `folder`, unless that has been done since they changed."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_name(f"{folder.name}.lock").open("w") as lock:
        # Several web processes start at once.
        fcntl.flock(lock, fcntl.LOCK_EX)
        _prepare(source, folder, folder.with_name(f"{folder.name}.made-from"))


def _prepare(source: Path, folder: Path, made: Path) -> None:
    stamp = _stamp(source)
    if folder.exists() and made.exists() and made.read_text() == stamp:
        return
    scratch = folder.with_name(f"{folder.name}-new")
    shutil.rmtree(scratch, ignore_errors=True)
    shutil.copytree(source, scratch)
    compressor = Compressor(quiet=True)
    for path in [path for path in scratch.rglob("*") if path.is_file() and compressor.should_compress(path.name)]:
        for _made in compressor.compress(str(path)):
            pass
    shutil.rmtree(folder, ignore_errors=True)
    scratch.rename(folder)
    made.write_text(stamp)


def _stamp(source: Path) -> str:
    digest = sha256()
    for path in sorted(path for path in source.rglob("*") if path.is_file()):
        stat = path.stat()
        digest.update(f"{path.relative_to(source)} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()
