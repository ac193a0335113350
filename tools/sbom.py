"""The libraries the portal runs on, as a CycloneDX 1.6 list (SBOM), from requirements.txt and what is installed.

Offline, and the same each time for the same versions. The vendored design system is on it too.
"""

from __future__ import annotations

import json
import re
import sys
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([A-Za-z0-9.]+)$", re.MULTILINE)


def bill() -> dict[str, Any]:
    """The list."""
    pinned = PINNED.findall((ROOT / "requirements.txt").read_text(encoding="utf-8"))
    libraries = [_library("pypi", re.sub(r"[-_.]+", "-", name).lower(), version, _licence(name)) for name, version in pinned]
    vendored = json.loads((ROOT / "frontend" / "package.json").read_text(encoding="utf-8"))["dependencies"]
    libraries += [_library("npm", name, version, None) for name, version in vendored.items()]
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "citizen-portal", "bom-ref": "citizen-portal"}},
        "components": sorted(libraries, key=lambda each: each["purl"]),
    }


def _library(kind: str, name: str, version: str, licence: str | None) -> dict[str, Any]:
    # A package's address, as purl writes it: the @ of an npm scope is escaped.
    purl = f"pkg:{kind}/{name.replace('@', '%40')}@{version}"
    found: dict[str, Any] = {"type": "library", "name": name, "version": version, "purl": purl, "bom-ref": purl}
    return {**found, "licenses": [{"license": {"name": licence}}]} if licence else found


def _licence(name: str) -> str | None:
    try:
        told = metadata(name)
    except PackageNotFoundError:
        return None
    said = told.get("License-Expression") or told.get("License") or ""
    # Some put the whole text of their licence there.
    return said if 0 < len(said) < 80 and "\n" not in said else None


def main() -> int:
    """Write the list where it is told, or to var/sbom.cdx.json."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "var" / "sbom.cdx.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    found = bill()
    target.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(f"{len(found['components'])} libraries in {target}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
