#!/usr/bin/env bash
# Everything that must pass, in the order in which it fails fastest.
#
#   testing/all.sh                  all steps, stopping at the first that fails
#   testing/all.sh e2e              one step, or several
#   testing/all.sh --list           their names
#
# A step is a function below. What it printed is in target/steps/NAME.log. The last line counts the
# tests as their own runners counted them; a step without a runner counts as one check.
#
# Every build is one of `--workspace`, cut down by what is wanted of it: with `--package`, the crates below would get
# other features each time, and half of everything would be compiled three times.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

STEPS=(format tidy web_install licences web_check web_test web_build clippy rust openapi stories house crash postgres slack media e2e leaks)
LOGS=${CARGO_TARGET_DIR:-target}/steps

export CARGO_TERM_COLOR=never NO_COLOR=1 FORCE_COLOR=0
# A clone that is built once gains nothing from incremental files.
[ -z "${CI:-}" ] || export CARGO_INCREMENTAL=0
# Every secret that a test makes up holds this word. `leaks` looks for it where no secret belongs.
export MADANG_TEST_MARK=geheim-nicht-zeigen

step_format() { # rustfmt
    cargo fmt --all --check
}

step_tidy() { # the rules of the house
    cargo xtask tidy
}

step_web_install() { # npm ci
    npm --prefix web ci --no-audit --no-fund
}

step_licences() { # licences, forbidden crates
    cargo xtask licences
}

step_web_check() { # lint and types
    npm --prefix web run -s lint
    npm --prefix web run -s check
}

step_web_test() { # engine, parsers, IME rule
    npm --prefix web test
}

step_web_build() { # build and byte budget
    npm --prefix web run -s build
}

step_clippy() { # lints of Rust
    cargo clippy --workspace --all-targets --locked -- -D warnings
}

step_rust() { # units, laws and conformance, on SQLite
    cargo test --workspace --lib --bins --test it --locked --no-fail-fast
}

step_openapi() { # docs/openapi.json is current
    build_server
    MADANG_BIN=$(binary) cargo xtask gen --check
}

step_postgres() { # conformance, stories, a short house and some crashes, on PostgreSQL
    build_server
    # Rights are decided by the model, whatever the engine: the matrix of all doors and roles is told once, on SQLite. So
    # is what goes over the line and not into the store.
    testing/postgres.sh run bash -euc '
        cargo test --workspace --locked --no-fail-fast --lib postgres
        cargo test --workspace --locked --no-fail-fast --test it
        cargo test --workspace --locked --test stories -- --skip matrix:: --skip https:: --skip certificates:: \
            --skip proxy:: --skip browser:: --skip addresses:: --skip previews:: --skip sockets:: --skip calls:: \
            --skip mcp::
        MADANG_HOUSE_STEPS=700 cargo test --workspace --locked --test house -- --nocapture
        MADANG_CRASH_CYCLES=5 cargo test --workspace --locked --test crash -- --nocapture
    '
}

step_media() { # calls in Chromium, without the house
    testing/install.sh
    [ -d web/node_modules ] || step_web_install
    cargo build --workspace --locked --example lobby
    MADANG_LOBBY=$(dirname "$(binary)")/examples/lobby node --test testing/media/browsers.mjs
}

step_slack() { # published clients of Slack and of the Model Context Protocol, unmodified
    testing/install.sh --slack
    build_server
    MADANG_BIN=$(binary) node --test testing/slack/clients.test.mjs
}

