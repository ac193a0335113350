"""What pages are compared with: Flask saying hello, and our frame and macros around ten fields with nothing behind them.

``python -m benchmarks.bare`` serves both on gunicorn as the portal is served.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from flask import Flask, render_template, request

from portal import i18n
from portal.cli.serve import THREADS, Server
from portal.journey.fields import ChoiceField, MoneyField, NumberField, TextAreaField, TextField, YesNoField
from portal.journey.forms import StepForm
from portal.web.application import prepare_templates

TEMPLATE = """{% extends "layout.html" %}{% import "macros/page.html" as page %}{% import "macros/fields.html" as fields %}
{% block main %}<h1>{{ page_title }}</h1>
{% call page.form(action) %}
{% for field in form %}{{ fields.draw(field) }}{% endfor %}
{{ page.button(_("Continue")) }}{% endcall %}{% endblock %}"""


class TenFields(StepForm):
    """A page as it might be: texts, amounts, choices."""

    name = TextField("Name", hint="As it stands on the letter")
    street = TextField("Street")
    town = TextField("Town", optional=True)
    gross = MoneyField("Pay before tax", hint="Stands on the payslip")
    am = MoneyField("AM-bidrag", hint="8 percent of the pay")
    atp = MoneyField("ATP", hint="Often 99 kroner a month")
    children = NumberField("Children", low=1, high=20)
    right = YesNoField("Is this right?", yes="Yes", no="No")
    rhythm = ChoiceField("How often?", choices=[("monthly", "Every month"), ("fortnightly", "Every 14 days"), ("weekly", "Every week")])
    remark = TextAreaField("Anything else?", optional=True)


def make_bare() -> Flask:
    """An application with no database, no session and no access rules."""
    app = Flask("bare", static_folder=None, template_folder=None)
    prepare_templates(app)
    app.jinja_env.globals["csrf_token"] = lambda: "0" * 90
    template = app.jinja_env.from_string(TEMPLATE)

    @app.context_processor
    def known() -> dict[str, Any]:
        links = [("da", "Dansk", "/language/da"), ("en", "English", "/language/en")]
        return {
            "locale": "da",
            "current_user": None,
            "demo": True,
            "contact": None,
            "nav_items": [],
            "page_language_links": links,
            "request_path": request.path,
        }

    @app.get("/hello")
    def hello() -> str:
        return "hello"

    @app.get("/page")
    def page() -> str:
        return render_template(template, form=TenFields(), action="/page", page_title="Ten fields")

    for endpoint in ("pages.front", "pages.was", "pages.privacy", "session.login"):
        app.add_url_rule(f"/{endpoint}", endpoint, hello)
    return app


class BareServer(Server):
    """gunicorn as the portal has it, around the bare application."""

    def load(self) -> Flask:
        i18n.set_locale("da")
        return make_bare()


def main() -> int:
    """Serve on HOST and PORT until stopped."""
    bind = f"{os.environ['HOST']}:{os.environ['PORT']}"
    workers = int(os.environ["PORTAL_WEB_WORKERS"])
    BareServer(
        {"bind": bind, "workers": workers, "threads": THREADS, "worker_class": "gthread", "loglevel": "warning", "accesslog": None}
    ).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
