"""Dangerous ways of doing things stand nowhere in the portal, or only where a reason is written beside them.

One rule a danger: a function that finds it in a file's syntax tree, the places that may, with the reason, and an example that
it must find. A place that no longer needs its permission loses it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [ROOT / "wsgi.py", *(path for room in ("portal", "forms", "stand_ins", "tools") for path in sorted((ROOT / room).rglob("*.py")))]
PAGES = sorted(path for folder in (ROOT / "templates", ROOT / "stand_ins") for path in folder.rglob("*.html"))
SCRIPTS = sorted((ROOT / "static" / "js").glob("*.js"))

# What a log line or a printed line may not have as a value.
PERSONAL = {
    "cpr",
    "name",
    "names",
    "address",
    "addresses",
    "income",
    "incomes",
    "amount",
    "answers",
    "birth",
    "email",
    "phone",
    "token",
    "secret",
}
WEAK = {"md5", "sha1", "MD5", "SHA1", "MD4", "ECB", "CBC", "CFB", "OFB", "PKCS1v15", "ARC4", "RC4", "TripleDES", "Blowfish", "uuid3"}
RUNS_DATA = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "yaml", "jsonpickle"}
REACHES_OUT = {
    "requests",
    "httpx",
    "urllib.request",
    "http.client",
    "urllib3",
    "aiohttp",
    "socket",
    "ftplib",
    "smtplib",
    "ldap3",
    "telnetlib",
}
ARCHIVES = {"tarfile", "zipfile"}
HARDENED = {"resolve_entities": False, "no_network": True, "load_dtd": False}
LOGS = {"debug", "info", "warning", "error", "critical", "exception"}


class Rule(NamedTuple):
    """`find` yields the lines where the danger stands; `allowed` maps a file, or a file and what stands there, to the reason."""

    find: Callable[[ast.AST], Iterable[tuple[int, str]]]
    planted: str
    allowed: Mapping[str, str] = {}


@cache
def nodes(tree: ast.AST) -> list[ast.AST]:
    """All that is in a tree, walked once for all rules."""
    return list(ast.walk(tree))


@cache
def calls(tree: ast.AST) -> list[tuple[ast.Call, str, str]]:
    """Each call, the name it calls, and what that name is looked up on."""
    found = []
    for node in nodes(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                found.append((node, node.func.id, ""))
            elif isinstance(node.func, ast.Attribute):
                found.append((node, node.func.attr, ast.unparse(node.func.value)))
    return found


def imports(tree: ast.AST, modules: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Imports of these modules or of something in them."""
    wanted = set(modules)
    for node in nodes(tree):
        named: list[str] = []
        if isinstance(node, ast.Import):
            named = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            named = [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
        for name in named:
            if any(name == each or name.startswith(f"{each}.") for each in wanted):
                yield node.lineno, name
                break


def called(*names: str) -> Callable[[ast.AST], Iterator[tuple[int, str]]]:
    """A rule's finder: calls of these names, whatever they are looked up on."""
    return lambda tree: ((node.lineno, name) for node, name, _on in calls(tree) if name in names)


def imported(*modules: str) -> Callable[[ast.AST], Iterator[tuple[int, str]]]:
    """A rule's finder: imports of these modules."""
    return lambda tree: imports(tree, modules)


def fixed(node: ast.expr | None) -> bool:
    """Whether an expression is made of the program's own words alone."""
    if isinstance(node, ast.IfExp):
        return fixed(node.body) and fixed(node.orelse)
    if isinstance(node, ast.JoinedStr):
        return all(isinstance(part, ast.Constant) or fixed(part.value) for part in node.values)
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Add) and fixed(node.left) and fixed(node.right)
    # A name in capitals is a constant of the module.
    return isinstance(node, ast.Constant) or (isinstance(node, ast.Name) and node.id.isupper())


def keyword(node: ast.Call, name: str) -> ast.expr | None:
    """The value a call gives a keyword."""
    return next((each.value for each in node.keywords if each.arg == name), None)


def run_by_name(tree: ast.AST) -> Iterator[tuple[int, str]]:
    return ((node.lineno, name) for node, name, on in calls(tree) if name in {"eval", "exec", "compile", "__import__"} and not on)


