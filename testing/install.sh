#!/usr/bin/env bash
# Installs what the tests need beyond Rust and Node: a browser, PostgreSQL, Korean letters, emoji, ffmpeg, a reverse
# proxy (nginx), a certificate authority for tests (Pebble), a WebRTC client that is no browser (aiortc, from PyPI,
# into target/whip), and clients of Slack (from PyPI into target/slack, from npm into testing/slack/node_modules).
#
#   testing/install.sh           installs (Debian, Ubuntu) as root or through sudo
#   testing/install.sh --check   only says what is missing
#   testing/install.sh --slack   the clients of Slack too, for the step `slack`
set -euo pipefail

asked=${1:-}

missing=()
[ -x "${MADANG_CHROMIUM:-/usr/bin/chromium}" ] || missing+=(chromium)
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || missing+=(postgresql)
command -v pebble >/dev/null || missing+=(pebble)
[ -x /usr/sbin/nginx ] || command -v nginx >/dev/null || missing+=(nginx-light)
# Shows one process another time: for the clock that is put back.
ls /usr/lib/*/faketime/libfaketimeMT.so.1 >/dev/null 2>&1 || missing+=(libfaketime)
# Without them every Korean word, and every emoji, on a screenshot is a row of boxes.
fc-list 2>/dev/null | grep -qi 'noto.*cjk' || missing+=(fonts-noto-cjk)
fc-list 2>/dev/null | grep -qi 'noto color emoji' || missing+=(fonts-noto-color-emoji)
# Makes one video of a recorded call, and says whether files play.
command -v ffmpeg >/dev/null || missing+=(ffmpeg)
command -v fc-list >/dev/null || missing+=(fontconfig)
# Makes the certificate of a house that is asked over https.
command -v openssl >/dev/null || missing+=(openssl)

node_is_fine() {
    node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null
}
if ! node_is_fine; then
    echo "Node.js 20.19 or newer is needed, here is: $(node --version 2>/dev/null || echo none)" >&2
    exit 2
fi
if ! command -v cargo >/dev/null; then
    echo "Rust 1.95 or newer is needed: install it with rustup" >&2
    exit 2
fi

# In a place of its own: nothing of the machine's Python is touched.
venv="$(cd "$(dirname "$0")/.." && pwd)/target/whip"
has_aiortc() { [ -x "$venv/bin/python" ] && "$venv/bin/python" -c 'import aiortc' 2>/dev/null; }
aiortc() {
    has_aiortc && return
    python3 -m venv "$venv" && "$venv/bin/pip" install --quiet --only-binary :all: -r "$(dirname "$0")/whip/requirements.txt"
}
# Clients of Slack, pinned with the hashes of what they were. Of one of theirs there is no wheel.
slack="$(dirname "$venv")/slack" clients="$(dirname "$0")/slack"
has_clients() { cmp -s "$clients/requirements.txt" "$slack/installed.txt" && cmp -s "$clients/package-lock.json" "$slack/installed.json"; }
slack_clients() {
    [ "$asked" = --slack ] || return 0
    has_clients && return
    python3 -m venv "$slack"
    "$slack/bin/pip" install --quiet --require-hashes --only-binary :all: --no-binary pygments-markdown-lexer -r "$clients/requirements.txt"
    npm --prefix "$clients" ci --no-audit --no-fund --ignore-scripts
    cp "$clients/requirements.txt" "$slack/installed.txt"
    cp "$clients/package-lock.json" "$slack/installed.json"
}
if [ "${1:-}" = --check ]; then
    has_aiortc || missing+=(aiortc)
else
    python3 -c 'import venv, ensurepip' 2>/dev/null || missing+=(python3-venv)
fi

if [ ${#missing[@]} -eq 0 ]; then
    aiortc
    slack_clients
    exit 0
fi
if [ "${1:-}" = --check ]; then
    echo "missing: ${missing[*]}" >&2
    exit 1
fi

as_root=()
if [ "$(id -u)" != 0 ]; then
    as_root=(sudo)
fi
if ! command -v apt-get >/dev/null || { [ "$(id -u)" != 0 ] && ! sudo -n true 2>/dev/null; }; then
    {
        echo "The tests need: ${missing[*]}"
        echo "On Debian or Ubuntu:  sudo apt-get install --no-install-recommends ${missing[*]}"
        echo "Elsewhere install Chromium (its path in MADANG_CHROMIUM), PostgreSQL 15 or newer (initdb in PATH), the Noto CJK and Noto Color Emoji fonts, nginx, and Pebble (pebble and pebble-challtestsrv in PATH)."
    } >&2
    exit 2
fi
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq
# The tests start what they need themselves, on free ports. The packages would start services on the usual ports;
# RUNLEVEL asks their scripts not to.
"${as_root[@]}" env RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" </dev/null
aiortc
slack_clients
