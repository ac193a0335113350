"""The figures of the free-place subsidy: scale, prices and municipal settings, read once a process from TOML files."""

from forms.free_place.figures.book import Figures, Unconfirmed, figures, load
from forms.free_place.figures.municipal import MunicipalSettings
from forms.free_place.figures.price import KINDS, Price
from forms.free_place.figures.rounding import Rounding
from forms.free_place.figures.scale import Scale
from forms.free_place.figures.years import MissingFigures

__all__ = [
    "KINDS",
    "Figures",
    "MissingFigures",
    "MunicipalSettings",
    "Price",
    "Rounding",
    "Scale",
    "Unconfirmed",
    "figures",
    "load",
]
