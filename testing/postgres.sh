#!/bin/sh
# A PostgreSQL server for one command: made in a temporary directory, stopped and removed at the end.
#
#   testing/postgres.sh run cargo test --workspace --lib postgres
#
# The command finds the server's URL in MADANG_TEST_PG. Needs Debian's postgresql package (or initdb in PATH).
set -eu

if [ "${1:-}" != run ] || [ $# -lt 2 ]; then
    sed -n '2,6p' "$0" | sed 's/^# \{0,1\}//' >&2
    exit 2
fi
shift

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
if [ -z "$bin" ]; then
    bin=$(dirname "$(command -v initdb 2>/dev/null || true)")
fi
if [ ! -x "$bin/initdb" ]; then
    echo "PostgreSQL is not installed: apt-get install postgresql" >&2
    exit 2
fi

home=$(mktemp -d "${TMPDIR:-/tmp}/madang-pg.XXXXXX")
# PostgreSQL refuses to run as root, so there it runs as somebody without rights.
as=
if [ "$(id -u)" = 0 ]; then
    account=$(id -un postgres 2>/dev/null || echo nobody)
    chown "$account" "$home"
    as="runuser -u $account --"
fi

started=
finish() {
    status=$?
    trap - EXIT INT TERM HUP
    if [ -n "$started" ]; then
        (cd / && $as "$bin/pg_ctl" -D "$home/data" -m immediate -w stop >/dev/null 2>&1) || true
    fi
    rm -rf "$home"
    exit "$status"
}
trap finish EXIT INT TERM HUP

(cd / && $as "$bin/initdb" -D "$home/data" -U madang -A trust -E UTF8 --locale=C --no-sync >"$home/initdb.log" 2>&1) || {
    cat "$home/initdb.log" >&2
    exit 1
}

# A free port is asked of the system; should somebody take it in between, another is asked for.
free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])' 2>/dev/null ||
        perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(LocalAddr => "127.0.0.1", Listen => 1)->sockport'
}
for attempt in 1 2 3 4 5; do
    port=$(free_port)
    options="-p $port -k $home -c listen_addresses=127.0.0.1 -c max_connections=400 -c fsync=${MADANG_PG_FSYNC:-off} -c shared_buffers=64MB"
    if (cd / && $as "$bin/pg_ctl" -D "$home/data" -l "$home/log" -w -o "$options" start >/dev/null 2>&1); then
        started=yes
        break
    fi
done
if [ -z "$started" ]; then
    cat "$home/log" >&2
    exit 1
fi

MADANG_TEST_PG="postgres://madang@127.0.0.1:$port/postgres"
export MADANG_TEST_PG
echo "PostgreSQL: $MADANG_TEST_PG" >&2
"$@"
