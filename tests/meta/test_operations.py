"""docs/operations.md tells of every setting there is, and of none that is not."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOLD = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


def read_settings():
    source = (ROOT / "portal" / "settings.py").read_text(encoding="utf-8")
    read = {f"PORTAL_{name}" for name in re.findall(r'\bget\("([A-Z_]+)"', source)}
    # What is told of an issuer is told of both, but for the claims that only one kind of person has.
    for who, claims in re.findall(r'_issuer\(lambda name: get\(f"([A-Z]+)_\{name\}"\), \((.*?)\)\)', source):
        names = re.findall(r'\btold\("([A-Z_]+)"', source) + [f"CLAIM_{name}" for name in re.findall("[A-Z]+", claims)]
        read.update(f"PORTAL_{who}_{name}" for name in names)
    for path in (ROOT / "portal").rglob("*.py"):
        read.update(re.findall(r'environ(?:\.get\(|\[)"(PORTAL_[A-Z_]+)"', path.read_text(encoding="utf-8")))
    return read


def test_every_setting_is_told_of():
    assert len(read_settings()) > 40
    missing = sorted(name for name in read_settings() if f"`{name}`" not in TOLD)
    assert not missing


def test_no_setting_is_told_of_that_is_not_read():
    table = TOLD.partition("## Settings")[2].partition("\n### ")[0]
    assert set(re.findall(r"`(PORTAL_[A-Z_]+)`", table)) == read_settings()
