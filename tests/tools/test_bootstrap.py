"""A machine is made ready, or told in one line what it lacks."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATH = ROOT / "tools" / "bootstrap.py"


@pytest.fixture
def bootstrap(monkeypatch):
    """The script as a module, on a machine that has everything."""
    spec = importlib.util.spec_from_file_location("bootstrap", PATH)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "has_library", lambda name: True)
    monkeypatch.setattr(module.shutil, "which", lambda program: f"/usr/bin/{program}")
    monkeypatch.setattr(module, "usable", lambda *_: True)
    monkeypatch.setattr(module, "missing_servers", list)
    return module


def test_nothing_is_missing_where_all_is_there(bootstrap):
    assert bootstrap.missing_packages(dev=True) == []


def test_letters_need_libraries_and_tests_a_browser(bootstrap, monkeypatch):
    monkeypatch.setattr(bootstrap, "has_library", lambda name: False)
    monkeypatch.setattr(bootstrap.shutil, "which", lambda program: None)
    run = ["libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"]
    assert bootstrap.missing_packages(dev=False) == run
    assert bootstrap.missing_packages(dev=True) == [*run, "libatomic1", "chromium", "poppler-utils"]


def test_any_chromium_will_do(bootstrap, monkeypatch):
    monkeypatch.setattr(bootstrap.shutil, "which", lambda program: program if program in ("google-chrome", "pdftotext") else None)
    assert bootstrap.missing_packages(dev=True) == []


def test_in_ci_the_servers_must_be_there(monkeypatch):
    spec = importlib.util.spec_from_file_location("bootstrap", PATH)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.delenv("PORTAL_TEST_POSTGRES_URL", raising=False)
    monkeypatch.delenv("PORTAL_TEST_RABBITMQ_URL", raising=False)
    monkeypatch.setattr(module.Path, "glob", lambda *_: iter(()))
    monkeypatch.setattr(module.Path, "exists", lambda *_: False)
    monkeypatch.setenv("CI", "true")
    assert module.missing_servers() == ["postgresql", "rabbitmq-server"]
    monkeypatch.setenv("CI", "")
    assert module.missing_servers() == []


def test_without_rights_it_says_what_to_type(bootstrap, monkeypatch):
    monkeypatch.setattr(bootstrap.os, "geteuid", lambda: 1000)
    with pytest.raises(bootstrap.Missing, match=r"sudo apt-get update && sudo apt-get install -y --no-install-recommends libpango-1.0-0'"):
        bootstrap.install_packages(["libpango-1.0-0"])


def test_without_apt_it_names_what_is_missing(bootstrap, monkeypatch):
    monkeypatch.setattr(bootstrap.shutil, "which", lambda program: None)
    with pytest.raises(bootstrap.Missing, match=r"libpango-1.0-0"):
        bootstrap.install_packages(["libpango-1.0-0"])


def test_a_machine_with_an_old_python_is_told(bootstrap, monkeypatch):
    monkeypatch.setattr(bootstrap, "usable", lambda *_: False)
    with pytest.raises(bootstrap.Missing, match=r"Python 3\.11 or newer is needed"):
        bootstrap.missing_packages(dev=False)


def test_a_python_without_venv_asks_for_its_own_package(bootstrap, monkeypatch):
    # Usable for everything but making an environment; and there is none yet.
    monkeypatch.setattr(bootstrap, "usable", lambda python, check="pass": python != bootstrap.PYTHON and "ensurepip" not in check)
    monkeypatch.setattr(bootstrap.shutil, "which", lambda program: sys.executable)
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    assert bootstrap.missing_packages(dev=False) == [version]


def test_a_name_that_runs_nothing_is_passed_over(bootstrap, monkeypatch, tmp_path):
    shim = tmp_path / "python3.13"
    shim.write_text("#!/bin/sh\necho 'command not found' >&2\nexit 127\n")
    shim.chmod(0o755)
    monkeypatch.undo()
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert bootstrap.find_python() not in (None, str(shim))


def test_other_requirements_make_another_stamp(bootstrap, monkeypatch, tmp_path):
    (tmp_path / "requirements.txt").write_text("one==1\n")
    (tmp_path / "requirements-dev.txt").write_text("two==2\n")
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    run, dev = bootstrap.requirements_hash(False), bootstrap.requirements_hash(True)
    (tmp_path / "requirements-dev.txt").write_text("two==3\n")
    assert bootstrap.requirements_hash(False) == run
    assert bootstrap.requirements_hash(True) != dev
    (tmp_path / "requirements.txt").write_text("one==2\n")
    assert bootstrap.requirements_hash(False) != run


@pytest.fixture
def provider(bootstrap, monkeypatch, tmp_path):
    """A provider's folder, and the commands that are run for it."""
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "package-lock.json").write_text("{}")
    monkeypatch.setattr(bootstrap, "PROVIDER", tmp_path)
    commands = []
    monkeypatch.setattr(bootstrap, "run", lambda command, _problem: commands.append(command))
    return tmp_path, commands


def test_the_openid_provider_is_installed_once_for_each_lock_file(bootstrap, provider, capsys):
    folder, commands = provider
    bootstrap.ready_provider()
    bootstrap.ready_provider()
    assert len(commands) == 1
    assert commands[0][1].endswith("npm-cli.js")
    assert {"ci", "--ignore-scripts", str(folder)} <= set(commands[0])
    assert capsys.readouterr().out == "portal: installing the OpenID provider that the tests log in at\n"
    (folder / "package-lock.json").write_text("{ }")
    bootstrap.ready_provider()
    assert len(commands) == 2


def test_an_install_that_fails_is_tried_again(bootstrap, provider, monkeypatch):
    _folder, commands = provider

    def fail(command, problem):
        raise bootstrap.Missing(problem)

    with monkeypatch.context() as patch:
        patch.setattr(bootstrap, "run", fail)
        with pytest.raises(bootstrap.Missing, match="npm could not install"):
            bootstrap.ready_provider()
    bootstrap.ready_provider()
    assert len(commands) == 1


def test_the_providers_lock_file_names_every_content_and_no_address_to_fetch_it_from():
    lock = json.loads((ROOT / "tests/servers/oidc_provider/package-lock.json").read_text())
    packages = {name: row for name, row in lock["packages"].items() if name}
    assert len(packages) > 20
    assert [name for name, row in packages.items() if "resolved" in row or not row["integrity"].startswith("sha512-")] == []


def test_a_catalogue_is_stale_when_its_source_is_newer(bootstrap, tmp_path):
    po, mo = tmp_path / "messages.po", tmp_path / "messages.mo"
    po.write_text("")
    assert bootstrap.is_stale(po)
    mo.write_text("")
    os.utime(po, (1000, 1000))
    os.utime(mo, (2000, 2000))
    assert not bootstrap.is_stale(po)
    os.utime(po, (3000, 3000))
    assert bootstrap.is_stale(po)


def test_the_everyday_verbs_are_explained():
    shown = subprocess.run(["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    verbs = {line.split()[1] for line in shown.splitlines()}
    wanted = {
        "demo",
        "demo-check",
        "test",
        "test-security",
        "sbom",
        "lint",
        "fmt",
        "catalogues",
        "migrations-check",
        "bench",
        "vendor-check",
        "clean",
    }
    assert wanted <= verbs
