"""A CPR number that somebody types says nothing of whose it is: the same answer, and the same work, whoever it belongs to."""

from __future__ import annotations

import re
from dataclasses import replace
from statistics import median
from time import process_time

import pytest

from benchmarks.statements import counted
from portal.journey.forms import StepForm
from portal.registers.demo import demo_persons
from portal.web.back_office.acts import AskForm, DecideForm
from portal.web.citizen.answering import HearingForm, InformationForm
from tests.portal.walking import SLUG

# Somebody the register knows, somebody protected, somebody dead, somebody gone away, and a number that is nobody's.
WHO = {"known": "maria", "protected": "line", "dead": "ellen", "gone": "viktor"}
NOBODY = "6101010000"
NUMBERS = {**{kind: demo_persons()[key].cpr for kind, key in WHO.items()}, "nobody": NOBODY}
# Every field that takes another person's number, by application and page. A new one is tried below as these are.
TAKES_A_NUMBER = {(SLUG, "partner-number", "cpr")}
# What differs from one draft to the next, whoever was written.
OWN = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{27}|value=\"[\w.-]{40,}\"|content=\"[\w.-]{40,}\"|name=\"version\" value=\"\d+\"|data-left=\"\d+\"|\b\d\d?[.:]\d\d\b"
)


@pytest.fixture
def portal_settings(sqlite_settings):
    """Statements and questions are counted, and they are the same on both engines."""
    return sqlite_settings


@pytest.fixture
def asked(portal_app, portal_parts):
    """Whom the registers are asked about."""
    seen = []

    def ask(register, question, *args):
        seen.append((register, question))
        return portal_parts.ask(register, question, *args)

    portal_app.extensions["portal"] = replace(portal_parts, ask=ask)
    return seen


@pytest.fixture
def partner_page(visit):
    """The page that asks for a partner's number, each time in an application of its own."""
    soeren = visit("soeren")
    soeren.browser.get("/my-page")

    def begin():
        return soeren.fill_in({"household": {"living": "couple"}}, until="partner-number")

    return soeren, begin


def forms_of(services):
    """Every form that people fill in, with where it is."""
    for slug, service in services.items():
        yield from ((slug, step.name, step.form) for step in service.steps)
        for kind, page in service.answer_pages.items():
            module = __import__(page.next_form.__module__, fromlist=["x"])
            forms = [each for each in vars(module).values() if isinstance(each, type) and issubclass(each, StepForm)]
            yield from ((slug, kind, form) for form in forms)
    yield from (("office", form.__name__, form) for form in (AskForm, DecideForm))
    yield from (("requests", form.__name__, form) for form in (HearingForm, InformationForm))


def test_every_field_that_takes_a_number_is_tried_here(portal_parts, portal_app):
    found = {(slug, name, field.name) for slug, name, form in forms_of(portal_parts.services) for field in form() if field.kind == "cpr"}
    calculator = portal_parts.calculator.form(None, portal_parts.clock.today())
    assert found == TAKES_A_NUMBER
    assert not [field.name for field in calculator if getattr(field, "kind", "") == "cpr"]


def test_the_answer_and_the_work_are_the_same_whosever_number_it_is(partner_page, asked, portal_parts):
    soeren, begin = partner_page
    told = {}
    page = begin()
    for kind, number in NUMBERS.items():
        asked.clear()
        with counted(portal_parts.database.engine) as statements:
            answer = soeren.browser.post(page.path, {"cpr": number, "version": "99"})
            following = soeren.browser.get(answer.location)
            again = soeren.browser.get(page.path)
        texts = [OWN.sub("…", text) for text in (answer.text, following.text, again.text.replace(number, "…"))]
        told[kind] = (
            answer.status_code,
            [name for name, _value in answer.headers],
            texts,
            list(asked),
            [shape(each) for each in statements],
        )
    assert told["known"][0] == 303
    assert [kind for kind, each in told.items() if each != told["known"]] == []


def test_the_whole_way_to_the_receipt_is_the_same_and_names_nobody(partner_page, asked):
    soeren, begin = partner_page
    told = {}
    for kind, number in NUMBERS.items():
        asked.clear()
        page = soeren.walk(begin().fill({"cpr": number}).press(), PAGES)
        texts = [page.content]
        receipt = page.press("Send application")
        assert "/receipt/" in receipt.path
        texts.append(receipt.content)
        told[kind] = ([OWN.sub("…", re.sub(r"20\d\d-\w+", "…", text)) for text in texts], list(asked))
        for name in names_of(WHO.get(kind)):
            assert name not in "".join(texts)
    assert [kind for kind, each in told.items() if each != told["known"]] == []


def test_the_time_is_told_and_not_judged(partner_page, record_property):
    soeren, begin = partner_page
    page = begin()
    medians = {}
    for kind in ("known", "nobody"):
        used = []
        for _time in range(15):
            before = process_time()
            soeren.browser.post(page.path, {"cpr": NUMBERS[kind], "version": "99"})
            used.append(process_time() - before)
        medians[kind] = median(used) * 1000
    record_property("milliseconds", medians)
    assert all(medians.values())


@pytest.mark.parametrize("kind", sorted(NUMBERS))
def test_the_check_while_typing_says_nothing_of_anybody(login, asked, portal_parts, kind):
    sofie = login("sofie")
    with counted(portal_parts.database.engine) as statements:
        answer = sofie.client.post("/check-field", json={"kind": "cpr", "value": NUMBERS[kind]}, headers={"X-CSRFToken": sofie.csrf})
    assert (answer.status_code, answer.json, asked) == (200, {"message": ""}, [])
    # Its own session is all it looks at.
    assert not [each for each in statements if "person" in each and "web_session" not in each]


def names_of(key):
    return [demo_persons()[key].name, demo_persons()[key].name.split()[0]] if key else []


def shape(statement):
    """A statement without its values."""
    return re.sub(r"\s+", " ", statement)


PAGES = {"income": {"use": "yes"}, "payslip": {"rhythm": "monthly", "gross": "28000", "am": "2232", "atp": "99", "pension": "0"}}
