"""CPU a request: many requests a batch, the median of the batches, the pages by turns so that a slow minute hits them all."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from benchmarks.asking import Connection
from benchmarks.pages import Page
from benchmarks.processes import Running

# A tick is 10 ms: a batch must be long beside it. What is quick is asked more often.
BARE_TIMES = 3
WARM_CONNECTIONS, WARM_REQUESTS = 8, 4


def measure_pages(
    pages: Sequence[Page], bare: Running, portal: Running, ports: tuple[int, int], requests: int, batches: int
) -> dict[str, float]:
    """Milliseconds of the workers' CPU a request, by page name."""
    servers = {True: (bare, ports[0]), False: (portal, ports[1])}
    for page in pages:
        _warm(page, servers[page.bare][1])
    found: dict[str, list[float]] = {page.name: [] for page in pages}
    for _batch in range(batches):
        for page in pages:
            server, port = servers[page.bare]
            found[page.name].append(_batch_of(page, server, port, requests * (BARE_TIMES if page.bare else 1)))
    return {name: median(each) for name, each in found.items()}


def _batch_of(page: Page, server: Running, port: int, requests: int) -> float:
    with Connection(port) as connection:
        before = server.workers_cpu()
        for _request in range(requests):
            connection.ask_for(page)
        return (server.workers_cpu() - before) * 1000 / requests


def _warm(page: Page, port: int) -> None:
    """Let every worker have seen the page: it compiles templates and statements the first time."""
    for _connection in range(WARM_CONNECTIONS):
        with Connection(port) as connection:
            for _request in range(WARM_REQUESTS):
                connection.ask_for(page)
