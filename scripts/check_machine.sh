#!/bin/sh
# Says in one sentence what this machine lacks before set-up starts, instead of failing half way.
set -eu
NEEDED_MB=1500

missing() {
    echo "$1"
    echo "$2"
    exit 1
} >&2

command -v python3 >/dev/null || missing \
    "缺少Python，请先运行：apt install git make python3-venv" \
    "Python is missing; run first: apt install git make python3-venv"

python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || missing \
    "Python版本过低（$(python3 -V)），需要3.11或更高，请在Debian 12或更新的系统上安装。" \
    "$(python3 -V) is too old: 3.11 or newer is needed, as Debian 12 has it."

python3 -c 'import ensurepip, venv' 2>/dev/null || missing \
    "缺少python3-venv，请先运行：apt install python3-venv" \
    "python3-venv is missing; run first: apt install python3-venv"

free_mb=$(df -Pm . | awk 'NR == 2 { print $4 }')
[ "$free_mb" -ge "$NEEDED_MB" ] || missing \
    "磁盘空间不足：安装约需${NEEDED_MB}MB，此处只剩${free_mb}MB。" \
    "Not enough disk space: set-up needs about $NEEDED_MB MB, $free_mb MB are free here."

[ -w . ] || missing \
    "当前用户不能写入此目录（$(pwd)），请换到自己的目录或调整权限。" \
    "This user may not write to $(pwd); use a folder of your own or change its permissions."
