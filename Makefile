# Two commands matter: make demo, make test. Each makes the machine ready first (tools/bootstrap.py); the rest is for every day.
SHELL := /bin/sh
PY := .venv/bin/python
OURS := portal forms stand_ins tools wsgi.py
BANDIT := $(PY) -m bandit -q -c pyproject.toml -r $(OURS)
.DEFAULT_GOAL := help
.PHONY: help demo demo-check test test-security sbom lint fmt catalogues migrations-check bench vendor-check clean ready ready-dev

help: ## show this help
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-17s %s\n", $$1, $$2}' Makefile

demo: ready ## run the whole portal with demo persons on http://127.0.0.1:8000 (PORT=... changes it); Ctrl-C stops it
	@exec $(PY) -m portal demo

demo-check: ready ## start the demo, fetch its front page, stop it, start it again and say how long that took
	@exec $(PY) -m portal demo --check

test: ready-dev ## run every test, browser included (ARGS="-k word" narrows)
	@exec $(PY) -m pytest -n 2 --dist loadfile $(ARGS)

test-security: ready-dev ## run every test about security, bandit and the walk over every route (ARGS="-k word" narrows)
	@$(PY) -m tests.security
	@$(BANDIT) && echo "bandit found nothing in $(OURS)"
	@exec $(PY) -m pytest -n 2 --dist loadfile -m security $(ARGS)

sbom: ready ## list every library the portal runs on, as CycloneDX, in var/sbom.cdx.json
	@exec $(PY) tools/sbom.py

lint: ready-dev ## look at the code: ruff, bandit, and which room imports which
	@$(PY) -m ruff check . && $(BANDIT) && .venv/bin/lint-imports

fmt: ready-dev ## put the code in its usual shape
	@$(PY) -m ruff check --fix-only --quiet . && $(PY) -m ruff format .

catalogues: ready-dev ## collect the texts from code and templates, update translations/ and compile
	@$(PY) tools/catalogues.py update && $(PY) tools/catalogues.py compile

migrations-check: ready-dev ## check that the models equal the migrations, from empty and from the previous release
	@exec $(PY) -m pytest -q -k migrat tests/portal tests/meta

bench: ready-dev ## measure what a page and a whole application cost (a measurement, not a test)
	@exec $(PY) -m benchmarks $(ARGS)

vendor-check: ready-dev ## check that the vendored design system is what its package holds (needs npm)
	@exec $(PY) tools/vendor_assets.py --check

clean: ## remove everything made here: the virtual environment, the demo's data, caches
	@rm -rf .venv var .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage tests/output tests/servers/oidc_provider/node_modules
	@find . -name __pycache__ -type d -prune -exec rm -rf {} + ; find translations -name '*.mo' -delete

ready:
	@command -v python3 >/dev/null || { echo "portal: Python 3.11 or newer is needed: install python3 and python3-venv" >&2; exit 1; }
	@python3 tools/bootstrap.py

ready-dev:
	@command -v python3 >/dev/null || { echo "portal: Python 3.11 or newer is needed: install python3 and python3-venv" >&2; exit 1; }
	@python3 tools/bootstrap.py --dev
