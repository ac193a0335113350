"""Somebody at the address whose name is protected is not named to the others there, unless they are the partner."""

from __future__ import annotations

from dataclasses import replace

import pytest
from msgspec.structs import replace as changed

from portal.registers.registers import embedded_registers
from portal.wiring import make_ask


class People:
    """The people register, with every other adult's name protected, and living together as the test says."""

    def __init__(self, relation):
        self._usual, self._relation = embedded_registers().people, relation

    def household(self, cpr):
        home = self._usual.household(cpr)
        adults = tuple(changed(adult, person=changed(adult.person, protected=True), relation=self._relation) for adult in home.adults)
        return changed(home, adults=adults)


@pytest.fixture
def people(portal_app, portal_parts, clock):
    """Put such a register behind the pages."""

    def put(relation):
        registers = replace(embedded_registers(), people=People(relation))
        portal_app.extensions["portal"] = replace(portal_parts, ask=make_ask(registers, clock))

    return put


def test_a_protected_lodger_is_another_adult_and_no_choice(people, visit, records):
    people("other")
    page = visit("maria").begin()
    assert "Anders" not in page.content
    assert "another adult" in page.text
    assert {each.get("value") for each in page.main.xpath(".//input[@name='living']")} == {"single", "couple"}
    (adult,) = records.draft(page.path.split("/")[3]).facts["adults"]
    assert adult == {"ref": "a1", "cpr": None, "name": None, "relation": "other"}
    refused = page.walker.send(page.path, {"living": "couple:a1", "version": "1"})
    assert refused.status == 422


def test_a_protected_partner_is_known_to_the_one_they_live_with(people, visit):
    people("spouse")
    page = visit("maria").begin()
    assert "I live with Anders" in page.text
    assert page.value("living") == ["couple:a1"]
