"""``python -m portal quote free-place``: what a household pays, from the command line."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NoReturn, TextIO

from forms.free_place.figures import Figures, figures
from forms.free_place.quote import QuoteInput, QuoteRefused, quote_free_place
from forms.free_place.words import refusal_phrase
from portal.cli.quote_output import as_data, as_lines
from portal.clock import SystemClock
from portal.i18n import use_locale
from portal.months import Month

AMOUNT = re.compile(r"[0-9]{1,12}([.,][0-9]{1,2})?")
MOST_SAID = 300
COUNT = re.compile(r"[0-9]{1,4}")


def main(argv: list[str]) -> int:
    """Run the command on the process's own streams and today's date; returns the exit code."""
    confirmed = os.environ.get("PORTAL_FIGURES_CONFIRMED", "").split()
    return quote(argv, sys.stdout, sys.stderr, SystemClock().today(), figures().confirming(confirmed))


def quote(argv: Sequence[str], stdout: TextIO, stderr: TextIO, today: date, book: Figures | None = None) -> int:
    """Print the quote and return 0, or print one line on `stderr` that says what is wrong and return 2.

    book: the figures to use, when the operator has confirmed some; the portal's own by default.
    """
    with use_locale("en"):
        try:
            arguments = _parser(stdout).parse_args(list(argv))
            answer = quote_free_place(_asked(arguments), book or figures(), today)
        except _HelpShown:
            return 0
        except _BadLine as error:
            return _refuse(stderr, str(error))
        except QuoteRefused as error:
            return _refuse(stderr, _words(error))
        stdout.write(json.dumps(as_data(answer), indent=2) + "\n" if arguments.json else "".join(f"{line}\n" for line in as_lines(answer)))
    return 0


class _BadLine(Exception):
    """The command line cannot be read; the message says why."""


class _HelpShown(Exception):
    """Help was asked for and has been printed."""


class _Parser(argparse.ArgumentParser):
    """An argument parser that neither ends the process nor prints its usage when something is wrong."""

    def __init__(self, *args: Any, stdout: TextIO, **kwargs: Any) -> None:
        super().__init__(*args, allow_abbrev=False, **kwargs)
        self._stdout = stdout

    def error(self, message: str) -> NoReturn:
        raise _BadLine("there is an argument too many or unknown, see --help" if message.startswith("unrecognized") else message)

    def print_help(self, file: Any = None) -> None:
        super().print_help(file or self._stdout)

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        raise _HelpShown


def _parser(stdout: TextIO) -> _Parser:
    parser = _Parser(prog="quote", description="What does a place in day care cost a household?", stdout=stdout)
    parser.add_argument("what", metavar="free-place", help="the subsidy to work out: free-place")
    parser.add_argument("--month", required=True, metavar="YYYY-MM", help="the month to pay for")
    parser.add_argument("--monthly-income", metavar="KRONER", help="the household's income a month")
    parser.add_argument("--yearly-income", metavar="KRONER", help="or its income a year")
    parser.add_argument("--adults", required=True, metavar="1|2", help="1 for a single parent, 2 for a couple")
    parser.add_argument("--children", required=True, metavar="N", help="children under 18 at home")
    parser.add_argument("--municipality", metavar="CODE", help="four digits, for example 0461")
    parser.add_argument("--place", action="append", default=[], metavar="KIND", help="the kind of place; once for each child")
    parser.add_argument("--lunch", action="store_true", help="with lunch, where there is a lunch scheme")
    parser.add_argument("--estimate", action="store_true", help="use the latest figures for a year whose own are not out")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser


def _asked(arguments: argparse.Namespace) -> QuoteInput:
    if arguments.what != "free-place":
        raise _BadLine("the only quote is free-place")
    return QuoteInput(
        month=_month(arguments.month),
        adults=_count(arguments.adults),
        children=_count(arguments.children),
        monthly_income=_amount(arguments.monthly_income, "monthly_income"),
        yearly_income=_amount(arguments.yearly_income, "yearly_income"),
        municipality=arguments.municipality,
        places=tuple(arguments.place),
        lunch=arguments.lunch,
        estimate=arguments.estimate,
    )


def _month(text: str) -> Month:
    try:
        return Month.parse(text)
    except ValueError as error:
        raise QuoteRefused("month", "month") from error


def _count(text: str) -> int:
    return int(text) if COUNT.fullmatch(text) else -1


def _amount(text: str | None, field: str) -> Decimal | None:
    if text is None:
        return None
    if not AMOUNT.fullmatch(text):
        raise QuoteRefused("income", field)
    return Decimal(text.replace(",", "."))


def _words(error: QuoteRefused) -> str:
    option = "--estimate: " if error.key == "not_out" else f"--{error.field.replace('_', '-')}: "
    return option + str(refusal_phrase(error))


def _refuse(stderr: TextIO, message: str) -> int:
    """One line, whatever was on the command line; nothing that could move the terminal's cursor."""
    line = message.encode("ascii", "backslashreplace").decode()
    stderr.write(f"quote: {line[:MOST_SAID]}\n")
    return 2
