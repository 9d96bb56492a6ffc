# PostgreSQL: the one that PGHOST names, or else a private cluster that only a unix socket reaches.

find_pg_bin() {
    local folder best=""
    for folder in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V); do
        [ ! -x "$folder/initdb" ] || best="$folder"
    done
    if [ -z "$best" ] && command -v initdb >/dev/null; then best="$(dirname "$(command -v initdb)")"; fi
    printf %s "$best"
}

wants_own_postgres() { [ -n "${PGHOST:-}" ]; }

# PostgreSQL refuses to run as root: then it runs as the user that Debian's package made.
as_postgres() {
    if [ "$(id -u)" -eq 0 ]; then
        (cd / && setpriv --reuid=postgres --regid=postgres --init-groups env HOME=/ "$@")
    else
        "$@"
    fi
}

# The data lives in the cache, except where the user `postgres` could not reach it
# (/root is closed to others): then in /var/lib, and a link in the cache says where.
pg_home() {
    local home="$CACHE/pg"
    if [ "$(id -u)" -eq 0 ] && ! as_postgres test -x "$CACHE"; then
        home="/var/lib/$ADDON/$(printf %s "$CACHE" | short_hash)"
        mkdir -p "$home"
        ln -sfn "$home" "$CACHE/pg"
    fi
    printf %s "$home"
}

# A socket's path may not be longer than 107 characters.
pg_socket_dir() {
    local folder="$1/socket"
    [ "${#folder}" -le 85 ] || folder="/tmp/$ADDON-$(printf %s "$1" | short_hash)"
    printf %s "$folder"
}

create_cluster() {
    local home="$1" bin="$2" owner
    owner="$(as_postgres id -un)"
    rm -rf "$home/data" "$home/data.new"
    install -d -m 700 -o "$owner" "$home/data.new"
    as_postgres "$bin/initdb" --pgdata="$home/data.new" --username=ess --auth=trust \
        --encoding=UTF8 --locale=C.UTF-8 --no-sync >/dev/null
    # Nothing here is worth a disk flush: all of it can be built again.
    as_postgres tee -a "$home/data.new/postgresql.conf" >/dev/null <<SETTINGS
listen_addresses = ''
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 4GB
shared_buffers = 256MB
timezone = 'UTC'
SETTINGS
    mv "$home/data.new" "$home/data"
}

start_cluster() {
    local home="$1" bin="$2" socket="$3"
    install -d -m 700 -o "$(as_postgres id -un)" "$socket"
    as_postgres "$bin/pg_ctl" --pgdata="$home/data" status >/dev/null 2>&1 && return 0
    # The server outlives this command, so it must not keep our locks open.
    as_postgres "$bin/pg_ctl" --pgdata="$home/data" --log="$home/data/server.log" --wait --timeout=60 \
        --options="-k '$socket'" start >/dev/null 8>&- 9>&- \
        || { tail -n 20 "$home/data/server.log" >&2; die "the private PostgreSQL did not start;" \
            "./dev reset --all removes it with the cache, and the next command builds them anew."; }
}

# Sets the PG… variables that psql, Odoo and the tests read.
use_postgres() {
    if wants_own_postgres; then
        [ "${PGUSER:-}" != postgres ] || die "Odoo refuses to work as the PostgreSQL user postgres:" \
            "name another one in PGUSER (createuser --createdb NAME makes one)."
        psql -d postgres -Atc 'select 1' >/dev/null 2>&1 || die "the PostgreSQL that PGHOST names" \
            "($PGHOST) refuses: check PGHOST, PGPORT, PGUSER, PGPASSWORD (the user needs CREATEDB)."
        return 0
    fi
    local bin home socket
    bin="$(find_pg_bin)"
    home="$(pg_home)"
    mkdir -p "$home"
    socket="$(pg_socket_dir "$home")"
    [ -f "$home/data/PG_VERSION" ] || create_cluster "$home" "$bin"
    # Data of an older major version is of no use to a newer server: it is only a cache.
    if [ ! -x "/usr/lib/postgresql/$(cat "$home/data/PG_VERSION")/bin/postgres" ] \
        && [[ "$bin" == /usr/lib/postgresql/* ]]; then
        create_cluster "$home" "$bin"
    fi
    [[ "$bin" != /usr/lib/postgresql/* ]] || bin="/usr/lib/postgresql/$(cat "$home/data/PG_VERSION")/bin"
    start_cluster "$home" "$bin" "$socket"
    export PGHOST="$socket" PGPORT=5432 PGUSER=ess
    unset PGPASSWORD PGDATABASE PGSERVICE
}

stop_cluster() {
    local bin home
    bin="$(find_pg_bin)"
    home="$(readlink -f "$CACHE/pg")"
    [ -f "$home/data/postmaster.pid" ] || return 0
    as_postgres "$bin/pg_ctl" --pgdata="$home/data" --mode=immediate stop >/dev/null || true
}

sql() { psql -d "${2:-postgres}" -AtXq -v ON_ERROR_STOP=1 -c "$1"; }
