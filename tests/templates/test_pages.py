"""The macros together on whole pages: the layout, the component page, the page for refusals."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import html5lib
import pytest
from jinja2 import Environment
from lxml import html

REFERENCES = ("aria-describedby", "aria-labelledby", "for")


def page(environment: Environment, body: str, **values: object) -> html.HtmlElement:
    imports = "".join(f'{{% import "macros/{name}.html" as {name} %}}' for name in ("page", "answers", "errors"))
    return html.fromstring("<div>" + environment.from_string(imports + body).render(**values) + "</div>")


def layout(environment: Environment, **values: object) -> html.HtmlElement:
    return html.document_fromstring(environment.get_template("layout.html").render(**{"page_title": "Din indkomst", **values}))


def test_component_page_is_valid(components_page: str) -> None:
    html5lib.HTMLParser(strict=True).parse(components_page)


def test_ids_are_unique_and_references_lead_somewhere(components_page: str) -> None:
    tree = html.document_fromstring(components_page)
    ids = Counter(tree.xpath("//@id"))
    assert [name for name, times in ids.items() if times > 1] == []
    named = [name for attribute in REFERENCES for value in tree.xpath(f"//@{attribute}") for name in value.split(" ")]
    assert len(named) > 20
    assert [name for name in named if name not in ids] == []


def test_nothing_a_strict_policy_would_refuse(components_page: str) -> None:
    tree = html.document_fromstring(components_page)
    assert not tree.xpath("//@style | //style | //*[@required] | //@onclick | //@onpaste")
    assert not tree.xpath("//script[not(@src)]")
    assert "data:" not in components_page


def test_a_page_is_small_on_the_wire(components_page: str) -> None:
    assert len(components_page) < 24_000


def test_every_error_in_the_summary_is_said_again_at_its_field(environment: Environment, fields_wrong: list[Any]) -> None:
    text = environment.get_template("demo/components.html").render(form=fields_wrong, errors=True, page_title="x")
    tree = html.document_fromstring(text)
    (summary,) = tree.find_class("error-summary")
    links = summary.xpath(".//a")
    assert len(links) == len(fields_wrong)
    for link in links:
        field = tree.get_element_by_id(link.get("href").removeprefix("#"))
        assert field.tag in {"input", "select", "textarea"}
        described = [tree.get_element_by_id(name).text_content() for name in field.get("aria-describedby").split(" ")]
        assert f"Error: {link.text_content()}" in described


def test_summary_takes_focus_and_is_no_alert(environment: Environment, fields_wrong: list[Any]) -> None:
    (summary,) = page(environment, "{{ errors.summary(form) }}", form=fields_wrong).find_class("error-summary")
    assert (summary.get("role"), summary.get("tabindex")) == ("group", "-1")
    assert "autofocus" in summary.attrib
    assert summary.xpath("string(.//h2)") == f"There are {len(fields_wrong)} errors on the page"


def test_summary_counts_one_and_says_what_belongs_to_no_field(environment: Environment) -> None:
    class Form(list[Any]):
        form_errors = ("Vælg mindst ét barn",)

    (summary,) = page(environment, "{{ errors.summary(form) }}", form=Form()).find_class("error-summary")
    assert summary.xpath("string(.//h2)") == "There is 1 error on the page"
    assert summary.xpath(".//li/text()") == ["Vælg mindst ét barn"]


def test_no_errors_no_summary(environment: Environment, fields_clean: list[Any]) -> None:
    assert not page(environment, "{{ errors.summary(form) }}", form=fields_clean).find_class("error-summary")


@pytest.mark.parametrize(
    ("values", "title"),
    [
        ({}, "Din indkomst – Self-service"),
        ({"sender_name": "Odense Kommune"}, "Din indkomst – Odense Kommune"),
        (
            {"errors": True, "step_number": 2, "step_count": 9, "service_name": "Fripladstilskud", "sender_name": "Odense Kommune"},
            "Error: Din indkomst – step 2 of 9 – Fripladstilskud – Odense Kommune",
        ),
    ],
)
def test_title(environment: Environment, values: dict[str, object], title: str) -> None:
    assert layout(environment, **values).xpath("string(//title)") == title


def test_skip_link_comes_first_and_leads_to_the_content(environment: Environment) -> None:
    tree = layout(environment)
    first = tree.xpath("//a | //button | //input")[0]
    assert first.get("href") == "#main-content"
    assert tree.get_element_by_id("main-content").tag == "main"


def test_languages(environment: Environment) -> None:
    links = layout(environment).xpath("//ul[@class='site-languages']//a")
    marks = [(link.get("lang"), link.get("hreflang"), link.get("aria-current")) for link in links]
    assert marks == [("da", "da", "true"), ("en", "en", None)]


def test_someone_signed_in_sees_the_menu_and_can_leave_by_a_form(environment: Environment) -> None:
    tree = layout(environment, current_user=SimpleNamespace(display_name="Mette Prøvesen"))
    (form,) = tree.xpath("//form")
    assert (form.get("method"), form.get("action")) == ("post", "/session/logout")
    assert form.xpath(".//input[@name='csrf_token']/@value") == ["token"]
    assert tree.xpath("//meta[@name='csrf-token']/@content") == ["token"]
    assert tree.xpath("//nav//a[@aria-current='page']/text()") == ["Min Side"]
    assert "/session/login" not in tree.xpath("//a/@href")


def test_someone_not_signed_in_gets_no_token_and_no_menu(environment: Environment) -> None:
    tree = layout(environment)
    assert not tree.xpath("//nav | //form | //meta[@name='csrf-token']")
    assert "/session/login" in tree.xpath("//a/@href")


def test_help_and_statement_are_the_same_on_pages_and_refusals(environment: Environment) -> None:
    template = environment.get_template("errors/error.html")
    refusal = html.document_fromstring(template.render(title="x", lead="y", what_to_do=["z"]))
    (here,), (there,) = layout(environment).xpath("//footer//section"), refusal.xpath("//footer//section")
    assert html.tostring(here) == html.tostring(there)
    assert here.xpath(".//a/@href") == ["tel:12345678", "mailto:hjaelp@kommune.example"]
    assert "/pages/was" in layout(environment).xpath("//footer//a/@href")


def test_refusal_comes_out_when_everything_else_is_gone(environment: Environment) -> None:
    for name in ("current_user", "csrf_token", "url_for", "static_url", "contact", "locale", "nav_items", "demo"):
        del environment.globals[name]
    template = environment.get_template("errors/error.html")
    text = template.render(title="Siden findes ikke", lead="Adressen er forkert.", what_to_do=["Start forfra"])
    html5lib.HTMLParser(strict=True).parse(text)
    tree = html.document_fromstring(text)
    assert tree.xpath("string(//h1)") == "Siden findes ikke"
    assert tree.xpath("//main//li/text()") == ["Start forfra"]
    assert re.search(r'href="/static/css/portal\.css"', text)


END = {"left": 1800, "warn": 300, "can_extend": True, "words": "You are logged in until 14:30.", "again": "/login?fresh=1"}


def test_the_end_of_the_session_is_told_only_when_there_is_one(environment: Environment) -> None:
    assert not layout(environment).xpath("//*[@id='session-notice'] | //*[@class='session-plain']")
    (notice,) = layout(environment, session_end=END).xpath("//*[@id='session-notice']")
    assert (notice.get("data-left"), notice.get("data-warn")) == ("1800", "300")
    assert notice.xpath("./p[@role='status']")[0].text is None


def test_without_scripts_the_end_is_told_in_words_with_a_button_in_a_tab_of_its_own(environment: Environment) -> None:
    (plain,) = layout(environment, session_end=END).xpath("//*[@class='session-plain']")
    assert plain.xpath("string(./p)") == "You are logged in until 14:30."
    (form,) = plain.xpath("./form")
    assert (form.get("method"), form.get("action"), form.get("target")) == ("post", "/staying/extend", "_blank")


def test_where_the_end_cannot_be_moved_there_is_a_new_login_and_no_button(environment: Environment) -> None:
    (plain,) = layout(environment, session_end={**END, "can_extend": False}).xpath("//*[@class='session-plain']")
    assert not plain.xpath(".//form")
    assert plain.xpath(".//a/@href | .//a/@target") == ["/login?fresh=1", "_blank"]


def test_form_posts_to_a_given_address_with_a_token(environment: Environment) -> None:
    (form,) = page(environment, '{% call page.form("/next", files=true) %}{% endcall %}').xpath("//form")
    assert (form.get("action"), form.get("method"), form.get("enctype")) == ("/next", "post", "multipart/form-data")
    assert "novalidate" in form.attrib
    assert form.xpath("./input[@type='hidden']/@value") == ["token"]


def test_answers_have_headers_sources_and_links_that_make_sense_alone(environment: Environment) -> None:
    rows = [
        {"label": "Løn før skat", "value": ["28.000,00 kr.", "og diæter"], "source": "Fra indkomstregistret", "change_url": "/ret"},
        {"label": "Måned", "value": Decimal(3), "source": "", "change_url": None},
    ]
    tree = page(environment, "{{ answers.table('Indkomst', rows) }}", rows=rows)
    assert tree.xpath("//caption/text()") == ["Indkomst"]
    assert tree.xpath("//th[@scope='row']/text()") == ["Løn før skat", "Måned"]
    assert tree.xpath("//*[@class='answers-source']/text()") == ["Fra indkomstregistret"]
    assert [link.text_content() for link in tree.xpath("//a")] == ["Change Løn før skat"]


def test_money_table_has_a_name_headers_and_sums(environment: Environment) -> None:
    rows = [SimpleNamespace(header="december 2026", cells=[Decimal("1663.62"), "0"], tag="Betalt", tone="success", note="Første måned")]
    total = SimpleNamespace(header="I alt", cells=[Decimal("1663.62"), "0"])
    body = "{{ page.money_table('t', 'Betaling', ['Måned', 'Takst', 'Du betaler'], rows, total) }}"
    tree = page(environment, body, rows=rows, total=total)
    (region,) = tree.xpath("//*[@role='region']")
    assert (region.get("tabindex"), tree.get_element_by_id(region.get("aria-labelledby")).text) == ("0", "Betaling")
    assert tree.xpath("//th[@scope='col']/text()") == ["Måned", "Status", "Takst", "Du betaler"]
    assert tree.xpath("//tbody//td/@data-title") == ["Takst", "Du betaler"]
    assert [cell.text_content() for cell in tree.xpath("//tbody//td")] == ["BetaltFørste måned", "1 663,62 kr.", "0"]
    assert tree.xpath("//tbody//th")[0].text_content() == "december 2026"
    assert "I alt" in tree.xpath("string(//tfoot)")


def test_money_table_without_states_has_no_column_for_them(environment: Environment) -> None:
    rows = [SimpleNamespace(header="Ida", cells=[Decimal(1)])]
    tree = page(environment, "{{ page.money_table('t', 'Betaling', ['Barn', 'Takst'], rows) }}", rows=rows)
    assert tree.xpath("//th[@scope='col']/text()") == ["Barn", "Takst"]


def test_chart_is_drawn_to_scale_and_hidden_from_screen_readers(environment: Environment) -> None:
    months = [
        SimpleNamespace(label="dec", amount=Decimal(200), state="paid"),
        SimpleNamespace(label="jan", amount=Decimal(100), state="hold"),
    ]
    tree = page(environment, "{{ page.chart(months) }}", months=months)
    assert tree.xpath("//figure/@aria-hidden") == ["true"]
    assert tree.xpath("//rect/@height") == ["110", "55"]
    assert tree.xpath("//rect/@class") == ["chart-paid", "chart-hold"]


@pytest.mark.parametrize("amounts", [[], [0, 0]])
def test_chart_of_nothing_is_flat(environment: Environment, amounts: list[int]) -> None:
    months = [{"label": "x", "amount": amount, "state": "paid"} for amount in amounts]
    assert set(page(environment, "{{ page.chart(months) }}", months=months).xpath("//rect/@height")) <= {"0"}


def test_timeline_marks_what_comes_next(environment: Environment) -> None:
    events = [
        SimpleNamespace(at=date(2026, 12, 3), text="Vi har modtaget din ansøgning.", next=False),
        SimpleNamespace(at=None, text="Vi afgør sagen.", next=True),
    ]
    tree = page(environment, "{{ page.timeline(events) }}", events=events)
    assert tree.xpath("//time/@datetime") == ["2026-12-03"]
    assert [item.get("class") for item in tree.xpath("//ol/li")] == [None, "timeline-next"]
    assert "What happens next" in tree.xpath("//ol/li")[1].text_content()


def test_step_says_where_in_words_and_draws_it(environment: Environment) -> None:
    tree = page(environment, "{{ page.step(2, 9) }}")
    assert tree.xpath("//p/text()") == ["Step 2 of 9"]
    assert tree.xpath("//rect/@width") == ["9", "2"]


def test_pagination_only_when_there_is_more_than_one_page(environment: Environment) -> None:
    assert not page(environment, "{{ page.pagination(1, 1) }}").xpath("//nav")
    assert page(environment, "{{ page.pagination(2, 3, '/1', '/3') }}").xpath("//nav/a/@href") == ["/1", "/3"]
