"""Lists as CSV files, in the one way that we write them: for Danish Excel, and with no field that a spreadsheet would run.

A spreadsheet takes a field that begins with = + - @, a tab or a line break for a formula, also when blanks stand before
it, and some take the full-width signs too. A leading apostrophe makes it text. It stays visible: a list is read, not fed
into another program.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from flask import Response

BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
STARTS_A_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
# What may stand before a formula and is not seen.
BLANKS = " \N{NO-BREAK SPACE}\N{ZERO WIDTH SPACE}" + BYTE_ORDER_MARK


def csv_text(heads: Sequence[str], rows: Iterable[Sequence[str | int | None]]) -> str:
    """The lines: semicolons between fields, and a byte order mark so that Excel reads the letters right."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    for row in (heads, *rows):
        writer.writerow([harmless(field) for field in row])
    return BYTE_ORDER_MARK + written.getvalue()


def csv_answer(name: str, heads: Sequence[str], rows: Iterable[Sequence[str | int | None]]) -> Response:
    """A file to save. Its name says what kind of list it is, and nothing of whom it is about."""
    answer = Response(csv_text(heads, rows), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def harmless(field: str | int | None) -> str | int | None:
    """The field as text that is never run. A number of ours stays a number."""
    if isinstance(field, str) and field.lstrip(BLANKS).startswith(STARTS_A_FORMULA):
        return f"'{field}"
    return field
