"""Read the figures' TOML files and refuse what cannot be right: a wrong figure here is a wrong bill for someone."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from forms.free_place.figures.municipal import MunicipalSettings
from forms.free_place.figures.price import FULL_TIME, KINDS, Price
from forms.free_place.figures.rounding import MODES, Rounding
from forms.free_place.figures.scale import BANDS, Scale
from portal import municipalities

CHOICES = {"billing": ("advance", "arrears"), "dearest_place": ("highest_rate", "gross_cost", "net_cost")}
UNITS = (Decimal("0.01"), Decimal(1))


def read_scales(path: Path) -> dict[int, Scale]:
    """The scale by year. Every year between the first and the last is a row or a gap with a reason, never both."""
    data = _toml(path)
    scales = {}
    for row in data["scale"]:
        scale = _scale(row, data["child_raise"])
        _require(scale.year not in scales, path, f"two rows for {scale.year}")
        scales[scale.year] = scale
    gaps = {gap["year"] for gap in data.get("gap", []) if gap["why"]}
    _require(not gaps & scales.keys(), path, "a year is both a row and a gap")
    every = set(range(min(scales), max(scales) + 1))
    _require(every == gaps | scales.keys(), path, "a year is neither a row nor a gap")
    return scales


def _scale(row: dict[str, Any], child_raise: int) -> Scale:
    scale = _build(Scale, {"single_parent_raise": None, "child_raise": child_raise, **row}, "scale.toml")
    amounts = (scale.lower, scale.upper, scale.child_raise, scale.single_parent_raise or 1)
    year = scale.year
    whole_year = (scale.valid_from, scale.valid_to) == (date(year, 1, 1), date(year, 12, 31))
    _require(all(type(amount) is int and amount > 0 for amount in amounts), "scale.toml", f"{year}: not whole kroner")
    _require(scale.upper - scale.lower > BANDS, "scale.toml", f"{year}: lower limit is not below the upper")
    _require(whole_year, "scale.toml", f"{year}: not valid for its own year")
    return scale


def read_prices(path: Path) -> dict[tuple[str, str, str], dict[int, Price]]:
    """Prices by (municipality, kind, variant) and year."""
    data = _toml(path)
    prices: dict[tuple[str, str, str], dict[int, Price]] = {}
    for row in data["price"]:
        price = _price(row, data["sources"])
        years = prices.setdefault((price.municipality, price.kind, price.variant), {})
        _require(price.year not in years, path, f"two rows for {price.key} {price.kind}")
        years[price.year] = price
    return prices


def _price(row: dict[str, Any], sources: Mapping[str, str]) -> Price:
    lunch = Decimal(row["lunch"]) if "lunch" in row else None
    defaults = {"lunch_included": False, "variant": FULL_TIME}
    values = {**defaults, **row, "rate": Decimal(row["rate"]), "lunch": lunch, "source": sources.get(row["source"], "")}
    price = _build(Price, values, "prices.toml")
    where = f"{price.key} {price.kind}"
    _require(price.municipality in municipalities.ALL, "prices.toml", f"{where}: unknown municipality")
    _require(price.kind in KINDS, "prices.toml", f"{where}: unknown kind")
    _require(price.rate > 0 and (lunch is None or lunch > 0), "prices.toml", f"{where}: not an amount")
    _require(lunch is None or not price.lunch_included, "prices.toml", f"{where}: lunch both extra and included")
    return price


def read_municipalities(path: Path) -> dict[str, MunicipalSettings]:
    """The settings of all 98 municipalities: what is known, and the assumed defaults for the rest."""
    data = _toml(path)
    known: dict[str, dict[str, Any]] = {}
    for row in data["municipality"]:
        _require(row["code"] in municipalities.ALL, path, f"{row['code']}: unknown municipality")
        _require(row["code"] not in known, path, f"{row['code']}: two rows")
        _require(bool(row.get("source")), path, f"{row['code']}: no source")
        known[row["code"]] = row
    return {code: _settings(code, data["defaults"], known.get(code, {})) for code in municipalities.ALL}


def _settings(code: str, defaults: Mapping[str, Any], row: Mapping[str, Any]) -> MunicipalSettings:
    values = {"source": "", **defaults, **row, "code": code}
    known = row.keys() - set(row.get("assumed", ()))
    values["assumed"] = frozenset(defaults.keys() - known)
    for name, allowed in CHOICES.items():
        _require(values[name] in allowed, "municipalities.toml", f"{code}: {name}")
    for name in ("free_months", "free_months_sfo"):
        values[name] = frozenset(values[name])
        _require(values[name] < set(range(1, 13)), "municipalities.toml", f"{code}: {name}")
    _require(1 <= values["due_day"] <= 31, "municipalities.toml", f"{code}: due_day")
    values["back_dating_limit_months"] = values["back_dating_limit_months"] or None
    return _build(MunicipalSettings, values, "municipalities.toml")


def read_rounding(path: Path) -> Rounding:
    """The one rounding setting."""
    row = _toml(path)["rounding"]
    _require(row["mode"] in MODES, path, "rounding mode")
    unit = Decimal(row["unit"])
    _require(unit in UNITS, path, "rounding unit")
    return Rounding(unit, MODES[row["mode"]])


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, InvalidOperation) as error:
        raise ValueError(f"{path.name}: {error}") from error


def _build(row_type: Any, values: Mapping[str, Any], name: str) -> Any:
    """Make the row; every field must be there, none may be unknown, and a source is never empty where rows have one."""
    wanted = {field.name for field in fields(row_type)} - {"estimate"}
    _require(values.keys() == wanted, name, f"wrong fields: {sorted(values.keys() ^ wanted)}")
    _require(row_type is MunicipalSettings or bool(values["source"]), name, "a row has no source")
    return row_type(**values)


def _require(true: bool, where: Path | str, what: str) -> None:
    if not true:
        raise ValueError(f"{where.name if isinstance(where, Path) else where}: {what}")
