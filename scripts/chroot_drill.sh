#!/bin/bash
# Tries both set-up commands in a bare Debian 12: debootstrap, the three packages the README names, a clone, then
# `make demo` as an ordinary user, `make test` as that user (must name what is missing) and as root (must pass).
# Package sources are the host's own: its apt sources and its pip and npm settings are copied, none is written here.
#
#     scripts/chroot_drill.sh [FOLDER]    FOLDER keeps the system afterwards; without it, all is removed
set -euo pipefail
cd "$(dirname "$0")/.."
REPOSITORY=$PWD
PACKAGES="git make python3-venv"
CLONE=/home/clerk/leitai
PORT=8765
SECONDS_TO_ANSWER=600

[ "$(id -u)" = 0 ] && command -v debootstrap >/dev/null || {
    echo "演练需要管理员身份和debootstrap，请先运行：apt install debootstrap"
    echo "The drill needs root and debootstrap; run first: apt install debootstrap"
    exit 1
} >&2

base=$(realpath -m "${1-$(mktemp -d /var/tmp/leitai-drill-XXXXXX)}")
root=$base/root
keep=$#

main() {
    trap clean_up EXIT
    stage "debootstrap" bootstrap
    stage "apt install $PACKAGES" in_root env DEBIAN_FRONTEND=noninteractive sh -c \
        "apt-get update -qq && apt-get install -qq -y --no-install-recommends $PACKAGES >/dev/null"
    copy_certificates # installing ca-certificates has written its own
    stage "clone" clone
    stage "make demo, first time" demo
    stage "make demo, again" demo
    stage "make test as a user: names what is missing" refused_test
    stage "make test as root" in_root make -C "$CLONE" test
    echo "The drill passed."
}

stage() {
    local title=$1 started=$SECONDS
    shift
    echo "== $title"
    "$@"
    echo "== $title: $((SECONDS - started)) s"
}

bootstrap() {
    local mirror
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Codename: bookworm' | head -n 1)
    mkdir -p "$base"
    debootstrap --variant=minbase bookworm "$root" ${mirror:+"$mirror"} >"$base/debootstrap.log"
    mount -t proc proc "$root/proc"
    mount -t devpts devpts "$root/dev/pts"
    mount -t tmpfs tmpfs "$root/dev/shm"
    chmod 755 "$base"
    copy_package_sources
    printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d" # no service starts inside
    chmod 755 "$root/usr/sbin/policy-rc.d"
    in_root useradd --create-home --shell /bin/bash clerk
}

copy_package_sources() {
    rm -f "$root/etc/apt/sources.list"
    cp -rL /etc/apt/sources.list* /etc/apt/trusted.gpg.d /etc/apt/auth.conf.d "$root/etc/apt/"
    apt-config dump | grep -E '^Acquire::(Check|http|https|Retries)' >"$root/etc/apt/apt.conf.d/90host" || true
    cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
    copy_certificates
    copy_if_there /etc/pip.conf /etc/npmrc
    copy_home_settings /etc/skel
    copy_home_settings /root
}

copy_certificates() {
    mkdir -p "$root/etc/ssl/certs"
    copy_if_there /etc/ssl/certs/ca-certificates.crt
}

copy_if_there() {
    local file
    for file in "$@"; do
        [ ! -e "$file" ] || cp -L "$file" "$root$file"
    done
}

copy_home_settings() {
    mkdir -p "$root$1/.config"
    [ ! -e ~/.config/pip ] || cp -rL ~/.config/pip "$root$1/.config/"
    [ ! -e ~/.npmrc ] || cp -L ~/.npmrc "$root$1/"
}

in_root() { inside root /root "$@"; }
as_clerk() { inside clerk /home/clerk "$@"; }

inside() {
    local user=$1 home=$2 package_settings
    shift 2
    mapfile -t package_settings < <(env | grep -iE '^(pip_|npm_config_|(http|https|all|no)_proxy=|ssl_cert|node_extra_ca)')
    chroot --userspec="$user:$user" "$root" env -i HOME="$home" USER="$user" LANG=C.UTF-8 \
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "${package_settings[@]}" "$@"
}

clone() {
    git clone --quiet --no-hardlinks "$REPOSITORY" "$root$CLONE"
    in_root chown -R clerk:clerk "$CLONE"
    in_root git config --global --add safe.directory "$CLONE"
}

demo() {
    as_clerk make -C "$CLONE" demo PORT=$PORT >"$base/demo.log" 2>&1 &
    demo_job=$!
    local deadline=$((SECONDS + SECONDS_TO_ANSWER))
    until answers; do
        if [ "$SECONDS" -gt "$deadline" ] || ! kill -0 $demo_job 2>/dev/null; then
            cat "$base/demo.log"
            return 1
        fi
        sleep 1
    done
    cat "$base/demo.log"
    stop_demo
    ! answers
}

answers() {
    as_clerk python3 -c "import urllib.request; urllib.request.urlopen('http://127.0.0.1:$PORT/', timeout=20)" 2>/dev/null
}

stop_demo() {
    # env and chroot replace themselves, so the job is `make`; its last child is the server's shell command.
    pkill -TERM --parent "$demo_job" || true
    wait "$demo_job" || true
}

refused_test() {
    if as_clerk make -C "$CLONE" test >"$base/refused.log" 2>&1; then
        echo "make test passed without its packages" >&2
        return 1
    fi
    grep -E '^(测试还缺少|The tests still need)' "$base/refused.log"
}

clean_up() {
    [ -z "${demo_job-}" ] || pkill -TERM --parent "$demo_job" 2>/dev/null || true
    umount "$root/dev/shm" "$root/dev/pts" "$root/proc" 2>/dev/null || true
    [ "$keep" != 0 ] || rm -rf --one-file-system "$base"
}

main
