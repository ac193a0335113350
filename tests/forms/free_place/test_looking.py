"""What is told before the rules decide agrees with what they decide, and every reason has words for the citizen."""

from __future__ import annotations

import ast
import inspect

import pytest

from forms.free_place import decision
from forms.free_place.looking import TOLD, tell_citizen
from portal.i18n import use_locale
from portal.phrases import Phrase


def reasons_in_the_rules():
    """Every message of the functions that say why a person must look."""
    tree = ast.parse(inspect.getsource(decision))
    parts = [
        node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith(("_why_", "_silent", "_against_register"))
    ]
    calls = [node for part in parts if part.name != "_why_then" for node in ast.walk(part) if isinstance(node, ast.Call)]
    return {call.args[0].value for call in calls if isinstance(call.func, ast.Name) and call.func.id == "N_"}


def test_every_reason_of_the_rules_has_words_for_the_citizen():
    found = reasons_in_the_rules()
    assert len(found) > 20
    assert found <= set(TOLD)


def test_no_citizen_is_called_an_applicant_and_no_partner_is_told_on():
    for message, words in TOLD.items():
        assert "applicant" not in words.lower()
        assert "The partner" not in message or "partner" not in words.lower() or message in PARTNER_IS_NAMED


PARTNER_IS_NAMED = {"The partner has not approved", "The partner is not the one the people register shows"}


@pytest.mark.parametrize("language", ["da", "en"])
def test_a_reason_is_said_once(language):
    why = [
        Phrase("The partner has other income that the register does not show"),
        Phrase("The income register shows no income for the partner"),
    ]
    with use_locale(language):
        assert len(tell_citizen([*why, Phrase("Something the rules never say")])) == 1
