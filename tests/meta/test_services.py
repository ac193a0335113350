"""No room knows which application it serves: only the wiring and the command line name one."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = [path.name for path in (ROOT / "forms").iterdir() if (path / "__init__.py").exists()]
MAY_NAME_ONE = {"portal/wiring.py", "portal/readiness.py"}


def names_in(path: Path) -> set[str]:
    """Texts and imported modules of a file that name an application."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in {name.replace("_", "-") for name in FOLDERS}:
            found.add(node.value)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("forms."):
            found.add(node.module or "")
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names if name.name.startswith("forms.")}
    return found


def test_there_is_an_application() -> None:
    assert "free_place" in FOLDERS


def test_rooms_name_no_application() -> None:
    naming = {
        str(path.relative_to(ROOT)): names
        for path in (ROOT / "portal").rglob("*.py")
        if (names := names_in(path)) and "cli" not in path.parts and str(path.relative_to(ROOT)) not in MAY_NAME_ONE
    }
    assert not naming


def test_general_templates_ask_for_no_applications_template() -> None:
    for path in (ROOT / "templates").rglob("*.html"):
        if path.parent.name not in FOLDERS:
            text = path.read_text(encoding="utf-8")
            assert not any(f"{name}/" in text for name in FOLDERS), path.name
