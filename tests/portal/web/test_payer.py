"""Bills belong to the one who pays for the place: nobody sees another's bills as their own, and no grant misses the bills."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from portal.clock import FixedClock
from portal.months import Month
from portal.outbox.worker import Worker
from portal.payments import bills
from portal.registers.demo import demo_persons
from portal.storage.models import RegisterCopy
from portal.storage.people import ensure_person
from portal.web.parts import Parts
from tests.portal.fixtures import Browser
from tests.portal.records import Records
from tests.portal.walking import Walker
from tests.registers_of import facts_of

FATHER_PAYS = "Anders pays for the place of Ida. The bills go to Anders, who sees them on My page."


def plan_of(parts: Parts, facts: dict[str, Any]) -> Any:
    """What the person of these facts pays in December."""
    return parts.services["free-place"].expected_plan(facts, [], Month(2026, 12), parts.clock.today(), None, 1).months[0]  # type: ignore[misc]


def paying(facts: dict[str, Any], *children: str) -> dict[str, Any]:
    """The facts with these children's places paid for by the person, and the others' by Anders."""
    places = [
        {**place, "pays": place["child"] in children, "payer": None if place["child"] in children else "Anders"}
        for place in facts["places"]
    ]
    return {**facts, "places": places}


def test_the_register_says_who_pays(portal_parts: Parts) -> None:
    assert [(place["pays"], place["payer"]) for place in facts_of(portal_parts, "maria")["places"]] == [(True, None)] * 2
    assert [(place["pays"], place["payer"]) for place in facts_of(portal_parts, "anders")["places"]] == [(False, "Maria")] * 2


def test_who_pays_is_named_only_in_the_same_home(portal_parts: Parts) -> None:
    (place,) = facts_of(portal_parts, "sofie")["places"]
    assert place["pays"]
    elsewhere = demo_persons()["viktor"].cpr
    found = portal_parts.services["free-place"].gather(portal_parts.ask, elsewhere, portal_parts.clock.today())["places"]
    assert [(each["pays"], each["payer"]) for each in found] == [(False, None)]


@pytest.mark.parametrize("decided", [False, True], ids=["open", "granted"])
def test_a_partner_who_does_not_pay_sees_who_does_and_no_amount(
    visit: Callable[..., Walker], worker: Worker, records: Records, portal_parts: Parts, *, decided: bool
) -> None:
    visit("maria").apply({"household": {"living": "couple:a1"}, "partner-income": {"estimate": "15000"}})
    anders = visit("anders", fresh=True)
    if decided:
        anders.approve(records.request("maria").id)
        worker.drain()
        assert records.decision("maria").outcome == "granted"
    for path in ("/my-page/payments", "/my-page"):
        page = anders.open(path)
        assert "Maria pays for the places of Ida and Emil. The bills go to Maria, who sees them on My page." in page.text
        assert "DKK" not in page.text
        assert not list(page.main.iter("table"))
    assert "Next payment: DKK" in visit("maria").open("/my-page/payments").text or not decided


def test_only_the_places_one_pays_for_are_billed_but_the_siblings_count(portal_parts: Parts) -> None:
    facts = facts_of(portal_parts, "maria")
    both, one = plan_of(portal_parts, paying(facts, "c1", "c2")), plan_of(portal_parts, paying(facts, "c2"))
    assert [line.child_key for line in one.lines] == ["c2"]
    assert one.lines[0].sibling == next(line for line in both.lines if line.child_key == "c2").sibling
    assert one.lines[0].sibling or next(line for line in both.lines if line.child_key == "c1").sibling


def test_a_parent_who_pays_for_one_of_two_sees_that_one_and_who_pays_for_the_other(
    login: Callable[..., Browser], portal_parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = facts_of(portal_parts, "maria")
    ida = next(child["ref"] for child in facts["children"] if child["name"].startswith("Ida"))
    others = [child["ref"] for child in facts["children"] if child["ref"] != ida]
    monkeypatch.setattr("portal.web.citizen.payments._facts", lambda _service: paying(facts, *others))
    text = login("maria").get("/my-page/payments").get_data(as_text=True)
    assert FATHER_PAYS in text
    assert "What you pay for Emil, month by month" in text


def test_a_payer_elsewhere_has_no_name(login: Callable[..., Browser], portal_parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = facts_of(portal_parts, "sofie")
    strangers = {**facts, "places": [{**place, "pays": False, "payer": None} for place in facts["places"]]}
    monkeypatch.setattr("portal.web.citizen.payments._facts", lambda _service: strangers)
    text = login("sofie").get("/my-page/payments").get_data(as_text=True)
    assert "Somebody else pays for the place of Noah. The bills go to the one who pays." in text


def test_a_copy_from_before_the_payer_was_kept_is_asked_for_again(
    login: Callable[..., Browser], portal_parts: Parts, clock: FixedClock
) -> None:
    facts = facts_of(portal_parts, "anders")
    old = [{key: value for key, value in place.items() if key not in ("pays", "payer")} for place in facts["places"]]
    with portal_parts.database.transaction() as work:
        person = ensure_person(work, facts["cpr"], clock.now(), "en")
        content = {key: facts[key] for key in ("on", "status", "municipality", "children")} | {"places": old}
        work.add(RegisterCopy(person_id=person.id, content=content, taken=clock.now() - timedelta(hours=1)))
    assert "Maria pays for" in login("anders").get("/my-page/payments").get_data(as_text=True)


@pytest.mark.parametrize("answers", [{}, {"reason": {"reason": "stop"}, "stop-month": {"month": "2027-02"}}], ids=["grant", "stop"])
def test_an_applicant_who_does_not_pay_gets_a_person(
    visit: Callable[..., Walker], worker: Worker, records: Records, answers: dict[str, Any]
) -> None:
    visit("anders").apply({"household": {"living": "couple:a1"}, "partner-income": {"estimate": "18000"}, **answers})
    if not answers:
        visit("maria", fresh=True).approve(records.request("anders").id)
    worker.drain()
    assert "Somebody else than the applicant pays for the places" in records.why("anders")
    assert records.decision("anders") is None


def test_a_bill_holds_only_the_places_its_payer_pays_for(portal_parts: Parts, clock: FixedClock) -> None:
    facts = facts_of(portal_parts, "maria")
    mine = paying(facts, "c2")
    with portal_parts.database.transaction() as work:
        person = ensure_person(work, facts["cpr"], clock.now())
        bills.issue(work, person.id, plan_of(portal_parts, mine), clock.now())
        (bill,) = bills.newest(work, person.id).values()
    assert list(bill.lines) == ["c2"]
