"""The list of libraries names each pinned one and the design system, with its version."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from tools import sbom

ROOT = Path(__file__).resolve().parents[2]


def test_every_pinned_library_is_on_the_list_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["sbom.py", str(tmp_path / "deep" / "list.json")])
    assert sbom.main() == 0
    told = json.loads((tmp_path / "deep" / "list.json").read_text(encoding="utf-8"))
    assert (told["bomFormat"], told["specVersion"]) == ("CycloneDX", "1.6")
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    wanted = {
        f"pkg:pypi/{re.sub(r'[-_.]+', '-', name).lower()}@{version}"
        for name, version in (line.split("==") for line in lines if "==" in line)
    }
    listed = [each["purl"] for each in told["components"]]
    assert len(listed) == len(set(listed))
    assert {each for each in listed if each.startswith("pkg:pypi/")} == wanted
    assert [each for each in listed if each.startswith("pkg:npm/")] == ["pkg:npm/dkfds@11.2.0"]
    assert sum("licenses" in each for each in told["components"]) > len(wanted) / 2
