"""Every template compiles, is used, and holds no text outside the catalogues."""

from __future__ import annotations

import re

from flask import Flask

from portal.web.application import ROOT

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
# Words in a template that are neither in an expression nor in a tag.
WORD = re.compile(r"[A-Za-zÆØÅæøå]{3,}")
CODE = re.compile(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}|<[^>]*>|&\w+;", re.DOTALL)
# A macro may write one attribute of a tag that another opens.
ATTRIBUTE = re.compile(r'[\w-]+="[^"]*"')


def test_every_template_compiles(portal_app: Flask) -> None:
    for path in TEMPLATES:
        portal_app.jinja_env.get_template(str(path.relative_to(ROOT / "templates")))


def test_no_template_holds_a_text_that_is_not_translated() -> None:
    for path in TEMPLATES:
        left = WORD.findall(ATTRIBUTE.sub(" ", CODE.sub(" ", path.read_text(encoding="utf-8"))))
        assert not left, f"{path.name}: {left}"


def test_autoescape_is_on_and_nothing_switches_it_off(portal_app: Flask) -> None:
    assert portal_app.jinja_env.autoescape is True or callable(portal_app.jinja_env.autoescape)
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        assert "|safe" not in text.replace(" ", "")
        assert "autoescape" not in text
