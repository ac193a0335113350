"""The translations: collect the texts from code and templates, and compile what the translators wrote.

python tools/catalogues.py update     find the texts, add the new ones to translations/*/LC_MESSAGES/messages.po, drop the gone
python tools/catalogues.py compile    make the .mo files that the portal reads
"""

from __future__ import annotations

import sys
from datetime import datetime, timezone
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("portal", "forms", "templates")
METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")]
KEYWORDS = {"_": None, "_l": None, "gettext": None, "lazy": None, "ngettext": (1, 2), "N_": None}
# Jinja's own extensions would need naming here; the templates use none.
OPTIONS = {"**.html": {"encoding": "utf-8", "silent": "false"}, "**.txt": {"encoding": "utf-8", "silent": "false"}}


def collect() -> Catalog:
    """Every text in code and templates, with the places that use it."""
    # One date for ever: that of the last collecting would make every two changes meet in one line.
    catalogue = Catalog(project="portal", charset="utf-8", fuzzy=False, creation_date=datetime(2026, 11, 21, tzinfo=timezone.utc))
    for source in SOURCES:
        for name, line, message, comments, context in extract_from_dir(ROOT / source, METHODS, OPTIONS, KEYWORDS):
            catalogue.add(message, None, [(f"{source}/{name}", line)], auto_comments=comments, context=context)
    return catalogue


def sources() -> list[Path]:
    return sorted((ROOT / "translations").glob("*/LC_MESSAGES/*.po"))


def update() -> None:
    """Bring the translators' files up to the texts now in use; never guesses a translation."""
    template = collect()
    for path in sources():
        locale = path.parent.parent.name
        with path.open("rb") as file:
            catalogue = read_po(file, locale=locale)
        catalogue.update(template, no_fuzzy_matching=True)
        with path.open("wb") as file:
            write_po(file, catalogue, ignore_obsolete=True, include_lineno=False, sort_output=True, width=120)


def compile_() -> None:
    """Write each .mo file whole, then move it in place: a portal that starts meanwhile reads the old or the new one."""
    for path in sources():
        with path.open("rb") as file:
            catalogue = read_po(file, locale=path.parent.parent.name)
        fresh = path.with_suffix(".mo.new")
        with fresh.open("wb") as file:
            write_mo(file, catalogue)
        fresh.replace(path.with_suffix(".mo"))


if __name__ == "__main__":
    verbs = {"update": update, "compile": compile_}
    if len(sys.argv) != 2 or sys.argv[1] not in verbs:
        sys.exit("usage: catalogues.py update|compile")
    verbs[sys.argv[1]]()
