# From a bare checkout: `make demo` shows it, `make test` proves it, `make lint` reads it.
SHELL := /bin/bash
MAKEFLAGS += --no-print-directory
export PATH := $(CURDIR)/.venv/bin:$(PATH)

PORT ?= 8000
RUNTIME := .venv/installed-runtime
DEVELOPMENT := .venv/installed-development
NODE_MODULES := node_modules/.package-lock.json

.PHONY: demo test lint format browser-deps bench chaos soak scale screenshots clean

demo: $(RUNTIME)
	@exec python manage.py demo --port $(PORT)

test: lint browser-deps
	@python -m tests.lanes

lint: $(DEVELOPMENT) $(NODE_MODULES)
	@ruff check .
	@ruff format --check .
	@mypy
	@djlint --lint --quiet livechat_widget demo_site templates tests
	@npm run --silent check

format: $(DEVELOPMENT)
	@ruff check --fix .
	@ruff format .

browser-deps: $(DEVELOPMENT)
	@.ci/browser

bench: $(DEVELOPMENT) browser-deps
	@python -m tests.bench $(if $(QUICK),quick)

chaos: $(DEVELOPMENT)
	@python -m tests.chaos

soak: $(DEVELOPMENT)
	@python -m tests.chaos soak --slice $(or $(SLICE),1)

scale: $(DEVELOPMENT)
	@python -m tests.scale $(PARTS)

screenshots: browser-deps
	@python -m tests.screenshots

clean:
	rm -rf .venv node_modules demo.sqlite3*

$(RUNTIME): pyproject.toml
	@.ci/venv -e ".[files]"
	@touch $@

$(DEVELOPMENT): pyproject.toml
	@.ci/venv -e . --group dev
	@touch $(RUNTIME) $@

$(NODE_MODULES): package-lock.json | $(DEVELOPMENT)
	@.ci/node
	@npm ci --silent
	@touch $@
