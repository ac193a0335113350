"""What will I pay? A page for anybody. Nothing typed here is stored, and nothing of it stands in the address."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from portal.web.parts import parts

blueprint = Blueprint("quote", __name__)


@blueprint.route("/what-will-i-pay", methods=["GET", "POST"])
def page() -> str | tuple[str, int]:
    """The form, and the answer below it."""
    today = parts().clock.today()
    calculator = parts().calculator
    form = calculator.form(request.form if request.method == "POST" else None, today)
    if request.method == "GET":
        return render_template("pages/quote.html", form=form, answer=None, errors=False)
    if not form.validate():
        return render_template("pages/quote.html", form=form, answer=None, errors=True), 422
    answer = calculator.answer(form, today)
    status = 422 if "refused" in answer else 200
    return render_template("pages/quote.html", form=form, answer=answer, errors=False), status
