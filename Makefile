# What a newcomer types. Everything else is `cargo xtask` and `testing/all.sh --list`.
.PHONY: run test soak bench budgets check screens clean help tools

help:
	@echo "make run       builds Madang and starts it on http://127.0.0.1:8080"
	@echo "make test      everything that must pass (installs a browser and PostgreSQL on Debian)"
	@echo "make check     the quick part of it, before every commit"
	@echo "make soak      200 crash cycles, 30 new seeds of the house simulation, broken packets at calls for minutes"
	@echo "make bench     measures it beside bare references, about seven minutes (WHAT=quick: less of each)"
	@echo "make budgets   how fast the web client is on a slow phone, and Lighthouse, beside what they may take"
	@echo "make screens   a picture of every screen into target/screens, and those of the documents"
	@echo "make clean     removes what was built; your data in ./data stays"

run: tools web/dist/index.html
	cargo build --profile quick --locked --package madang-server --bin madang
	@$${CARGO_TARGET_DIR:-target}/quick/madang serve $(ARGS)

# Says what is missing in words, before a program does it in its own.
tools:
	@command -v cargo >/dev/null || { echo "Rust 1.95 or newer is needed: install it with rustup"; exit 1; }
	@command -v cc >/dev/null || { echo "A C compiler is needed: apt-get install gcc libc6-dev, or Xcode's command line tools"; exit 1; }
	@command -v npm >/dev/null && node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' || \
		{ echo "Node.js 20.19 or newer with npm is needed, here is: $$(node --version 2>/dev/null || echo none)"; exit 1; }

test:
	@bash testing/all.sh

check: tools web/node_modules/.package-lock.json
	@cargo xtask check

soak:
	MADANG_CRASH_CYCLES=200 MADANG_HOUSE_SEEDS=30 bash testing/all.sh crash house
	MADANG_FUZZ_SECONDS=$(or $(MADANG_FUZZ_SECONDS),180) MADANG_FUZZ_SEED=$$(date +%s) cargo test --workspace --locked --lib --test stories fuzz -- --nocapture --test-threads 1

bench:
	cargo build --release --locked --package madang-server --package madang-test --bins
	@$${CARGO_TARGET_DIR:-target}/release/madang-test bench $(or $(WHAT),all)

budgets: web/dist/index.html
	testing/install.sh
	cargo build --profile quick --locked --package madang-server --bin madang
	npm --prefix testing/budgets ci --no-audit --no-fund
	MADANG_BIN=$(CURDIR)/target/quick/madang node testing/budgets/run.mjs

screens: web/dist/index.html
	cargo build --workspace --locked --bin madang
	npm --prefix web run -s screens

clean:
	cargo clean
	rm -rf web/node_modules web/dist web/dist-gallery web/src/paraglide

web/node_modules/.package-lock.json: web/package-lock.json
	npm --prefix web ci --no-audit --no-fund
	@touch $@

web/dist/index.html: web/node_modules/.package-lock.json web/index.html $(wildcard web/vite*.config.ts) $(shell find web/src web/widget web/booking web/public web/messages web/build -type f -not -path 'web/src/paraglide/*' 2>/dev/null)
	npm --prefix web run -s build
	@touch $@
