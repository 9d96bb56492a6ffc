# Odoo 19: the one that ODOO_HOME names, or else Debian's package, unpacked into the cache.

# The package links static files to these packages; without them every page answers 500.
ODOO_ASSET_PACKAGES=(libjs-jquery libjs-jquery-form libjs-underscore
    fonts-montserrat fonts-roboto-unhinted fonts-ocr-b)
# Only the machine's own suite still carries version 4.7, whose file names Odoo needs.
ODOO_ICON_PACKAGE=fonts-font-awesome

# --- where it is ----------------------------------------------------------------

# Sets ODOO_PACKAGE (the folder `odoo` itself) and ODOO_EXTRA_ADDONS.
locate_odoo() {
    local home="${ODOO_HOME:-$CACHE/odoo}" folder
    for folder in "$home" "$home/usr/lib/python3/dist-packages"; do
        if [ -f "$folder/odoo/release.py" ]; then
            ODOO_PACKAGE="$(cd "$folder/odoo" && pwd -P)"
            ODOO_EXTRA_ADDONS=""
            # A checkout keeps most addons beside the package, Debian has all of them inside.
            [ ! -d "$folder/addons/web" ] || ODOO_EXTRA_ADDONS="$(cd "$folder/addons" && pwd -P)"
            return 0
        fi
    done
    return 1
}

odoo_version() {
    sed -nE 's/^version_info = \(([0-9]+), ([0-9]+).*/\1.\2/p' "$ODOO_PACKAGE/release.py"
}

# A folder that holds nothing but a link to the package: with dist-packages itself on the
# Python path, the machine's libraries would come before the pinned ones.
link_odoo() {
    ODOO_PATH="$CACHE/path-$(printf %s "$ODOO_PACKAGE" | short_hash)"
    mkdir -p "$ODOO_PATH"
    [ "$(readlink "$ODOO_PATH/odoo" 2>/dev/null)" = "$ODOO_PACKAGE" ] \
        || ln -sfn "$ODOO_PACKAGE" "$ODOO_PATH/odoo"
    # The addons' assets are linked relatively to the real place, so this one is kept too.
    ODOO_ADDONS_PATH="$ADDONS_DIR${ODOO_EXTRA_ADDONS:+,$ODOO_EXTRA_ADDONS}"
}

has_odoo() {
    [ -n "${ODOO_HOME:-}" ] || [ -f "$CACHE/odoo/.complete" ]
}

use_odoo() {
    locate_odoo || die "ODOO_HOME=${ODOO_HOME:-} holds no Odoo (neither odoo/release.py nor" \
        "usr/lib/python3/dist-packages/odoo/release.py): name the folder that contains odoo-bin or odoo/."
    [ "$(odoo_version)" = 19.0 ] \
        || die "this addon is for Odoo 19.0, and $ODOO_PACKAGE is version $(odoo_version)."
    link_odoo
}

# --- download -------------------------------------------------------------------

# The machine's own Debian mirror and suite: "URI SUITE". A machine that has never fetched its
# package lists has no index targets yet; then apt says at least what it would fetch.
debian_mirror() {
    local codename
    # shellcheck disable=SC1091
    codename="$(. /etc/os-release && printf %s "${VERSION_CODENAME:-}")"
    {
        apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' 'Component: main'
        apt-get update --print-uris | sed -nE "s|^'(.*/)dists/([^/]+)/InRelease'.*|\1 \2|p"
    } 2>/dev/null | awk -v codename="$codename" '
        ($2 == codename || $2 == "stable") && !found { print $1, $2; found = 1 }'
}

