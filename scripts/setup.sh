#!/usr/bin/env bash
# Brings a fresh Debian 12 to where the terminal runs (setup.sh run) or its tests do (setup.sh test).
# May be run again: what is there already is left alone.
set -euo pipefail
cd "$(dirname "$0")/.."
purpose=${1:?usage: scripts/setup.sh run|test}

say() { printf '\033[1m==> %s\033[0m\n' "$*"; }

wanted() {
    awk -v purpose="$purpose" '$1 == "run" || $1 == purpose { print $2 }' scripts/debian-packages.txt
}

missing() {
    for package in $(wanted); do
        dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || echo "$package"
    done
}

packages=$(missing | tr '\n' ' ')
if [ "$purpose" = test ] && ! command -v npm >/dev/null; then packages+=npm; fi
if [ -n "${packages// /}" ]; then
    if [ "$(id -u)" -eq 0 ]; then
        say "installing Debian packages: $packages"
        apt-get update -qq
        # shellcheck disable=SC2086 # one word a package
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages >/dev/null
    else
        echo "These Debian packages are missing. Install them as root, then run this again:" >&2
        echo "    apt-get install --no-install-recommends $packages" >&2
        exit 1
    fi
fi

python=$(command -v python3.11 || command -v python3)
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "Python 3.11 or newer is needed; $python is $("$python" --version)" >&2
    exit 1
fi
if [ ! -x .venv/bin/python ]; then
    say "making .venv with $("$python" --version)"
    "$python" -m venv .venv
fi

stamp=.venv/.installed
now=$(cat requirements.lock pyproject.toml | sha256sum | cut -d' ' -f1)
if [ "$(cat "$stamp" 2>/dev/null || true)" != "$now" ]; then
    say "installing Python packages (a few minutes the first time)"
    # The lock is whole in itself; one package in it asks for opencv-python, which writes over the headless one's files.
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
    echo "$now" >"$stamp"
fi
# Without what they depend on: each file is whole in itself, and is opened by a browser in the tests alone.
fetch_npm() {
    local name=$1 version=$2 file=$3 sum=$4 shelf=.venv/share/npm packed
    [ -e "$shelf/$name-$version.js" ] && return
    say "fetching $name $version"
    mkdir -p "$shelf"
    if ! packed=$(cd "$shelf" && npm pack --silent "$name@$version"); then
        echo "npm did not give $name@$version: the test that opens a file with it will say so and be skipped" >&2
        return
    fi
    if ! sha512sum --status --check <<<"$sum  $shelf/$packed"; then
        echo "$name@$version is not the package that scripts/npm-packages.txt names; look at who changed it" >&2
        exit 1
    fi
    tar -xzOf "$shelf/$packed" "package/$file" >"$shelf/$name-$version.js.part"
    mv "$shelf/$name-$version.js.part" "$shelf/$name-$version.js"
    rm "$shelf/$packed"
}
if [ "$purpose" = test ]; then
    while read -r name version file sum; do fetch_npm "$name" "$version" "$file" "$sum"; done \
        < <(grep -v '^#' scripts/npm-packages.txt)
fi
say "ready: .venv/bin/kiosk, .venv/bin/bureau"
