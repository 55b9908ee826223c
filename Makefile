# Every target sets itself up: it needs Python 3.11 or newer with pip and venv, nothing else.

PYTHON ?= $(shell for p in python3.11 python3 python3.12 python3.13; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$p"; break; }; done)
VENV := .venv
RUN := $(VENV)/bin/python
INSTALL := $(RUN) -m pip install --quiet --quiet --disable-pip-version-check
COMPILE := build/lock/bin/uv pip compile --quiet --no-config --universal --python-version 3.11 \
	--fork-strategy fewest --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate
TORCH := torch==2.13.0
SDKS := $(patsubst %,.venv-sdk-%/.done,1.25.8 2.0.2 openai-3.54.0)
SOURCES := src tests benchmarks examples art

.PHONY: demo test test-sdk test-wan check format bench bench-animatic bench-wan gallery chaos fuzz lock clean

demo: $(VENV)/.runtime  ## two videos through the HTTP API, into demo/
	@$(RUN) examples/demo.py

test: $(VENV)/.dev  ## the test suite, but for the rings below; JOBS=4 shares it among so many processes
	@$(RUN) -m pytest --ignore tests/e2e/sdk --ignore tests/wan $(if $(JOBS),-n $(JOBS) --dist loadgroup)

test-sdk: $(VENV)/.dev  ## the suite's ring of the official SDKs, each in an environment of its own
	@$(MAKE) --no-print-directory --jobs 2 $(SDKS)
	@$(RUN) -m pytest tests/e2e/sdk

test-wan: .venv-wan/.done  ## the suite's ring of open weights: torch, diffusers and tiny random checkpoints
	@.venv-wan/bin/python -m pytest tests/wan

check: $(VENV)/.dev  ## format, lint, types, import layers
	@$(RUN) -m ruff format --check $(SOURCES)
	@$(RUN) -m ruff check $(SOURCES)
	@$(RUN) -m mypy
	@$(VENV)/bin/lint-imports

format: $(VENV)/.dev  ## put the sources into the house's form
	@$(RUN) -m ruff format $(SOURCES)
	@$(RUN) -m ruff check --fix $(SOURCES)

bench: $(VENV)/.dev  ## measure, beside the floors; prints ratios
	@$(RUN) -m benchmarks

bench-animatic: $(VENV)/.dev  ## the animatic engine beside libx264 alone and ffmpeg's zoompan
	@$(RUN) -m benchmarks --only animatic

bench-wan: .venv-wan/.done  ## the engine of open weights beside bare calls of diffusers, on tiny random checkpoints
	@.venv-wan/bin/python -m benchmarks --only wan

gallery: $(VENV)/.dev  ## draw the pictures of docs/gallery.md anew
	@$(RUN) examples/draw_gallery.py

chaos: $(VENV)/.dev  ## 100 kills of the server; counts lost, doubled and stuck tasks
	@$(RUN) -m tests.e2e.chaos --kills 100

fuzz: $(VENV)/.dev  ## 10,000 spoilt pictures, sounds, clips and bodies, and ten times the calls by schemathesis
	@$(RUN) -m tests.fuzz --count 10000
	@TEST_EXAMPLES=300 TEST_SEED=$$(date +%s) $(RUN) -m pytest tests/e2e/test_openapi.py

lock:  ## pin the dependencies anew, with hashes
	@$(PYTHON) -m venv build/lock
	@build/lock/bin/python -m pip install --quiet --quiet --disable-pip-version-check uv
	@$(COMPILE) --output-file requirements.lock pyproject.toml requirements-build.in
	@$(COMPILE) --output-file requirements-dev.lock --extra dev --constraint requirements.lock \
		pyproject.toml requirements-build.in
	@for sdk in dashscope-1.25.8 dashscope-2.0.2 openai-3.54.0; do echo "$${sdk%-*}==$${sdk##*-}" | \
		$(COMPILE) --output-file tests/e2e/sdk/$$sdk.lock -; done
	@echo "torch; python_version < '0'" > build/lock/without-torch.txt
	@$(COMPILE) --output-file requirements-wan.lock --extra dev --extra wan --constraint requirements-dev.lock \
		--override build/lock/without-torch.txt pyproject.toml requirements-build.in

clean:  ## remove what these targets made
	@rm -rf $(VENV) .venv-sdk-* .venv-wan build demo

$(RUN):
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; name it: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.lock pyproject.toml | $(RUN)
	@echo "installing the locked dependencies into $(VENV)"
	@$(INSTALL) --require-hashes -r requirements.lock
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml | $(RUN)
	@echo "installing the locked dependencies for development into $(VENV)"
	@$(INSTALL) --require-hashes -r requirements-dev.lock
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@ $(VENV)/.runtime

define INSTALL_SDK
	@echo "installing $(basename $(<F)) into $(@D)"
	@$(RUN) -m venv --clear --without-pip $(@D)
	@$(RUN) -m pip --python $(@D) install --quiet --quiet --disable-pip-version-check \
		--no-deps --no-compile --require-hashes -r $<
	@touch $@
endef

.venv-sdk-openai-%/.done: tests/e2e/sdk/openai-%.lock | $(RUN)
	$(INSTALL_SDK)

.venv-sdk-%/.done: tests/e2e/sdk/dashscope-%.lock | $(RUN)
	$(INSTALL_SDK)

# The lock holds all but torch, whose builds differ by machine: pip takes the one of its own settings. Most of torch and
# transformers is never imported, so only what is gets compiled.
.venv-wan/.done: requirements-wan.lock pyproject.toml | $(RUN)
	@echo "installing torch and diffusers into .venv-wan"
	@$(RUN) -m venv --without-pip .venv-wan
	@$(RUN) -m pip --python .venv-wan install --quiet --quiet --disable-pip-version-check \
		--no-deps --no-compile --require-hashes -r $<
	@$(RUN) -m pip --python .venv-wan install --quiet --quiet --disable-pip-version-check --no-compile $(TORCH)
	@$(RUN) -m pip --python .venv-wan install --quiet --quiet --disable-pip-version-check \
		--no-deps --no-build-isolation --editable .
	@PYTHONDONTWRITEBYTECODE= .venv-wan/bin/python -c "import peft; from diffusers import WanImageToVideoPipeline"
	@touch $@
