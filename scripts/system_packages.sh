#!/bin/sh
# Installs what the tests need from Debian's packages, where missing and permitted. Whatever is still
# missing afterwards is named and ends the run: no test is skipped for want of a program.
set -eu

missing() {
    have_postgres || echo postgresql
    have_chromium || echo chromium
    have_libatomic || echo libatomic1 # the Playwright driver is linked against it
    have_cjk_fonts || echo fonts-noto-cjk
    have_calc || echo libreoffice-calc-nogui
    have_writer || echo libreoffice-writer-nogui
    command -v pdftoppm >/dev/null || echo poppler-utils
}
have_postgres() { command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; }
have_chromium() { [ -x "${CHROMIUM:-}" ] || command -v chromium >/dev/null; }
have_libatomic() { /sbin/ldconfig -p | grep -q "libatomic\.so\.1 "; }
have_cjk_fonts() { command -v fc-list >/dev/null && [ -n "$(fc-list :lang=zh-cn family)" ]; }
have_calc() { command -v soffice >/dev/null && ls /usr/lib/libreoffice/program/libsclo.so >/dev/null 2>&1; }
have_writer() { command -v soffice >/dev/null && ls /usr/lib/libreoffice/program/libswlo.so >/dev/null 2>&1; }

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    else
        sudo -n "$@"
    fi
}
may_install() {
    command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }
}
install_packages() {
    as_root apt-get update -qq || true # a broken foreign source must not stop us; the install will tell
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@" >/dev/null
}

wanted=$(missing | tr '\n' ' ')
if [ -n "$wanted" ] && may_install; then
    echo "Installing for the tests: $wanted"
    # shellcheck disable=SC2086 # one word per package
    install_packages $wanted || true
    wanted=$(missing | tr '\n' ' ')
fi
if [ -n "$wanted" ]; then
    echo "测试还缺少：${wanted% }。请用管理员身份运行：apt install ${wanted% }"
    echo "The tests still need: ${wanted% }. As root, run: apt install ${wanted% }"
    exit 1
fi >&2