step_e2e() { # two people in Chromium
    testing/install.sh
    [ -d web/node_modules ] || step_web_install
    [ -f web/dist/index.html ] || step_web_build
    cargo build --workspace --locked --bin madang --bin madang-test
    mkdir -p target/e2e
    # One after the other: two calls at once, or a call beside another story, are too much for a small machine. A story
    # that fails is told once more before it counts: a browser on a busy machine is sometimes late. What the first
    # telling said stays in target/e2e.
    export MADANG_BIN
    MADANG_BIN=$(binary)
    local story first failed=0
    for story in web/e2e/stories/*.story.mjs; do
        first=target/e2e/$(basename "$story" .story.mjs).first.log
        if npm --prefix web run -s e2e "${story#web/}" >"$first" 2>&1; then
            cat "$first"
        else
            echo "$story is told once more: $first says why"
            npm --prefix web run -s e2e "${story#web/}" || failed=1
        fi
    done
    return "$failed"
}

step_stories() { # stories over HTTP and the socket, told to the binary
    testing/install.sh
    build_server
    cargo test --workspace --locked --test stories
}

step_house() { # simulated devices against the binary: known seeds and a new one
    build_server
    cargo test --workspace --locked --test house -- --nocapture
}

step_crash() { # kill -9 under load, 20 times
    build_server
    MADANG_CRASH_CYCLES=${MADANG_CRASH_CYCLES:-20} cargo test --workspace --locked --test crash -- --nocapture
}

step_leaks() { # no secret in any log of this run
    if grep -rIl --exclude=leaks.log -e "$MADANG_TEST_MARK" "$LOGS"; then
        echo "the files above hold a secret that a test made up" >&2
        return 1
    fi
}

build_server() { cargo build --workspace --locked --bin madang; }

binary() { echo "$PWD/${CARGO_TARGET_DIR:-target}/debug/madang" | sed 's#^.*//#/#'; }

# ── running and counting ─────────────────────────────────────────────────────────────────────────

# Prints "PASSED FAILED" as the runners in a log counted them.
count() {
    awk '
        # cargo test
        /^test result: / { for (i = 1; i < NF; i++) { if ($(i+1) == "passed;") p += $i; if ($(i+1) == "failed;") f += $i } }
        # Vitest: "Tests  1 failed | 22 passed (23)"
        /^ *Tests  / { for (i = 1; i < NF; i++) { if ($(i+1) == "passed") p += $i; if ($(i+1) == "failed") f += $i } }
        # the test runner of Node
        /^(#|ℹ) pass [0-9]+$/ { p += $3 }
        /^(#|ℹ) (fail|cancelled) [0-9]+$/ { f += $3 }
        END { print p + 0, f + 0 }
    ' "$1"
}

describe() { sed -n "s/^step_$1() { # //p" "${BASH_SOURCE[0]}"; }

case "${1:-}" in
--inside) # one step in a shell of its own, so that `set -e` holds within it
    "step_$2"
    exit
    ;;
--list)
    for step in "${STEPS[@]}"; do printf '%-12s %s\n' "$step" "$(describe "$step")"; done
    exit
    ;;
esac

wanted=("$@")
[ ${#wanted[@]} -gt 0 ] || wanted=("${STEPS[@]}")
for step in "${wanted[@]}"; do
    declare -F "step_$step" >/dev/null || { echo "there is no step $step: see testing/all.sh --list" >&2; exit 2; }
done

mkdir -p "$LOGS"
if [ $# = 0 ]; then
    rm -f "$LOGS"/*.log
    testing/install.sh
fi

table=() passed=0 failed=0
for step in "${wanted[@]}"; do
    printf '\n── %s: %s\n' "$step" "$(describe "$step")"
    began=$SECONDS status=0
    bash "${BASH_SOURCE[0]}" --inside "$step" </dev/null 2>&1 | tee "$LOGS/$step.log" || status=$?
    read -r good bad < <(count "$LOGS/$step.log")
    if [ "$status" != 0 ] && [ "$bad" = 0 ]; then
        bad=1 # it broke outside any test, or has no runner
    elif [ "$good$bad" = 00 ]; then
        good=1
    fi
    passed=$((passed + good)) failed=$((failed + bad))
    table+=("$(printf '%-12s %5d passed %4d failed %5d s   %s' "$step" "$good" "$bad" $((SECONDS - began)) "$(describe "$step")")")
    [ "$status" = 0 ] || break
done

echo
printf '%s\n' "${table[@]}"
left=$((${#wanted[@]} - ${#table[@]}))
[ "$left" = 0 ] || echo "$left steps were not reached"
printf '%s in %d min %d s\n\n' "all of it" $((SECONDS / 60)) $((SECONDS % 60))
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