def statement_of_data(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node, name, on in calls(tree):
        sql = name in {"exec_driver_sql", "literal_column", "executescript"} or (name == "text" and on in {"", "sa", "sqlalchemy"})
        sql = sql or (name == "execute" and on in {"op", "cursor"})
        if sql and not fixed(node.args[0] if node.args else None):
            yield node.lineno, ast.unparse(node)


def pattern_of_data(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node, name, on in calls(tree):
        if on == "re" and name != "escape" and not fixed(node.args[0]):
            yield node.lineno, ast.unparse(node.args[0])


def format_of_data(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node, name, _on in calls(tree):
        if name in {"format", "format_map"} and isinstance(node.func, ast.Attribute) and not fixed(node.func.value):
            yield node.lineno, ast.unparse(node.func)


def soft_xml(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node, name, on in calls(tree):
        if name in {"fromstring", "parse", "XML", "iterparse", "fromstringlist"} and on in {
            "etree",
            "lxml.etree",
            "ElementTree",
            "ET",
            "html",
        }:
            if len(node.args) < 2 and keyword(node, "parser") is None:
                yield node.lineno, f"{name} without a parser of ours"
        elif name in {"XMLParser", "HTMLParser", "XMLPullParser"}:
            said = {each.arg: getattr(each.value, "value", None) for each in node.keywords}
            if any(said.get(key) is not value for key, value in HARDENED.items()):
                yield node.lineno, f"{name} that is not hardened"
        elif name in {"XSLT", "xinclude", "XPath"}:
            yield node.lineno, name


def hashes(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in nodes(tree):
        name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else None
        if name in WEAK or (isinstance(node, ast.alias) and node.name in WEAK):
            yield node.lineno, str(name)
    yield from ((node.lineno, "hashlib.new") for node, name, on in calls(tree) if (name, on) == ("new", "hashlib"))


def unguarded_client(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Clients and calls without a time limit, that follow redirects, or that do not look at certificates."""
    for node, name, on in calls(tree):
        client = name in {"Client", "AsyncClient"} and on == "httpx"
        request = name in {"get", "post", "put", "request"} and (on in {"requests", "httpx"} or "Session(" in on)
        if client or request:
            if keyword(node, "timeout") is None:
                yield node.lineno, "no timeout"
            follows = keyword(node, "allow_redirects") or keyword(node, "follow_redirects")
            if not isinstance(follows, ast.Constant) or follows.value is not False:
                yield node.lineno, "follows redirects, or does not say that it does not"
        if isinstance(trust := keyword(node, "verify"), ast.Constant) and trust.value is False:
            yield node.lineno, "verify=False"


def redirects(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node, name, on in calls(tree):
        if name == "redirect" and not on and not _stays(node.args[0]):
            yield node.lineno, ast.unparse(node.args[0])


def _stays(node: ast.expr) -> bool:
    if isinstance(node, ast.IfExp):
        return _stays(node.body) and _stays(node.orelse)
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"url_for", "local_path"}


def open_fetcher(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node, name, _on in calls(tree):
        if name in {"HTML", "CSS"} and keyword(node, "url_fetcher") is None:
            yield node.lineno, f"{name} without our fetcher"


def personal_lines(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node, name, on in calls(tree):
        if name == "print" or (name in LOGS and "log" in on.lower()):
            for value in [*node.args, *(each.value for each in node.keywords)]:
                found = {part for inner in ast.walk(value) for part in _words(inner)} & PERSONAL
                if found and "type(" not in ast.unparse(value):
                    yield node.lineno, ast.unparse(value)


def _words(node: ast.AST) -> set[str]:
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    return set() if name == "__name__" else set(name.lower().split("_"))


def asserts(tree: ast.AST) -> Iterator[tuple[int, str]]:
    return ((node.lineno, ast.unparse(node.test)) for node in nodes(tree) if isinstance(node, ast.Assert))


def shells(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node, name, on in calls(tree):
        if isinstance(shell := keyword(node, "shell"), ast.Constant) and shell.value:
            yield node.lineno, "shell=True"
        if on == "os" and name in {"system", "popen"}:
            yield node.lineno, f"os.{name}"


def debugging(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node, name, _on in calls(tree):
        for word in ("debug", "use_debugger", "use_evalex"):
            if (value := keyword(node, word)) is not None and getattr(value, "value", None) is not False:
                yield node.lineno, f"{name}({word}=…)"


def blurred(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """`request.values` mixes what stands in the address with what was posted."""
    for node in nodes(tree):
        if isinstance(node, ast.Attribute) and node.attr == "values" and ast.unparse(node.value) == "request":
            yield node.lineno, "request.values"


RULES: dict[str, Rule] = {
    "text is made markup": Rule(
        called("Markup", "render_template_string", "from_string"),
        "Markup(typed)",
        {"portal/web/back_office/decide_page.py": "a template of ours, already drawn and escaped, inside another"},
    ),
    "data is run as a program": Rule(run_by_name, "eval(typed)"),
    "a file is read in a form that can run something": Rule(imported(*RUNS_DATA), "import pickle"),
    "a statement is made of data": Rule(
        statement_of_data,
        "session.execute(text(f'SELECT {typed}'))",
        {
            "portal/storage/database.py: cursor.execute(f'PRAGMA {pragma}')": "SQLite's own settings, written out above it",
            "portal/storage/migrations/versions/005_the_audit_chain.py: op.execute(statement)": "triggers written out in append_only.py",
        },
    ),
    "a pattern is made of data": Rule(
        pattern_of_data,
        "re.compile(typed)",
        {
            "portal/journey/pdf.py": "made of words of ours",
            "portal/web/back_office/protection.py": "made of a name and an address, each sign of them as itself",
        },
    ),
    "a format is data": Rule(format_of_data, "typed.format(settings=settings)"),
    "XML is read in the open": Rule(soft_xml, "etree.fromstring(xml)"),
    "lxml or another XML library": Rule(
        imported("lxml", "xml", "xmlschema"),
        "from lxml import etree",
        {
            "portal/post/memo/build.py": "writes MeMo",
            "portal/post/memo/parse.py": "reads MeMo, with the one hardened parser",
        },
    ),
    "a program is started": Rule(
        imported("subprocess", "pty", "multiprocessing"),
        "import subprocess",
        {
            "portal/cli/supervisor.py": "the demo starts its own processes",
            "tools/bootstrap.py": "gets the machine ready",
            "tools/vendor_assets.py": "fetches the design system",
        },
    ),
    "a shell is asked": Rule(shells, "subprocess.run(typed, shell=True)"),
    "numbers that can be guessed": Rule(imported("random", "numpy"), "import random"),
    "a weak hash, cipher or padding": Rule(hashes, "hashlib.sha1(value)"),
    "the network is reached": Rule(
        imported(*REACHES_OUT),
        "import requests",
        {
            "portal/identity/oidc.py": "the eID",
            "portal/identity/network.py": "the eID, with its limits",
            "portal/identity/provider.py": "the eID",
            "portal/registers/connection.py": "the registers",
            "portal/registers/http.py": "the registers",
            "portal/journey/clamav.py": "ClamAV, where the settings say it is",
            "portal/cli/demo.py": "asks the demo on this machine whether it is up",
            "portal/cli/demo_settings.py": "looks whether a port of this machine is free",
            "stand_ins/eid/serving.py": "the stand-in listens on this machine",
        },
    ),
    "a client without a time limit, or that goes where it is sent": Rule(unguarded_client, "httpx.Client(timeout=2)"),
    "a redirect to an address that is data": Rule(
        redirects,
        "redirect(request.args['next'])",
        {
            "portal/web/back_office/decide_page.py: _case(case_id)": "an address of ours, made beneath",
            "portal/web/pages.py: statement": "the accessibility statement, from the settings",
            "portal/web/parked.py: request.path": "a route of ours that was found",
            "portal/web/session_routes.py: _next_path(attempt)": "goes through local_path",
            "portal/web/session_routes.py: _first_page() if next_path == OFFICE else next_path": "went through local_path above",
            "portal/web/guard.py: parked.login_address(request.full_path.rstrip('?'), action)": "the login, which reads its next by local_path",
            "portal/web/parked.py: login_address(page_of(request.path), action)": "the login, which reads its next by local_path",
            "portal/web/session_routes.py: _wanted(url_for('mine.overview'))": "goes through local_path",
            "portal/web/session_routes.py: elsewhere or back": "the eID's own address for logging out, or a page of ours",
            "portal/web/session_routes.py: attempt.url": "the eID's own address for logging in, by its checked discovery",
        },
    ),
    "a spreadsheet is written": Rule(
        called("writer", "DictWriter"),
        "csv.writer(file)",
        {"portal/web/csv_files.py: writer": "the one that takes the power out of formulas"},
    ),
    "a letter is drawn": Rule(
        imported("weasyprint"),
        "import weasyprint",
        {"portal/post/pdf.py": "draws letters", "portal/post/fetcher.py": "says what a letter may load"},
    ),
    "a letter is drawn that may load anything": Rule(open_fetcher, "HTML(string=letter)"),
    "a line of the log or the terminal names a person": Rule(
        personal_lines,
        "log.info('seen', cpr=person.cpr)",
        {
            "portal/cli/demo.py: greeting(plan.address)": "the demo's own address",
            "portal/cli/audit.py: f'{name} cannot be read.'": "a file's name",
            "portal/cli/switch.py": "the names of switches",
            "tools/vendor_assets.py: f'differs from npm: {name}'": "a file's name",
        },
    ),
    "an assert guards something": Rule(asserts, "assert may(person)"),
    "an archive is unpacked": Rule(imported(*ARCHIVES), "import zipfile"),
    "debugging is switched on": Rule(debugging, "app.run(debug=True)"),
    "a field wherever it was sent": Rule(blurred, "request.values['person']"),
    "a cookie is set": Rule(
        called("set_cookie"),
        "response.set_cookie('x', 'y')",
        {"portal/web/sessions.py": "the session's cookie, the only one"},
    ),
}


@cache
def tree_of(path: Path) -> ast.Module:
    """A file's syntax tree, read once for all rules."""
    return ast.parse(path.read_text(encoding="utf-8"))


def found_by(rule: Rule) -> Iterator[tuple[str, str, str]]:
    """Where a danger stands: the file, what stands there, and both with the line for people."""
    for path in SOURCES:
        place = str(path.relative_to(ROOT))
        for line, what in rule.find(tree_of(path)):
            yield place, f"{place}: {what}", f"{place}:{line}: {what}"


@pytest.mark.parametrize("danger", RULES)
def test_a_danger_stands_only_where_a_reason_is_written(danger: str) -> None:
    rule = RULES[danger]
    found = list(found_by(rule))
    assert [told for place, exact, told in found if place not in rule.allowed and exact not in rule.allowed] == []
    unused = set(rule.allowed) - {name for place, exact, _told in found for name in (place, exact)}
    assert not unused, f"allowed and no longer there: {unused}"
    assert all(rule.allowed.values())


@pytest.mark.parametrize("danger", RULES)
def test_each_danger_would_be_found(danger: str) -> None:
    assert list(RULES[danger].find(ast.parse(RULES[danger].planted)))


@pytest.mark.parametrize(
    ("danger", "harmless"),
    [
        ("a statement is made of data", "session.execute(text('SELECT 1'))"),
        ("XML is read in the open", "etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)"),
        ("a redirect to an address that is data", "redirect(url_for('mine.overview') if known else local_path(wanted))"),
        ("a client without a time limit, or that goes where it is sent", "httpx.Client(timeout=2, follow_redirects=False)"),
        ("a letter is drawn that may load anything", "HTML(string=letter, url_fetcher=ours)"),
        ("a line of the log or the terminal names a person", "log.error('failed', error=type(error).__name__)"),
        ("a weak hash, cipher or padding", "hashlib.sha256(value)"),
    ],
)
def test_what_only_looks_dangerous_is_left_alone(danger: str, harmless: str) -> None:
    assert not list(RULES[danger].find(ast.parse(harmless)))


IN_PAGES = {
    "markup that is not escaped": (re.compile(r"\|\s*safe\b"), "{{ typed|safe }}"),
    "escaping switched off": (re.compile(r"autoescape"), "{% autoescape false %}"),
    "an attribute without quotes": (re.compile(r"=\s*\{\{"), "<p title={{ typed }}>"),
    "a script's address": (re.compile(r"[\"']\s*javascript:", re.IGNORECASE), '<a href="javascript:go()">'),
    "a value inside a script": (re.compile(r"<script(?![^>]*\bsrc=)", re.IGNORECASE), "<script>let x = '{{ typed }}'</script>"),
}
IN_SCRIPTS = {
    "markup made of text": (
        re.compile(r"\b(innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment)\b"),
        "x.innerHTML = y",
    ),
    "text run as a program": (re.compile(r"\beval\(|new Function\(|setTimeout\(\s*[\"']"), "eval(y)"),
    "something kept in the browser": (re.compile(r"\b(localStorage|sessionStorage|indexedDB|document\.cookie)\b"), "localStorage.x = y"),
    "messages between windows": (re.compile(r"\bpostMessage\b|addEventListener\(\s*[\"']message"), "window.postMessage(x)"),
    "keys that are data": (
        re.compile(r"__proto__|\bfor\s*\(\s*(?:var|let|const)\s+\w+\s+in\b|Object\.assign\("),
        "for (var key in answer) {}",
    ),
}


@pytest.mark.parametrize(("files", "table"), [(PAGES, IN_PAGES), (SCRIPTS, IN_SCRIPTS)], ids=["pages", "scripts"])
def test_pages_and_scripts_hold_nothing_dangerous(files: list[Path], table: dict[str, tuple[re.Pattern[str], str]]) -> None:
    assert files
    found = [
        f"{path.relative_to(ROOT)}: {danger}"
        for path in files
        for danger, (pattern, _planted) in table.items()
        if pattern.search(path.read_text(encoding="utf-8"))
    ]
    assert not found
    assert [danger for danger, (pattern, planted) in table.items() if not pattern.search(planted)] == []
