"""Who cannot apply here, each with a page that says why and what they can do."""

from __future__ import annotations

from typing import get_args

import pytest

from forms.free_place.facts import needed_facts_problem
from portal.i18n import use_locale
from portal.registers.people import Status

OTHERS = [status for status in get_args(Status) if status != "resident"]


def page(status, age=40):
    with use_locale("da"):
        return needed_facts_problem({"person": {"status": status, "age": age}})


def test_somebody_who_lives_here_or_is_not_known_of_may_apply():
    assert page("resident") is None
    assert needed_facts_problem({"person": None}) is None


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("emigrated", "Meld din flytning"),
        ("greenland", "Spørg din kommune dér"),
        ("missing", "CPR ved ikke, hvor du bor"),
        ("administrative", "Den kan registrere din adresse"),
        ("annulled", "ikke bruges mere"),
        ("dead", "er død"),
    ],
)
def test_each_status_has_words_of_its_own_and_a_way_on(status, words):
    stop = page(status)
    text = " ".join(stop.paragraphs)
    assert words in text
    assert "kommune" in text


def test_no_two_statuses_are_told_the_same():
    assert len({tuple(page(status).paragraphs) for status in OTHERS}) == len(OTHERS)


def test_under_eighteen_comes_first():
    assert page("emigrated", age=17).title == page("resident", age=17).title == "Du skal være fyldt 18 år for at søge"
