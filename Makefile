# A fresh machine needs Python 3.11 or newer, pip and make. Everything else is fetched into .venv.
export PYTHON
BIN := .venv/bin

.PHONY: setup demo test test-long coverage lint bench soak lock

setup:
	@sh .ci/setup

# The main job from start to end against the sandbox tenant on loopback.
demo: setup
	@$(BIN)/python -m bot.cli.main demo

# On all cores, with three processes more than there are of them, since many tests wait: a file's tests stay together, because they share what
# is costly to set up, and the costliest files begin (tests/conftest.py orders them), so that none is left to the end. What was compiled
# is kept for the next run.
PYTEST := PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n auto --maxprocesses 5 --dist loadfile --no-loadscope-reorder --durations 20

# Every test but the long ones. ARGS narrows it down: make test ARGS='tests/unit -k wire'
test: setup
	@$(PYTEST) -m 'not long' $(ARGS)

# The tests that play for long what others play for a short while: a day of kills, a kill at every request, histories of seats.
test-long: setup
	@$(PYTEST) -m long $(ARGS)

# Every branch of the pure core is taken (the list stands in pyproject.toml) by the tests of its rules, which run once more for it:
# traced, a test takes twice as long, and `make test` is run far more often.
coverage: setup
	@$(PYTEST) -m 'not long' --cov --cov-report= --cov-fail-under=0 tests/unit tests/property
	@$(BIN)/python -m coverage report

lint: setup
	@$(BIN)/python -m ruff check
	@$(BIN)/python -m ruff format --check
	@$(BIN)/python -m mypy
	@$(BIN)/lint-imports
	@$(BIN)/hadolint Dockerfile

# Every figure, written into .bench/ and compared with the run before. ARGS narrows it down: make bench ARGS='a r s'
bench: setup
	@$(BIN)/python -m tests.bench $(ARGS)

# The service at work with a plan that hangs beside good ones; MINUTES=10 for less than an hour.
soak: setup
	@$(BIN)/python -m tests.bench.held $(or $(MINUTES),60)

# Renews what pyproject.toml lets move. The locks name no index: whoever installs uses their own.
lock: setup
	@$(BIN)/python -m uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--group dev pyproject.toml -o requirements-dev.lock
	@$(BIN)/python -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		-c requirements-dev.lock pyproject.toml -o requirements.lock
