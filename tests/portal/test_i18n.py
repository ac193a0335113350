"""A value keeps every sign that was typed; only the sentence around it gives way where they meet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.i18n import fill, use_locale
from portal.journey.messages import message
from portal.phrases import Phrase


@pytest.mark.parametrize(
    ("pattern", "values", "text"),
    [
        ("Du betaler %(amount)s.", {"amount": "2.137,13 kr."}, "Du betaler 2.137,13 kr."),
        ("Du betaler %(amount)s. Det er et skøn.", {"amount": "2 kr."}, "Du betaler 2 kr. Det er et skøn."),
        ("Du betaler %(amount)s, hver måned.", {"amount": "2 kr."}, "Du betaler 2 kr., hver måned."),
        ("Vælg %(thing)s", {"thing": ", hvem du bor med"}, "Vælg, hvem du bor med"),
        ("Vælg %(thing)s %(more)s", {"thing": "A", "more": ", hvis"}, "Vælg A, hvis"),
        ("Kære %(name)s, hej", {"name": ""}, "Kære, hej"),
        ("%(percent)s %% af %(amount)s.", {"percent": 41, "amount": "6 kr."}, "41 % af 6 kr."),
        ("%(a)s%(b)s", {"a": "5 kr.", "b": ". ,"}, "5 kr.. ,"),
        ("Ingen værdi her , kr..", {"x": 1}, "Ingen værdi her , kr.."),
    ],
)
def test_sentence_and_value_meet_well(pattern, values, text):
    assert fill(pattern, values) == text


@pytest.mark.parametrize("typed", ["Jeg fik 100 kr.. Tak , ikke", " , ", "kr..", "a %(b)s %% c", ".", "100 kr... og mere"])
def test_what_somebody_typed_stands_as_it_was_typed(typed):
    assert fill("De skrev: %(text)s", {"text": typed}).endswith(typed)
    assert typed in fill("%(text)s, og %(text)s.", {"text": typed})


@given(st.text(alphabet=" ,.kr%()sx\n"))
def test_no_value_is_ever_changed(typed):
    assert fill("<%(text)s>", {"text": typed}) == f"<{typed}>"
    assert typed in fill("Skriv %(text)s.", {"text": typed})
    assert typed in fill("%(text)s, %(text)s", {"text": typed})


def test_a_value_that_is_missing_is_an_error():
    with pytest.raises(KeyError):
        fill("Hej %(name)s", {"other": 1})


def test_a_kept_sentence_keeps_what_was_typed():
    assert str(Phrase("They wrote: %(text)s", {"text": "100 kr.. , tak"})) == "They wrote: 100 kr.. , tak"


def test_an_error_reads_as_a_sentence_in_danish():
    with use_locale("da"):
        assert message("missing_choice", thing=", hvor tit du får beløbet") == "Vælg, hvor tit du får beløbet"
