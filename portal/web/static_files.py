"""Static files, compressed once and served by WhiteNoise before Flask is asked.

Pages themselves are not compressed here: a compressed page that holds both a secret and something the visitor sent
can be made to give the secret away (BREACH). They are kept small instead.
"""

from __future__ import annotations

import shutil
from hashlib import sha256
from pathlib import Path

from flask import Flask
from whitenoise import WhiteNoise
from whitenoise.compress import Compressor

A_YEAR = 365 * 24 * 3600
STAMP = ".made-from"


def serve(app: Flask, source: Path, folder: Path) -> None:
    """Serve `source` under /static/, from compressed copies kept in `folder`."""
    _prepare(source, folder)
    app.wsgi_app = WhiteNoise(app.wsgi_app, root=str(folder), prefix="static/", max_age=A_YEAR, add_headers_function=_headers)  # type: ignore[method-assign]


def _headers(headers: object, _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"  # type: ignore[index]


def _prepare(source: Path, folder: Path) -> None:
    stamp = _stamp(source)
    made = folder / STAMP
    if made.exists() and made.read_text() == stamp:
        return
    scratch = folder.with_name(f"{folder.name}-new")
    shutil.rmtree(scratch, ignore_errors=True)
    shutil.copytree(source, scratch)
    compressor = Compressor(quiet=True)
    for path in [path for path in scratch.rglob("*") if path.is_file() and compressor.should_compress(path.name)]:
        for _made in compressor.compress(str(path)):
            pass
    (scratch / STAMP).write_text(stamp)
    shutil.rmtree(folder, ignore_errors=True)
    scratch.rename(folder)


def _stamp(source: Path) -> str:
    digest = sha256()
    for path in sorted(path for path in source.rglob("*") if path.is_file()):
        stat = path.stat()
        digest.update(f"{path.relative_to(source)} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()
