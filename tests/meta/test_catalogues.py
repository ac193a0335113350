"""Both languages are complete, and say the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from tools.catalogues import ROOT, collect

PLACEHOLDER = re.compile(r"%\((\w+)\)s")
# Ways of saying an error that tell nobody what to do.
FORBIDDEN = (
    "dette felt",
    "udfyld feltet",
    "ugyldig",
    "der opstod en fejl",
    "en fejl opstod",
    "påkrævet",
    "klik her",
    "såfremt",
    "endvidere",
    "i henhold til",
)
# Danish words that must not stand alone in an English text; in brackets they explain a Danish term.
DANISH = re.compile(r"\b(og|eller|ikke|kommune|barn|børn|indkomst|plads)\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def used() -> Catalog:
    return collect()


def catalogue(locale: str) -> Catalog:
    with Path(ROOT / "translations" / locale / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=locale)


def texts(message_id: object) -> tuple[str, ...]:
    return message_id if isinstance(message_id, tuple) else (str(message_id),)


@pytest.mark.parametrize("locale", ["da", "en"])
def test_a_catalogue_has_every_text_in_use_and_no_other(used: Catalog, locale: str) -> None:
    there = {message.id for message in catalogue(locale) if message.id}
    wanted = {message.id for message in used if message.id}
    assert there == wanted, f"run make catalogues and translate: missing {wanted - there}, gone {there - wanted}"


@pytest.mark.parametrize("locale", ["da", "en"])
def test_every_text_is_translated_with_the_same_values(locale: str) -> None:
    for message in catalogue(locale):
        if not message.id:
            continue
        given = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(given), f"no translation: {message.id}"
        assert not message.fuzzy, message.id
        for text in given:
            assert set(PLACEHOLDER.findall(text)) <= set(PLACEHOLDER.findall(" ".join(texts(message.id)))), message.id
            missing = set(PLACEHOLDER.findall(texts(message.id)[-1])) - set(PLACEHOLDER.findall(text)) - {"num"}
            assert not missing, f"{message.id}: the translation leaves out {missing}"


def test_english_is_the_message_itself() -> None:
    for message in catalogue("en"):
        if message.id:
            assert message.string == message.id


def test_danish_uses_no_words_that_leave_people_alone() -> None:
    for message in catalogue("da"):
        for text in message.string if isinstance(message.string, tuple) else (message.string,):
            found = [phrase for phrase in FORBIDDEN if phrase in text.lower()]
            assert not found, f"{text}: {found}"


def test_english_holds_no_danish_outside_brackets() -> None:
    for message in catalogue("en"):
        for text in texts(message.id):
            outside = re.sub(r"\([^)]*\)", "", text)
            assert not DANISH.search(outside), text


def test_no_text_holds_markup_or_pictures() -> None:
    for locale in ("da", "en"):
        for message in catalogue(locale):
            for text in texts(message.string) if message.id else ():
                assert not re.search(r"[<>\u2190-\u21ff\u2600-\u27bf\U0001f300-\U0001faff]", text), text
