"""Copies the part of the design system that is shipped from npm into static/vendor. For maintainers; users need no node.

    python tools/vendor_assets.py            fetch as frontend/package-lock.json pins it, and write the folder anew
    python tools/vendor_assets.py --check    fetch into a temporary folder and compare byte for byte; exit 1 on a difference

Two edits are made to the style sheet, both mechanical: the source map line goes, because the map is not shipped, and
the @font-face rules go, because they name full font files (78 KB a face, the regular one as WOFF). static/css/portal.css
declares the ready-made Latin1 splits of the same fonts instead (17 KB a face). The fonts themselves are not touched:
their licence reserves the name "Plex" for unchanged files.
"""

from __future__ import annotations

import argparse
import filecmp
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FRONTEND = ROOT / "frontend"
PACKAGE = "dkfds"
FACES = ("Regular", "Italic", "Medium", "SemiBold", "Bold")
ICONS = (
    "arrow-forward",
    "check",
    "check-white",
    "chevron-down",
    "chevron-left",
    "chevron-right",
    "chevron-up",
    "error",
    "info",
    "language",
    "lock",
    "minus-white",
    "print",
    "success",
    "warning",
)
FILES = (
    "css/dkfds.min.css",
    "js/dkfds.min.js",
    "img/all-svg-icons.svg",
    *(f"img/svg-icons/{icon}.svg" for icon in ICONS),
    *(f"fonts/IBMPlexSans/split/woff2/IBMPlexSans-{face}-Latin1.woff2" for face in FACES),
    "fonts/IBMPlexSans/split/woff2/license.txt",
    "LICENSE.md",
)
SUMS = "SHA256SUMS"


def pinned_version() -> str:
    """The exact version frontend/package.json names."""
    return str(json.loads((FRONTEND / "package.json").read_text())["dependencies"][PACKAGE])


def install(folder: Path) -> Path:
    """Install the pinned package in `folder` without running its scripts; returns its ``dist`` folder."""
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(FRONTEND / name, folder / name)
    subprocess.run(["npm", "ci", "--ignore-scripts", "--silent"], cwd=folder, check=True)
    return folder / "node_modules" / PACKAGE / "dist"


def trim(name: str, content: bytes) -> bytes:
    """`content` of the file `name` as it is shipped; see the top of this module for what goes and why."""
    if name.endswith((".css", ".js")):
        content = re.sub(rb"\s*(/\*|//)# sourceMappingURL=[^\s*]+(\*/)?\s*$", b"\n", content)
    if name.endswith(".css"):
        content = re.sub(rb"@font-face\{[^}]*\}", b"", content)
    return content


def build(source: Path, target: Path) -> None:
    """Write the shipped files from `source` (the package's ``dist``) and their SHA256SUMS to the new folder `target`."""
    lines = []
    for name in sorted(FILES):
        content = trim(name, (source / name).read_bytes())
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        lines.append(f"{hashlib.sha256(content).hexdigest()}  {name}\n")
    (target / SUMS).write_text("".join(lines))


def differences(built: Path, shipped: Path) -> list[str]:
    """Names that are missing, extra or different in `shipped`."""
    names = {str(p.relative_to(root)) for root in (built, shipped) for p in root.rglob("*") if p.is_file()}
    _, different, unreadable = filecmp.cmpfiles(built, shipped, sorted(names), shallow=False)
    return different + unreadable


def main(arguments: list[str] | None = None) -> int:
    """Build or check; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare only, change nothing")
    options = parser.parse_args(arguments)
    shipped = ROOT / "static" / "vendor" / f"{PACKAGE}-{pinned_version()}"
    with tempfile.TemporaryDirectory() as temporary:
        source = install(Path(temporary))
        built = Path(temporary) / "built"
        build(source, built)
        if options.check:
            wrong = differences(built, shipped)
            for name in wrong:
                print(f"differs from npm: {name}", file=sys.stderr)
            return 1 if wrong else 0
        shutil.rmtree(shipped, ignore_errors=True)
        shutil.copytree(built, shipped)
        print(f"wrote {shipped.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
