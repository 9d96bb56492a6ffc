# Paths, messages, locks and long steps. Sourced by ./dev, never run alone.

ADDON=ess_mutualisation
# The first is what a new user gets; a lone language would switch English off.
LANGUAGES=en_US,fr_FR
CACHE="${XDG_CACHE_HOME:-$HOME/.cache}/$ADDON"

short_hash() { sha256sum | cut -c1-8; }

# Two checkouts share the cache, so what belongs to one of them carries its hash.
CHECKOUT="$(printf %s "$ROOT" | short_hash)"
CHECKOUT_DIR="$CACHE/checkouts/$CHECKOUT"
ADDONS_DIR="$CHECKOUT_DIR/addons"
ADDON_LINK="$ADDONS_DIR/$ADDON"
LOGS="$CHECKOUT_DIR/log"
DATA_DIR="$CACHE/data"

# Same results on every machine; byte code and test caches stay out of the checkout.
export LANG=C.UTF-8 LC_ALL=C.UTF-8 TZ=UTC
export PYTHONPYCACHEPREFIX="$CACHE/pycache"
export HYPOTHESIS_STORAGE_DIRECTORY="$CHECKOUT_DIR/hypothesis"
export PYLINTHOME="$CACHE/pylint"
unset PYTHONDONTWRITEBYTECODE PYTHONHOME PYTHONPATH

say() { printf '%s\n' "$@"; }
warn() { printf 'Warning: %s\n' "$*" >&2; }
die() {
    printf 'Error: %s\n' "$*" >&2
    exit 1
}

# --- checkout and cache -----------------------------------------------------

prepare_folders() {
    mkdir -p "$CACHE" "$ADDONS_DIR" "$LOGS" "$DATA_DIR" \
        || die "the cache folder $CACHE cannot be written: set XDG_CACHE_HOME to a folder of yours."
    # Odoo takes an addon's name from its folder, and a checkout may be called anything.
    if [ "$(readlink "$ADDON_LINK" 2>/dev/null)" != "$ROOT" ]; then
        ln -sfn "$ROOT" "$ADDON_LINK"
    fi
    printf '%s\n' "$ROOT" >"$CHECKOUT_DIR/path"
}

# One process at a time prepares the shared cache (fd 9) …
lock_cache() {
    exec 9>"$CACHE/lock"
    flock -n 9 && return 0
    say "Another ./dev is preparing the shared cache: waiting for it."
    flock 9
}
unlock_cache() { exec 9>&-; }

# … and one at a time works on the databases of this checkout (fd 8).
lock_checkout() {
    exec 8>"$CHECKOUT_DIR/lock"
    flock -n 8 && return 0
    say "Another ./dev is preparing a database of this checkout: waiting for it."
    flock 8
}
unlock_checkout() { exec 8>&-; }

# --- steps --------------------------------------------------------------------

STEP=0
STEPS=0
plan_steps() {
    STEP=0
    STEPS="$1"
}
step() {
    STEP=$((STEP + 1))
    printf '[%d/%d] %s\n' "$STEP" "$STEPS" "$*"
}

# The last thing a log says, cut to a line that fits: "loading module x (12/40)".
log_progress() {
    tail -c 2000 "$1" 2>/dev/null | tr '\r' '\n' | grep -v '^ *$' | tail -n 1 \
        | sed -E 's/^[0-9-]{10} [0-9:,]+ [0-9]+ [A-Z]+ [^ ]+ //; s/^(.{90}).*/\1…/' || true
}

# start_job NAME COMMAND…: runs in the background, with its output in a log. It has a process
# group of its own, so that all of it can be stopped when this command is.
JOBS=()
start_job() {
    local name="$1"
    shift
    set -m
    ("$@") </dev/null >"$LOGS/$name.log" 2>&1 &
    set +m
    printf -v "JOB_$name" %d "$!"
    [ "$name" = packages ] || JOBS+=("$!") # apt-get is better left to finish
}

# Runs when the command ends, however it does.
TEST_DB="" SECOND_DB="" STOCK_DB=""
clean_up() {
    local pid database
    for pid in "${JOBS[@]}"; do
        kill -TERM -- "-$pid" 2>/dev/null || true
    done
    for database in $TEST_DB $SECOND_DB $STOCK_DB; do
        drop_db "$database" || true
    done
}

LOG_NOISE='^([0-9-]{10} [0-9:,]+ [0-9]+ INFO |Get:|Hit:|Fetched |Reading package|unpacking )'

# A process id that has ended may be given to a stranger.
forget_job() {
    local pid kept=()
    for pid in "${JOBS[@]}"; do
        [ "$pid" = "$1" ] || kept+=("$pid")
    done
    JOBS=("${kept[@]}")
}

# await_job NAME WHAT: shows how far it is; on failure shows the end of its log.
await_job() {
    local name="$1" what="$2" started=$SECONDS shown=$SECONDS status=0
    local variable="JOB_$1"
    local pid="${!variable}"
    while kill -0 "$pid" 2>/dev/null; do
        sleep 0.3
        if [ $((SECONDS - shown)) -ge 10 ]; then
            shown=$SECONDS
            printf '      %3d s  %s\n' $((SECONDS - started)) "$(log_progress "$LOGS/$name.log")"
        fi
    done
    wait "$pid" || status=$?
    forget_job "$pid"
    if [ "$status" -ne 0 ]; then
        grep -vE "$LOG_NOISE" "$LOGS/$name.log" | tail -n 40 >&2
        grep -m1 '^Error: ' "$LOGS/$name.log" >/dev/null \
            || printf 'Error: %s failed; the whole log: %s\n' "$what" "$LOGS/$name.log" >&2
        return 1
    fi
    printf '      %3d s  done: %s\n' $((SECONDS - started)) "$what"
}

wait_job() { await_job "$@" || exit 1; }

run_job() {
    local name="$1" what="$2"
    shift 2
    start_job "$name" "$@"
    wait_job "$name" "$what"
}

free_port() {
    local port="$1"
    while (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
        port=$((port + 1))
    done
    printf %s "$port"
}
