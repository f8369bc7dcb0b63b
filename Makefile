# Everything needs only Python >= 3.11: the first target that runs installs the locked tools into .venv.
# `make` with no target lists the verbs.

.DEFAULT_GOAL := help
.PHONY: help demo test test-deep check bench serve docs derived lock clean

PYTHON ?= python3
# A node waits for its time grid more than it computes; a file's tests share their nodes, so files stay whole.
SIDE_BY_SIDE := -n 4 --dist loadfile --no-loadscope-reorder
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
NODE_READY := node_modules/.ready
TOKEN_READY := $(VENV)/.token
PEERS := $(VENV)/peers
PEERS_READY := $(PEERS)/.ready
PEERS_LOCK := benchmarks/peers/requirements.lock
PROJECTS := spec reference_server client_sdk conformance
PACKAGES := mpex-spec mpex-server mpex-client mpex-conformance
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Without bytecode every process of a node compiles a thousand modules at its start.
unexport PYTHONDONTWRITEBYTECODE

help: ## List the verbs
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

demo: $(READY) ## Nodes play a case step by step (STORY=name another one, KEEP=1 leaves them running)
	STORY=$(STORY) $(BIN)/python -m demo.run

test: $(READY) $(NODE_READY) $(TOKEN_READY) ## Run every test, on SQLite and on PostgreSQL
	$(BIN)/pytest $(SIDE_BY_SIDE)

test-deep: $(READY) $(NODE_READY) $(TOKEN_READY) ## Run the long tests, and property tests with many more examples
	$(BIN)/pytest $(SIDE_BY_SIDE) -m "(deep or hypothesis) and not alone" --hypothesis-profile=deep
	$(BIN)/pytest -m alone

check: $(READY) $(NODE_READY) ## Format, lint, types, house rules, derived files, the spec and its bundle
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy .
	$(BIN)/python -m tools.lint
	$(BIN)/python -m tools.derived --check
	$(BIN)/mpex-spec lint
	$(BIN)/mpex-spec bundle -o $(VENV)/bundle.json
	$(BIN)/python -m tools.node node tools/check_bundle.mjs $(VENV)/bundle.json

bench: $(READY) $(PEERS_READY) ## Measure what requests cost on both databases, beside floors and peers (6 minutes)
	$(BIN)/python benchmarks/run.py

serve: $(READY) ## One sandbox node on port 8080, its keys and data in .sandbox
	$(BIN)/mpex-server sandbox --dir .sandbox --port 8080

docs: $(READY) ## Render the standard and the guides into site/
	$(BIN)/python -m tools.pages

derived: $(READY) ## Write every derived file anew from what it is derived from
	$(BIN)/python -m tools.derived

lock: $(READY) ## Resolve versions anew into the locks (UPGRADE=--upgrade takes the newest)
	echo uv | $(BIN)/uv pip compile -q --universal --generate-hashes --no-header --no-annotate \
	  --python-version 3.11 $(UPGRADE) - -o bootstrap.lock
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-header --python-version 3.11 $(UPGRADE) \
	  $(PACKAGES:%=--no-emit-package %) --group dev pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-header --no-annotate --python-version 3.11 \
	  $(UPGRADE) $(PEERS_LOCK:.lock=.in) -o $(PEERS_LOCK)
	$(BIN)/python -m tools.node npm install --package-lock-only

clean: ## Remove everything that make created
	rm -rf $(VENV) node_modules site .sandbox

# uv installs in seconds what takes pip minutes. It is itself installed by pip, by hash, and pip takes over
# where uv does not know the index that pip is configured with.
$(READY): requirements.lock bootstrap.lock pyproject.toml $(PROJECTS:%=%/pyproject.toml)
	@$(PYTHON) -c 'import sys; sys.exit("MPEX needs Python 3.11 or newer" if sys.version_info < (3, 11) else 0)'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --require-hashes -r bootstrap.lock
	$(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r requirements.lock \
	  || $(BIN)/python -m pip install -q --require-hashes -r requirements.lock
	$(BIN)/uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation $(PROJECTS:%=-e ./%)
	@touch $@

$(NODE_READY): package-lock.json $(READY)
	$(BIN)/python -m tools.node npm ci
	@touch $@

# Where no token in software can be had, the tests on one are skipped, loudly.
$(TOKEN_READY): $(READY)
	-$(BIN)/python -m tools.softhsm && touch $@

# What the benchmarks measure beside the node has libraries of its own, apart from ours.
$(PEERS_READY): $(PEERS_LOCK) $(READY)
	test -x $(PEERS)/bin/python || $(BIN)/python -m venv $(PEERS)
	$(BIN)/uv pip install -q --python $(PEERS)/bin/python --require-hashes -r $(PEERS_LOCK) \
	  || $(PEERS)/bin/python -m pip install -q --require-hashes -r $(PEERS_LOCK)
	@touch $@
