# Everything runs from .venv, which `make` builds from uv.lock.
# Needs: git, make, Python 3.11 or newer. Nothing else.

SHELL := bash
PYTHON ?= python3
UV := $(shell command -v uv 2>/dev/null || echo .tools/bin/uv)
RUN := .venv/bin
export UV_PYTHON_DOWNLOADS := never
export UV_SYSTEM_CERTS := 1

.PHONY: help demo run test check bench soak pi-test screenshots clean
.DEFAULT_GOAL := help

help: ## what each target does
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

demo: .venv/runtime ## a synthetic home on http://localhost:5050, nothing to configure
	$(RUN)/home-energy demo

run: .venv/runtime ## your own home: collector and dashboard, from config/
	@trap 'kill $$(jobs -p) 2>/dev/null' EXIT; trap 'exit 0' INT TERM; \
	$(RUN)/home-energy collect & $(RUN)/home-energy serve & wait -n

test: .venv/dev ## all tests that fit in eight minutes
	$(RUN)/pytest -n 2 --dist loadgroup --ignore tests/soak --ignore tests/booted

check: .venv/dev ## lint, format, types, floors
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .
	$(RUN)/mypy
	$(RUN)/lint-imports

soak: .venv/dev ## the long runs, with every fault and many power cuts
	$(RUN)/pytest tests/soak --timeout 0 -s

pi-test: .venv/dev ## the Pi without a Pi: installs, boots and cuts the power (as root)
	$(RUN)/pytest tests/booted -p no:xdist --timeout 0 -s -rs

screenshots: .venv/dev ## the README's pictures, taken from the program
	$(RUN)/python -m tests.browser.take_screenshots

bench: .venv/dev ## measure the budgets beside their targets
	$(RUN)/python -m tests.benchmarks.budgets

.tools/bin/uv:
	$(PYTHON) -m venv .tools
	.tools/bin/pip install --quiet --disable-pip-version-check 'uv>=0.9,<1'

.venv/runtime: uv.lock pyproject.toml | $(UV)
	$(UV) sync --quiet --frozen --inexact --no-dev --python $(PYTHON)
	@touch $@

.venv/dev: uv.lock pyproject.toml | $(UV)
	$(UV) sync --quiet --frozen --python $(PYTHON)
	@touch $@ .venv/runtime

clean: ## remove what make built; data and configuration stay
	rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis
