# Debian packages: only what is missing is installed, with root or sudo.

# has_package NAME: by what it gives, so that another way of having it is as good.
has_package() {
    case "$1" in
        python3-venv) [ -n "$(find_python)" ] ;;
        postgresql-client) command -v psql ;;
        postgresql) [ -n "$(find_pg_bin)" ] ;;
        chromium) command -v google-chrome || command -v chromium || command -v chromium-browser ;;
        wkhtmltopdf) command -v wkhtmltopdf ;;
        fonts-liberation) [ -d /usr/share/fonts/truetype/liberation ] ;;
    esac >/dev/null 2>&1
}

missing_packages() {
    local name
    for name in "$@"; do
        has_package "$name" || printf '%s ' "$name"
    done
}

# Sets ROOT_COMMAND: empty for root, sudo for an ordinary user; fails when there is neither.
find_root() {
    ROOT_COMMAND=()
    [ "$(id -u)" -ne 0 ] || return 0
    command -v sudo >/dev/null || return 1
    # Ask for the password now: later steps run in the background.
    if [ -t 0 ]; then sudo -v || return 1; else sudo -n true 2>/dev/null || return 1; fi
    ROOT_COMMAND=(sudo)
}

apt_install() {
    local get=("${ROOT_COMMAND[@]}" env DEBIAN_FRONTEND=noninteractive apt-get
        -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0)
    local install=("${get[@]}" install --yes --no-install-recommends "$@")
    # A fresh image has no package lists, an old one has lists that name files long gone.
    if apt-cache show "$@" >/dev/null 2>&1 && "${install[@]}"; then return 0; fi
    "${get[@]}" update && "${install[@]}"
}

# Sets PACKAGES to what must be installed, and stops when it cannot be. In the foreground,
# because sudo may ask for a password. OPTIONAL_PACKAGES are only regretted.
check_packages() {
    local optional
    PACKAGES="$(missing_packages "$@")"
    # shellcheck disable=SC2086 # a list of names
    optional="$(missing_packages ${OPTIONAL_PACKAGES:-})"
    [ -n "$PACKAGES$optional" ] || return 0
    if command -v apt-get >/dev/null && find_root; then
        PACKAGES+="$optional"
    elif [ -n "$PACKAGES" ]; then
        die "missing on this machine, and not to be installed without root: ${PACKAGES% }." \
            "As root: apt-get install ${PACKAGES% }"
    else
        warn "without ${optional% }, some things will not work (PDF). As root: apt-get install ${optional% }"
    fi
}

install_packages() {
    # shellcheck disable=SC2086 # a list of names
    [ -z "$PACKAGES" ] || apt_install $PACKAGES \
        || die "apt-get could not install: ${PACKAGES% }. As root: apt-get install ${PACKAGES% }"
}
