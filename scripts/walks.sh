#!/usr/bin/env bash
# Walks every service in each language, mode and orientation, offline, and through each fault; two at a time.
# Leaves a folder of evidence a walk in $1 and says how each ended; exit status 1 when one was not good.
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:?usage: scripts/walks.sh FOLDER}
mkdir -p "$out"

looks() {
    for service in certificate.iit-record invoice.collect declare.vat-small; do
        for lang in zh-CN en-US; do
            for mode in standard elder; do
                for side in portrait landscape; do
                    echo "$service --lang $lang --mode $mode --orientation $side"
                done
            done
        done
    done
}

troubles() {
    echo "declare.vat-small --offline"
    echo "declare.vat-small --offline --lang en-US --mode elder --orientation landscape"
    for fault in jam wrong-number double-feed not-taken; do
        echo "invoice.collect --fault $fault"
    done
    for fault in payment-doubt not-paid slip-paper-out; do
        echo "declare.vat-small --fault $fault"
    done
}

walk() {
    name=$(tr -s ' ' '-' <<<"$*" | sed 's/--*/-/g')
    # shellcheck disable=SC2048,SC2086 # one word an option
    .venv/bin/kiosk walk $* --out "$out/$name" || touch "$out/failed"
}

export out
export -f walk
rm -f "$out/failed"
{ looks; troubles; } | xargs -P 2 -I{} bash -c 'walk {}'
[ ! -e "$out/failed" ]
