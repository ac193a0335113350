"""Min Side shows a person every look at their data, in plain words and without the names of staff."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from lxml import html
from sqlalchemy import func, select

from portal import audit
from portal.audit.purposes import CASE_HANDLING, WORDS
from portal.clock import FixedClock
from portal.i18n import use_locale
from portal.outbox.worker import Worker
from portal.registers.demo import demo_staff
from portal.settings import Settings
from portal.storage.models import AuditEntry, Case
from portal.web.citizen.looked import LOOKS_A_PAGE, why_words
from portal.web.parts import Parts
from tests.portal.fixtures import MOMENT, SELF_EMPLOYED, SINGLE, Browser
from tests.portal.records import Records
from tests.portal.walking import Walker

PAGE = "/my-page/who-has-looked"


@pytest.fixture
def portal_settings(sqlite_settings: Settings) -> Settings:
    """What the page says does not depend on the engine."""
    return sqlite_settings


def read(browser: Browser, page: int = 1) -> html.HtmlElement:
    answer = browser.get(f"{PAGE}?page={page}")
    assert answer.status_code == 200
    assert len(answer.data) < 15_000
    return html.document_fromstring(answer.get_data(as_text=True))


def told(tree: html.HtmlElement) -> list[list[str]]:
    """The table, cell by cell."""
    rows = tree.xpath("//main//tbody/tr")
    return [[" ".join(cell.text_content().split()) for cell in row] for row in rows]


def entries(parts: Parts, *verbs: str) -> list[AuditEntry]:
    with parts.database.session(reads_only=True) as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.verb.in_(verbs)).order_by(AuditEntry.chain, AuditEntry.sequence)))


def note(parts: Parts, person: uuid.UUID | None, **changes: Any) -> None:
    entry = {"role": "case_worker", "actor": "demo#staff-karen", "verb": "view", "subject": "case:x", "purpose": CASE_HANDLING}
    now = changes.pop("at", MOMENT)
    with parts.database.transaction() as work:
        audit.record(work, now, person_id=person, **{**entry, **changes})


def test_a_case_worker_who_looks_is_seen_to_have_looked(
    portal_parts: Parts, send_application: Any, staff_login: Any, login: Any, worker: Worker, clock: FixedClock, records: Records
) -> None:
    case_id = send_application("soeren", SELF_EMPLOYED)
    worker.drain()
    clock.move(hours=1)
    staff_login("ole").get(f"/back-office/cases/{case_id}")
    number = records.case("soeren").number
    rows = told(read(login("soeren")))
    asked = "Looked you up in the people register (CPR), the income register and the municipality's list of day-care places"
    assert rows == [
        ["21 November 2026 at 12:00", "A case worker in Odense Kommune (demo)", asked, "To handle the case"],
        ["21 November 2026 at 12:00", "A case worker in Odense Kommune (demo)", f"Saw your case {number}", "To handle the case"],
        ["21 November 2026 at 11:00", "The portal, automatically", asked, "To decide the application"],
    ]
    danish = told(read(login("soeren", "da")))
    assert danish[1] == [
        "21. november 2026 kl. 12.00",
        "En sagsbehandler i Odense Kommune (demo)",
        f"Så din sag {number}",
        "For at behandle sagen",
    ]
    assert danish[2][1:] == [
        "Selvbetjeningen, automatisk",
        "Slog dig op i CPR-registret, indkomstregistret og kommunens liste over pladser",
        "For at afgøre ansøgningen",
    ]


def test_no_name_or_id_of_staff_is_on_the_page(
    portal_parts: Parts, send_application: Any, staff_login: Any, login: Any, worker: Worker
) -> None:
    case_id = send_application("soeren", SELF_EMPLOYED)
    worker.drain()
    for each in ("karen", "ole", "dorthe"):
        staff_login(each).get(f"/back-office/cases/{case_id}")
    body = login("soeren").get(PAGE).get_data(as_text=True)
    assert "A case worker" in body
    for row in demo_staff():
        assert not [word for word in (row.name, row.name.split()[0], row.subject, "demo#") if word in body]


def test_what_the_portal_looks_up_for_me_is_there_and_what_i_do_is_not(visit: Callable[..., Walker], portal_parts: Parts) -> None:
    sofie = visit("sofie")
    sofie.open("/my-page/payments")
    sofie.begin()
    rows = told(read(sofie.browser))
    assert [row[3] for row in rows] == [str(WORDS["applying"]), str(WORDS["payments"])]
    assert {row[1] for row in rows} == {"The portal, automatically"}
    looked = entries(portal_parts, "look_up")
    assert {(each.actor_role, each.municipality, each.person_id) for each in looked} == {("system", "0461", sofie.browser.person_id)}
    sofie.open("/my-page/payments")
    sofie.open("/my-page")
    assert len(entries(portal_parts, "look_up")) == len(looked), "what is kept is not asked for again, and nothing is written"


def test_a_person_who_cannot_apply_was_looked_up_all_the_same(login: Any, portal_parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.journey.drafts.MOST_OPEN", 0)
    login("sofie").post("/apply/free-place")
    assert [each.purpose for each in entries(portal_parts, "look_up")] == ["applying"]


def test_a_partner_sees_the_looks_at_their_own_data_only(
    visit: Callable[..., Walker], worker: Worker, records: Records, portal_parts: Parts
) -> None:
    visit("maria").apply({"household": {"living": "couple:a1"}})
    anders = visit("anders", fresh=True)
    anders.approve(records.request("maria").id)
    worker.drain()
    why = {row[3] for row in told(read(anders.browser))}
    assert why == {str(WORDS["approving"]), str(WORDS["deciding"])}
    maria = told(read(visit("maria").browser))
    assert {row[3] for row in maria} == {str(WORDS["applying"]), str(WORDS["deciding"])}
    assert all(row[1] == "The portal, automatically" for row in maria), "what Anders did as a citizen is no look"


def test_a_case_worker_who_looks_at_a_partner(
    send_application: Any, staff_login: Any, portal_parts: Parts, login: Any, records: Records
) -> None:
    case_id = send_application("maria", SINGLE)
    anders = login("anders")
    note(portal_parts, anders.person_id, case_id=case_id, municipality="0461", subject=f"case:{case_id}")
    (row,) = told(read(anders))
    assert row[2] == "Saw your information in a case where you have been asked"
    assert records.case("maria").number not in row[2]


def test_a_file_a_search_and_a_silent_register_in_words(login: Any, portal_parts: Parts) -> None:
    sofie = login("sofie")
    for number, (role, verb, subject, results) in enumerate(
        [
            ("case_worker", "view", "document:1", None),
            ("auditor", "search_audit", "audit:person", 3),
            ("auditor", "export_audit", "audit:person", 3),
            ("system", "look_up", "registers:income", 0),
            ("front_desk", "view", "document:1", None),
            ("something_new", "view", "document:1", None),
        ]
    ):
        note(portal_parts, sofie.person_id, role=role, verb=verb, subject=subject, results=results, at=MOMENT - timedelta(minutes=number))
    assert [row[1:3] for row in told(read(sofie))] == [
        ["A case worker", "Opened a file you have sent"],
        ["An employee who checks who has looked", "Searched for who has seen your data"],
        ["An employee who checks who has looked", "Saved a list of who has seen your data"],
        ["The portal, automatically", "Looked you up in the income register, but got no answer"],
        ["An employee at the front desk (borgerservice)", "Opened a file you have sent"],
        ["An employee", "Opened a file you have sent"],
    ]


def test_only_looks_at_me_are_there(login: Any, portal_parts: Parts) -> None:
    sofie, maria = login("sofie"), login("maria")
    note(portal_parts, maria.person_id)
    note(portal_parts, None)
    note(portal_parts, sofie.person_id, role="citizen", actor=str(sofie.person_id))
    note(portal_parts, sofie.person_id, role="citizen", actor=str(maria.person_id))
    note(portal_parts, sofie.person_id, verb="decide")
    tree = read(sofie)
    assert told(tree) == []
    assert "Nobody has looked at your data here yet." in tree.text_content()


def test_thousands_of_looks_are_shown_some_at_a_time(login: Any, portal_parts: Parts) -> None:
    sofie = login("sofie")
    with portal_parts.database.transaction() as work:
        for number in range(LOOKS_A_PAGE * 2 + 1):
            audit.record(
                work,
                MOMENT - timedelta(minutes=number),
                role="case_worker",
                actor="a",
                verb="view",
                subject="case:1",
                person_id=sofie.person_id,
                municipality="0461",
                purpose=CASE_HANDLING,
            )
    pages = [told(read(sofie, number)) for number in (1, 2, 3)]
    assert [len(page) for page in pages] == [LOOKS_A_PAGE, LOOKS_A_PAGE, 1]
    assert told(read(sofie, 99)) == pages[2]
    assert len({tuple(row) for page in pages for row in page}) == LOOKS_A_PAGE * 2 + 1
    assert read(sofie, 2).xpath("//a[@rel='next']/@href") == [f"{PAGE}?page=3"]


def test_the_table_can_be_read_cell_by_cell(login: Any, portal_parts: Parts) -> None:
    sofie = login("sofie")
    note(portal_parts, sofie.person_id)
    (table,) = read(sofie).xpath("//main//table")
    assert table.xpath("./caption/text()") == ["Newest first"]
    assert [head.get("scope") for head in table.xpath("./thead/tr/th")] == ["col"] * 4
    (row,) = table.xpath("./tbody/tr")
    assert [(cell.tag, cell.get("scope")) for cell in row] == [("th", "row"), ("td", None), ("td", None), ("td", None)]
    assert [cell.get("data-title") for cell in row] == table.xpath("./thead/tr/th/text()")


def test_the_way_there(login: Any) -> None:
    for path in ("/my-page", "/my-page/post"):
        assert f'href="{PAGE}"' in login("sofie").get(path).get_data(as_text=True)


def test_every_purpose_has_words_in_danish() -> None:
    with use_locale("da"):
        assert all(why_words(purpose) not in (words, "Ikke noteret") for purpose, words in WORDS.items())
        assert why_words("no longer known") == why_words(None) == "Ikke noteret"


def test_staff_are_written_down_when_they_look(
    portal_parts: Parts, send_application: Any, staff_login: Any, worker: Worker, records: Records
) -> None:
    case_id = send_application("soeren", SELF_EMPLOYED)
    worker.drain()
    ole = staff_login("ole")
    ole.get("/back-office")
    ole.get(f"/back-office/cases/{case_id}")
    (listed,) = entries(portal_parts, "list")
    assert (listed.actor, listed.municipality, listed.results) == ("demo#staff-ole", "0461", 1)
    (seen,) = entries(portal_parts, "view")
    looked = [each for each in entries(portal_parts, "look_up") if each.actor_role == "case_worker"]
    assert {(each.actor, each.case_id, each.municipality, each.purpose) for each in (seen, *looked)} == {
        ("demo#staff-ole", case_id, "0461", "case handling")
    }
    assert len(looked) == 1
    with portal_parts.database.session(reads_only=True) as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 1
