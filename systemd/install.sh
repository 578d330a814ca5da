#!/usr/bin/env bash
# Puts the units and their surroundings where Debian looks for them.
#   systemd/install.sh terminal|bureau [DESTDIR]
# Settings that are there already are kept. Nothing is started: systemctl enable --now kiosk.target.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
what=${1:?usage: systemd/install.sh terminal|bureau [DESTDIR]}
root=${2:-}

put() { # mode, source, target
    install -D -m "$1" "$here/$2" "$root$3"
}
settle() { # an administrator's file: only when there is none
    [ -e "$root$3" ] || put "$1" "$2" "$3"
}

reach() { # a program that people type, also after sudo
    install -d "$root/usr/local/bin"
    ln -sfn "/opt/tax-kiosk/.venv/bin/$1" "$root/usr/local/bin/$1"
}

case $what in
terminal)
    reach kiosk
    for unit in kiosk.target kiosk-devices.service kiosk-sync.service kiosk-run.service \
        kiosk-poweroff.service; do
        put 644 "units/$unit" "/etc/systemd/system/$unit"
    done
    put 644 sysusers.d/tax-kiosk.conf /etc/sysusers.d/tax-kiosk.conf
    put 644 tmpfiles.d/tax-kiosk.conf /etc/tmpfiles.d/tax-kiosk.conf
    put 644 udev/72-tax-kiosk.rules /etc/udev/rules.d/72-tax-kiosk.rules
    put 644 polkit/50-tax-kiosk.rules /etc/polkit-1/rules.d/50-tax-kiosk.rules
    put 755 system-shutdown/tax-kiosk-ups /usr/lib/systemd/system-shutdown/tax-kiosk-ups
    put 644 pam/kiosk-run /etc/pam.d/kiosk-run
    put 644 modprobe.d/tax-kiosk.conf /etc/modprobe.d/tax-kiosk.conf
    put 644 system.conf.d/10-tax-kiosk-watchdog.conf /etc/systemd/system.conf.d/10-tax-kiosk-watchdog.conf
    settle 640 etc/kiosk.toml /etc/kiosk/kiosk.toml
    settle 640 etc/devices.toml /etc/kiosk/devices.toml
    ;;
bureau)
    reach bureau
    # what the one unit was called before there were several processes
    rm -f "$root/etc/systemd/system/bureau.service" "$root/etc/systemd/system/multi-user.target.wants/bureau.service"
    put 644 units/bureau@.service /etc/systemd/system/bureau@.service
    put 644 units/bureau-console.service /etc/systemd/system/bureau-console.service
    put 644 sysusers.d/tax-bureau.conf /etc/sysusers.d/tax-bureau.conf
    put 644 tmpfiles.d/tax-bureau.conf /etc/tmpfiles.d/tax-bureau.conf
    settle 640 etc/bureau.toml /etc/bureau/bureau.toml
    settle 640 etc/haproxy-bureau.cfg /etc/bureau/haproxy-bureau.cfg
    ;;
*)
    echo "systemd/install.sh: 'terminal' or 'bureau', not '$what'" >&2
    exit 2
    ;;
esac

if [ -z "$root" ]; then
    systemd-sysusers
    systemd-tmpfiles --create
    systemctl daemon-reload
fi
