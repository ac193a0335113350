"""One run: make the surroundings, fill them, measure one thing after the other, put the rows together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from benchmarks.batches import measure_pages
from benchmarks.inside import Inside
from benchmarks.instructions import count_instructions
from benchmarks.journey import Cost, measure_journey
from benchmarks.pages import BARE, HELLO, TIMES_BARE_PAGE, Page, pages_of
from benchmarks.processes import Running, running, wait_for
from benchmarks.report import Row, heading, table
from benchmarks.seeding import seed
from benchmarks.surroundings import Surroundings, open_portal, surroundings
from benchmarks.wire import first_page, later_pages
from portal.cli.demo_settings import HOST
from portal.web.parts import Parts

MOST_STATEMENTS = 8
FIRST_PAGE_BYTES, LATER_PAGE_BYTES = 100_000, 15_000
JOURNEY_SECONDS = 0.15
JOURNEYS = {"journey of a single parent": ("sofie",), "journey of a couple, with approval": ("maria", "anders")}


@dataclass(frozen=True)
class Amounts:
    """How much is measured."""

    requests: int
    batches: int
    journeys: int


def run(amounts: Amounts, *, postgres: str | None = None, instructions: bool = False) -> str:
    """Measure everything; the text to print. Raises CannotMeasure."""
    with surroundings(postgres) as place:
        parts = open_portal(place.environ)
        seeded = seed(parts)
        pages = pages_of(seeded)
        counts = count_instructions(place, seeded) if instructions else {}
        inside = Inside(parts)
        rows: list[Row] = []
        with _servers(place) as (bare, portal):
            milliseconds = measure_pages(pages, bare, portal, (place.bare_port, place.portal_port), amounts.requests, amounts.batches)
            rows += [page_row(page, milliseconds, counts) for page in pages]
            rows += [_statements_row(page, inside.statements(page)) for page in pages if page.name.startswith("step")]
            rows += _wire_rows(place.portal_port, pages)
            rows += _journey_rows(place, parts, portal, amounts.journeys)
        parts.database.close()
        return f"{heading('PostgreSQL' if postgres else 'SQLite')}\n\n{table(rows)}"


@contextmanager
def _servers(place: Surroundings) -> Iterator[tuple[Running, Running]]:
    bare_environ = place.environ | {"PORT": str(place.bare_port)}
    with (
        running("bare", ["-m", "benchmarks.bare"], bare_environ, place.folder) as bare,
        running("serve", ["-m", "portal", "serve"], place.environ, place.folder) as portal,
    ):
        wait_for(bare, f"http://{HOST}:{place.bare_port}/hello")
        wait_for(portal, f"http://{HOST}:{place.portal_port}/health/ready")
        yield bare, portal


def page_row(page: Page, milliseconds: Mapping[str, float], counts: Mapping[str, float]) -> Row:
    """A page's CPU beside hello and the bare page, its instructions if they were counted, and whether it is over a limit."""
    mine, hello, bare = milliseconds[page.name], milliseconds[HELLO.name], milliseconds[BARE.name]
    limits = ([f"{page.limit:g} ms"] if page.limit else []) + ([] if page.bare else [f"{TIMES_BARE_PAGE:g} × bare page"])
    over = None if page.bare else mine > TIMES_BARE_PAGE * bare or (page.limit is not None and mine > page.limit)
    return Row(
        page.name,
        f"{mine:.2f} ms",
        f"{mine / hello:.1f}",
        f"{mine / bare:.2f}",
        f"{counts[page.name]:.1f} ({counts[page.name] / counts[BARE.name]:.2f})" if page.name in counts else "",
        ", ".join(limits),
        over,
    )


def _statements_row(page: Page, count: int) -> Row:
    return Row(f"SQL statements, {page.name}", str(count), limit=str(MOST_STATEMENTS), over=count > MOST_STATEMENTS)


def _wire_rows(port: int, pages: list[Page]) -> list[Row]:
    first = sum(first_page(port).values())
    later = later_pages(port, pages)
    largest = max(later, key=lambda name: later[name])
    rows = [Row("bytes, first page with all it loads", _bytes(first), limit=_bytes(FIRST_PAGE_BYTES), over=first > FIRST_PAGE_BYTES)]
    rows += [
        Row(f"bytes later, {name}", _bytes(size), limit=_bytes(LATER_PAGE_BYTES), over=size > LATER_PAGE_BYTES)
        for name, size in later.items()
        if size > LATER_PAGE_BYTES or name == largest or name.startswith("step")
    ]
    return rows


def _bytes(number: int) -> str:
    return f"{number / 1000:.1f} KB"


def _journey_rows(place: Surroundings, parts: Parts, portal: Running, times: int) -> list[Row]:
    with running("work", ["-m", "portal", "work"], place.environ, place.folder) as worker:
        return [
            _journey_row(name, measure_journey(parts, portal, worker, place.portal_port, keys, times)) for name, keys in JOURNEYS.items()
        ]


def _journey_row(name: str, cost: Cost) -> Row:
    described = f"{name}: {cost.requests} requests"
    figure = f"{cost.total:.2f} s (web {cost.web:.2f}, worker {cost.worker:.2f})"
    return Row(described, figure, limit=f"{JOURNEY_SECONDS:g} s", over=cost.total > JOURNEY_SECONDS)
