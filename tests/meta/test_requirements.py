"""Every library that the code imports is pinned in the file that its kind of machine installs."""

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OURS = {"portal", "forms", "stand_ins", "tests", "wsgi", "benchmarks", "tools"}
DISTRIBUTIONS = packages_distributions()


def canonical(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def pinned(file):
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    return {canonical(line.partition("==")[0]) for line in lines if line and not line.startswith(("#", "-"))}


def imported(*places):
    """Top names of the modules that files under these places import, with one file that does."""
    found = {}
    for place in places:
        for path in [ROOT / place] if place.endswith(".py") else sorted((ROOT / place).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                if isinstance(node, ast.ImportFrom) and not node.level:
                    names = [node.module]
                found.update({name.partition(".")[0]: str(path.relative_to(ROOT)) for name in names})
    return {name: path for name, path in found.items() if name not in OURS | sys.stdlib_module_names}


def not_pinned(modules, *files):
    names = set().union(*map(pinned, files))
    return {
        module: path for module, path in modules.items() if not {canonical(name) for name in DISTRIBUTIONS.get(module, [module])} & names
    }


def test_what_runs_the_portal_is_pinned():
    modules = imported("portal", "forms", "stand_ins", "wsgi.py")
    assert "flask" in modules
    assert not not_pinned(modules, "requirements.txt")


def test_what_tests_the_portal_is_pinned():
    modules = imported("tests", "tools")
    assert "pytest" in modules
    assert not not_pinned(modules, "requirements.txt", "requirements-dev.txt")


def test_every_version_is_exact():
    for file in ("requirements.txt", "requirements-dev.txt"):
        lines = [line for line in (ROOT / file).read_text(encoding="utf-8").splitlines() if line and not line.startswith(("#", "-r"))]
        assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.]+", line)] == []
