"""Every kind of control: named, described, in error and in order, without leaning on the browser's own checks."""

from __future__ import annotations

from typing import Any

import html5lib
import pytest
from jinja2 import Environment
from lxml import html

LINES = ["text", "money", "number", "cpr", "email", "phone"]
KINDS = [*LINES, "textarea", "yesno", "choice", "ticks", "select", "date", "month", "file", "confirm"]
GROUPS = {"yesno", "choice", "ticks", "date", "month"}


def draw(environment: Environment, field: Any, *, heading: bool = False) -> html.HtmlElement:
    template = environment.from_string('{% import "macros/fields.html" as fields %}{{ fields.draw(field, heading=heading) }}')
    return html.fromstring(template.render(field=field, heading=heading))


def control(group: html.HtmlElement, name: str) -> html.HtmlElement:
    (element,) = group.xpath(f"//*[@id='{name}']")
    assert element.tag in {"input", "select", "textarea"}
    return element


def description(group: html.HtmlElement, element: html.HtmlElement) -> str:
    names = element.get("aria-describedby", "").split()
    return " ".join(group.get_element_by_id(name).text_content() for name in names)


@pytest.fixture(params=KINDS)
def clean(request: pytest.FixtureRequest, fields_clean: list[Any]) -> Any:
    return next(field for field in fields_clean if field.kind == request.param)


@pytest.fixture(params=KINDS)
def wrong(request: pytest.FixtureRequest, fields_wrong: list[Any]) -> Any:
    return next(field for field in fields_wrong if field.kind == request.param)


def test_the_first_control_has_the_fields_own_id_and_a_label(environment: Environment, clean: Any) -> None:
    group = draw(environment, clean)
    for element in group.xpath("//input | //select | //textarea"):
        assert len(group.xpath(f"//label[@for='{element.get('id')}']")) == 1
        assert element.get("name").startswith(clean.name)
    control(group, clean.id)


def test_hint_is_read_with_the_control_and_no_error_is_shown(environment: Environment, clean: Any) -> None:
    group = draw(environment, clean)
    assert clean.description in description(group, control(group, clean.id))
    assert not group.xpath("//*[@aria-invalid] | //*[contains(@class, 'form-error ')]")
    assert "".join(text.text_content() for text in group.find_class("form-error-message")) == ""


def test_error_is_read_with_the_control_and_escaped(environment: Environment, wrong: Any) -> None:
    group = draw(environment, wrong)
    assert f"Error: {wrong.errors[0]}" in description(group, control(group, wrong.id))
    assert "form-error" in group.get("class")
    assert group.xpath("//*[@aria-invalid='true']")
    assert wrong.errors[1] not in group.text_content()


def test_a_group_is_described_itself_too(environment: Environment, wrong: Any) -> None:
    fieldsets = draw(environment, wrong).xpath("//fieldset")
    assert bool(fieldsets) == (wrong.kind in GROUPS)
    for fieldset in fieldsets:
        assert f"{wrong.id}-error" in fieldset.get("aria-describedby").split(" ")
        assert fieldset[0].tag == "legend"
        assert wrong.text in fieldset[0].text_content()


def test_needed_is_told_to_screen_readers_only_when_needed(environment: Environment, clean: Any) -> None:
    group = draw(environment, clean)
    assert not group.xpath("//*[@required]")
    if clean.kind != "ticks":
        assert bool(group.xpath("//*[@aria-required='true']")) == (not clean.optional)
    assert ("(optional)" in group.text_content()) == clean.optional
    clean.optional = not clean.optional
    if clean.kind not in {"ticks", "confirm"}:
        flipped = draw(environment, clean)
        assert bool(flipped.xpath("//*[@aria-required='true']")) == (not clean.optional)
        assert ("(optional)" in flipped.text_content()) == clean.optional


def test_the_question_can_be_the_heading(environment: Environment, clean: Any) -> None:
    headings = draw(environment, clean, heading=True).xpath("//h1")
    assert [heading.text_content() for heading in headings] == ([] if clean.kind == "confirm" else [headings[0].text_content()])
    assert all(clean.text in heading.text_content() for heading in headings)


def test_markup_is_valid(environment: Environment, wrong: Any) -> None:
    template = environment.from_string('{% import "macros/fields.html" as fields %}{{ fields.draw(field) }}')
    parser = html5lib.HTMLParser(strict=True)
    parser.parse("<!DOCTYPE html><title>x</title>" + template.render(field=wrong))


def test_what_was_typed_comes_back(environment: Environment, fields_clean: list[Any]) -> None:
    by_kind = {field.kind: draw(environment, field) for field in fields_clean}
    assert control(by_kind["money"], "gross").get("value") == "28.000,00"
    assert control(by_kind["textarea"], "why").text.strip() == "Jeg er gået ned i tid."
    assert by_kind["choice"].xpath("//input[@checked]/@value") == ["income"]
    assert by_kind["ticks"].xpath("//input[@checked]/@value") == ["income"]
    assert by_kind["select"].xpath("//option[@selected]/@value") == ["0461"]
    assert by_kind["confirm"].xpath("//input[@checked]/@value") == ["yes"]
    assert by_kind["date"].xpath("//input/@value") == ["12", "3", "2026"]
    assert by_kind["date"].xpath("//input/@name") == ["since-day", "since-month", "since-year"]


def test_what_was_typed_cannot_become_markup(environment: Environment, fields_clean: list[Any]) -> None:
    for field in fields_clean:
        field.value = '"><script>x</script></textarea><script>'
        field.text = "<script>x</script>"
        assert not draw(environment, field).xpath("//script")


def test_tokens_for_the_browser(environment: Environment, fields_clean: list[Any]) -> None:
    by_kind = {field.kind: draw(environment, field) for field in fields_clean}
    assert by_kind["email"].xpath("//input/@autocomplete") == ["email"]
    assert by_kind["date"].xpath("//input/@autocomplete") == ["bday-day", "bday-month", "bday-year"]
    assert by_kind["date"].xpath("//input/@inputmode") == ["numeric"] * 3
    assert by_kind["money"].xpath("//input/@inputmode") == ["decimal"]
    assert by_kind["file"].xpath("//input/@accept") == [".pdf,.jpg,.png"]


def test_the_unit_is_read_with_the_amount(environment: Environment, fields_clean: list[Any]) -> None:
    money = next(field for field in fields_clean if field.kind == "money")
    group = draw(environment, money)
    assert "kr." in description(group, control(group, money.id))


def test_limits_of_files_are_told_before_the_error(environment: Environment, fields_clean: list[Any]) -> None:
    field = next(field for field in fields_clean if field.kind == "file")
    group = draw(environment, field)
    told = description(group, control(group, field.id))
    assert "PDF, JPG, PNG" in told
    assert "10 MB" in told
    assert "5 files" in told


def test_only_fields_that_ask_for_it_are_checked_as_the_person_goes(environment: Environment, fields_clean: list[Any]) -> None:
    checked = {field.id: draw(environment, field).xpath("//@data-check") for field in fields_clean}
    assert {field: names for field, names in checked.items() if names} == {"gross": ["money"], "cpr": ["cpr"]}
