# Everything that is done with this repository, in one place. `make help` lists it.

.DEFAULT_GOAL := help
.NOTPARALLEL:
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c

TARGET := $(abspath $(or $(CARGO_TARGET_DIR),target))
QRES := $(TARGET)/debug/qres
# The program that browsers meet. With a test, any, its dependencies have the features that tests use;
# without one all would be compiled a second time.
BUILD_AS_TESTED := cargo build --locked --quiet --bin qres --test docs
# The boards' program and card: compilers, Debian, and what came of them.
ARM := $(TARGET)/arm
PROFILE ?= release
ARM64 := $(ARM)/build/aarch64-unknown-linux-gnu/$(PROFILE)/qres
CARD := $(TARGET)/card
CARGO_DENY := $(or $(shell command -v cargo-deny),$(TARGET)/tools/bin/cargo-deny)
FUZZ := $(TARGET)/tools/fuzz/bin/schemathesis
# The commit that `qres --version` names.
export QRES_COMMIT ?= $(shell git rev-parse --short=12 HEAD 2>/dev/null || echo unknown)

# The publisher's key by which `qres update` knows its bundles; made by image-build/update-key.sh.
export QRES_UPDATE_KEY ?= $(shell cat image-build/update.pub 2>/dev/null)

WEB_SOURCES := $(shell find web -type f -not -path 'web/node_modules/*' -not -path 'web/dist/*' \
                 -not -path 'web/e2e/*' -not -name '*.test.ts' -not -name api.d.ts 2>/dev/null)
NPM_PACKAGES := web/node_modules/.package-lock.json
WEB_APPS := web/dist/index.html

help: ## List the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: build ## Open the demo restaurant: make run ARGS="--listen 127.0.0.1:8000 --data-dir demo-data"
	$(QRES) demo --past 30 --fiscal-register $(ARGS)

build: tools-to-build $(WEB_APPS) ## The web apps and the binary, for development
	cargo build --locked

release: tools-to-build $(WEB_APPS) ## The same, as it is shipped: optimised and stripped
	cargo build --locked --release

deb: release ## A Debian package of the release for this machine, in target/deb
	packaging/deb.sh $(TARGET)/release/qres $$(dpkg --print-architecture) $(TARGET)/deb

arm64: tools-for-arm64 $(WEB_APPS) ## The program for a board with a 64-bit system, from Debian packages alone
	packaging/arm/build.sh arm64 $(ARM) $(PROFILE)

armhf: tools-for-armhf $(WEB_APPS) ## The same for a 32-bit system
	packaging/arm/build.sh armhf $(ARM) $(PROFILE)

test-arm: arm64 ## Start, order and stop the 64-bit board's program under an emulator
	QRES_PROGRAM="qemu-aarch64-static -L /usr/aarch64-linux-gnu $(ARM64)" \
	    cargo test --locked --test faults smoke

image: tools-for-image arm64 ## The card for a Raspberry Pi, in target/card
	image-build/build.sh $(ARM64) $(CARD)

image-packages: tools-for-image ## Take the newest Debian packages: writes image-build/packages.lock
	image-build/build.sh --packages $(CARD)

test-image: tools-for-image ## Boot the card in an emulator, order, pull the plug twenty times
	image-build/test/run.py $(CARD)

web: tools-to-build $(WEB_APPS) ## Only the web apps, when their sources changed

test: tools-to-test format web-test lint rust-test fuzz-short e2e budget ## Everything, what fails fast first

format: ## Is the code formatted?
	cargo fmt --check

lint: $(WEB_APPS) ## Clippy, without a warning
	cargo clippy --locked --all-targets --quiet -- -D warnings

rust-test: $(WEB_APPS) ## Rust: unit tests, tests over HTTP, faults
	$(if $(shell command -v cargo-nextest),cargo nextest run --locked,cargo test --locked)

web-test: $(NPM_PACKAGES) ## Web: types and unit tests
	cd web && npm run --silent check && npm test --silent

e2e: $(NPM_PACKAGES) $(WEB_APPS) ## A real browser against the real binary
	$(BUILD_AS_TESTED)
	cd web && QRES_BIN=$(QRES) npm run --silent e2e

budget: $(NPM_PACKAGES) $(WEB_APPS) ## What the pages weigh and what Lighthouse says, with limits
	$(BUILD_AS_TESTED)
	cd web && QRES_BIN=$(QRES) npm run --silent budget

fuzz: $(FUZZ) $(WEB_APPS) ## Whatever the API document allows and much that it does not, for some minutes
	$(BUILD_AS_TESTED)
	tests/fuzz/run.sh $(QRES) $(FUZZ) $(or $(EXAMPLES),100)

fuzz-short: $(FUZZ) $(WEB_APPS)
	$(BUILD_AS_TESTED)
	tests/fuzz/run.sh $(QRES) $(FUZZ) short

guide: $(NPM_PACKAGES) $(WEB_APPS) ## The pictures of docs/GUIDE.md anew, from the real screens
	$(BUILD_AS_TESTED)
	cd web && QRES_BIN=$(QRES) npm run --silent guide

deny: $(CARGO_DENY) ## Licences and sources of the dependencies (deny.toml); installs cargo-deny
	$(CARGO_DENY) --log-level warn check bans licenses sources

bench: tools-to-build $(WEB_APPS) ## The figures of docs/BENCHMARKS.md, each beside its ceiling
	cargo bench --locked --bench box -- $(ONLY)

openapi: ## Write docs/openapi.json anew, after a change of the API
	cargo run --locked --quiet -- openapi > docs/openapi.json.new
	mv docs/openapi.json.new docs/openapi.json

clean: ## Remove all that was built
	cargo clean
	rm -rf web/dist web/node_modules

tools-to-build:
	@tests/install.sh build

tools-to-test:
	@tests/install.sh test

tools-for-%:
	@tests/install.sh $*

# A debug build: it runs for a second, but builds for minutes.
$(TARGET)/tools/bin/cargo-deny:
	cargo install --locked --debug --quiet --root $(TARGET)/tools --target-dir $(TARGET)/tools/build \
	    cargo-deny@0.20.2
	rm -rf $(TARGET)/tools/build

# Schemathesis, in an environment of its own.
$(FUZZ): tests/fuzz/requirements.txt
	python3 -m venv --clear $(TARGET)/tools/fuzz
	$(TARGET)/tools/fuzz/bin/pip install --quiet --disable-pip-version-check --no-deps -r $<
	@touch $@

$(NPM_PACKAGES): web/package.json web/package-lock.json
	cd web && npm ci --no-audit --no-fund
	@touch $@

# The client's types follow from the API document, which follows from the code.
$(WEB_APPS): $(NPM_PACKAGES) docs/openapi.json $(WEB_SOURCES)
	cd web && npm run --silent build
	@touch $@

.PHONY: help run build release deb arm64 armhf test-arm image image-packages test-image web test format \
        lint rust-test web-test e2e budget guide fuzz fuzz-short deny bench openapi clean tools-to-build tools-to-test
