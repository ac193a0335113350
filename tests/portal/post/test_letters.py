"""A letter as data and as a page: nothing lost when kept, nothing but text in it, one language."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from lxml import html

from portal.i18n import get_locale, use_locale
from portal.post.content import LetterContent, Section
from portal.post.letters import make_renderer


def page(renderer, letter):
    return html.fromstring(renderer.html(letter))


def test_a_letter_is_kept_as_json_and_comes_back(decision):
    kept = json.loads(json.dumps(decision.to_json()))
    assert LetterContent.from_json(kept) == decision
    bare = replace(decision, sections=(), appeal=None, contact=Section("Spørg"), law=())
    assert LetterContent.from_json(json.loads(json.dumps(bare.to_json()))) == bare


def test_something_else_is_not_a_letter(decision):
    with pytest.raises(KeyError):
        LetterContent.from_json({})
    with pytest.raises(TypeError):
        LetterContent.from_json(decision.to_json() | {"cpr": "7203914002"})


def test_what_was_decided_is_the_first_line_under_the_only_title(renderer, decision):
    body = page(renderer, decision)
    (title,) = body.xpath("//h1")
    assert title.text_content() == decision.title == body.findtext(".//title")
    assert title.getnext().text_content() == decision.lead
    assert [h.text_content() for h in body.xpath("//h2")[:3]] == [
        "Sådan har vi regnet", "Det sker der nu", "Hvis du er uenig",
    ]  # fmt: skip


def test_the_head_says_from_whom_to_whom_when_and_about_which_case(renderer, decision):
    text = renderer.html(decision).split("<h1>")[0]
    for wanted in ("Eksempel Kommune", "Maja Eksempelsen", "3.\N{NO-BREAK SPACE}december\N{NO-BREAK SPACE}2026", "2026-000123"):
        assert wanted in text


def test_the_sum_is_a_table_with_row_headers_only_and_the_total_last(renderer, decision):
    (table,) = page(renderer, decision).xpath("//table")
    rows = table.xpath(".//tr")
    assert [[cell.tag for cell in row] for row in rows] == [["th", "td"]] * 6
    assert {th.get("scope") for th in table.xpath(".//th")} == {"row"}
    assert [row.get("class") for row in rows] == [None] * 5 + ["letter-total"]
    assert not table.xpath(".//thead")


def test_there_is_always_somebody_to_ask(renderer, decision):
    own = page(renderer, decision).xpath("//div[contains(@class, 'letter-contact')]")
    assert "00 00 00 00" in own[0].text_content()
    other = replace(decision, contact=Section("Spørg Pladsanvisningen", ("Ring i morgen.",)))
    (section,) = page(renderer, other).xpath("//div[contains(@class, 'letter-contact')]")
    assert section.findtext("h2") == "Spørg Pladsanvisningen"


def test_what_is_not_there_leaves_no_empty_heading(renderer, decision):
    bare = page(renderer, replace(decision, sections=(), appeal=None, law=()))
    assert len(bare.xpath("//h2")) == 1
    assert not bare.xpath("//table | //ul")


def test_text_is_text(renderer, decision):
    nasty = "<script>alert(1)</script><img src='file:///etc/passwd'>"
    section = Section(nasty, (nasty,), ((nasty, nasty),), (nasty,))
    letter = replace(decision, title=nasty, lead=nasty, recipient_name=nasty, case_number=nasty, law=(nasty,),
                     sections=(section,), appeal=section, contact=section)  # fmt: skip
    assert not page(renderer, letter).xpath("//script | //img")


def test_a_letter_speaks_its_own_language_whatever_language_is_in_use(renderer, decision):
    with use_locale("da"):
        english = renderer.html(replace(decision, language="en"))
        assert get_locale() == "da"
    assert '<html lang="en">' in english
    assert "3\N{NO-BREAK SPACE}December\N{NO-BREAK SPACE}2026" in english
    assert "Do you have questions?" in english


def test_the_page_loads_nothing_and_holds_no_personal_number(renderer, decision):
    written = renderer.html(decision)
    assert "style=" not in written
    assert not html.fromstring(written).xpath("//*[@src or @href]")


def test_a_renderer_stands_on_its_own(decision):
    assert decision.title in make_renderer().html(decision)