write_sources() {
    local folder="$1" mirror="$2" suite="$3" key=/usr/share/keyrings/debian-archive-keyring.gpg name
    mkdir -p "$folder/lists/partial" "$folder/cache/archives/partial" "$folder/debs"
    for name in unstable "$suite"; do
        printf 'deb [signed-by=%s] %s %s main\n' "$key" "$mirror" "$name"
    done >"$folder/sources.list"
    APT_OPTIONS=(-o "Dir::Etc::sourcelist=$folder/sources.list" -o Dir::Etc::sourceparts=/dev/null
        -o "Dir::State::lists=$folder/lists" -o "Dir::Cache=$folder/cache"
        -o Acquire::Languages=none -o Acquire::Retries=3)
}

has_unstable_odoo() {
    apt-cache "${APT_OPTIONS[@]}" show odoo-19 >/dev/null 2>&1
}

download_odoo() {
    local folder="$CACHE/odoo.new" mirror suite package
    command -v apt-get >/dev/null && read -r mirror suite <<<"$(debian_mirror)" || true
    [ -n "${suite:-}" ] || die "this is no Debian with a package mirror, so Odoo cannot be fetched:" \
        "get Odoo 19.0 (its source tree, branch 19.0) and say ODOO_HOME=<that folder> ./dev …"
    rm -rf "$folder"
    write_sources "$folder" "$mirror" "$suite"
    apt-get "${APT_OPTIONS[@]}" update \
        || die "the package lists of the machine's Debian mirror cannot be fetched: check the network."
    has_unstable_odoo || die "Debian's unstable suite no longer carries odoo-19 (it has:" \
        "$(apt-cache "${APT_OPTIONS[@]}" pkgnames odoo- | grep -E '^odoo-[0-9]+$' | tr '\n' ' ')):" \
        "get Odoo 19.0 (its source tree, branch 19.0) and say ODOO_HOME=<that folder> ./dev …"
    (cd "$folder/debs" && apt-get "${APT_OPTIONS[@]}" download odoo-19/unstable \
        "${ODOO_ASSET_PACKAGES[@]/%//unstable}" "$ODOO_ICON_PACKAGE/$suite")
    for package in "$folder"/debs/*.deb; do
        say "unpacking ${package##*/}"
        dpkg -x "$package" "$folder"
    done
    replace_removed_files "$folder"
    rm -rf "$folder"/{debs,lists,cache,sources.list} "$CACHE/odoo"
    touch "$folder/.complete"
    mv "$folder" "$CACHE/odoo"
}

# Debian leaves out a file of the video calls that Odoo still lists among its assets: every page
# then logs an error to the browser's console, at which a browser test fails.
replace_removed_files() {
    local file="$1/usr/lib/python3/dist-packages/odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"
    [ -e "$file" ] && return 0
    mkdir -p "${file%/*}"
    printf '/* Left out of the Debian package: video calls cannot blur the background. */\n' >"$file"
}

# --- run ------------------------------------------------------------------------

# odoo COMMAND…: Odoo's own command line, in our environment and with our configuration.
odoo() { (exec_odoo "$@"); }

# Takes the shell's place, so that a signal to this process reaches Odoo.
exec_odoo() {
    PYTHONPATH="$ODOO_PATH" ODOO_RC="$ODOO_RC" exec "$VENV/bin/python" \
        -W ignore::DeprecationWarning -m odoo "$@"
}

# write_config FILE DATABASE PORT [MAIL_PORT]: without a mail port nothing listens, so that no
# mail of a demonstration or a test ever leaves the machine.
write_config() {
    cat >"$1" <<CONFIG
[options]
addons_path = $ODOO_ADDONS_PATH
data_dir = $DATA_DIR
db_name = $2
dbfilter = ^$2\$
list_db = False
http_interface = 127.0.0.1
http_port = $3
gevent_port = $(($3 + 1))
proxy_mode = False
workers = 0
max_cron_threads = 1
smtp_server = 127.0.0.1
smtp_port = ${4:-9}
limit_time_real = 0
limit_time_cpu = 0
screenshots = $CHECKOUT_DIR/screenshots
CONFIG
    ODOO_RC="$1"
}
