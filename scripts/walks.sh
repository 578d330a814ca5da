#!/usr/bin/env bash
# Walks every service in each language, mode and orientation (a tour each), each fault where it can strike, offline,
# with staff, late, in another year, over another core system, and refused for each reason; two at a time. docs/walks.md has the list.
# Leaves a folder of evidence a walk in $1 and says how each ended; exit status 1 when one was not good.
# scripts/walks.sh --list only names them.
set -euo pipefail
cd "$(dirname "$0")/.."

looks() {
    for lang in zh-CN en-US; do
        for mode in standard elder; do
            for side in portrait landscape; do
                echo "--all --lang $lang --mode $mode --orientation $side"
            done
        done
    done
}

certificates="tax-payment no-arrears residence credit declaration-copy vehicle-purchase social-insurance reissue"
returns="zero fixed-quota stamp deed vehicle-purchase vehicle-vessel rental correct iit-annual social-insurance"

troubles() {
    for name in zero stamp; do echo "declare.$name --offline"; done
    echo "declare.vat-small --offline"
    echo "registration.change --offline"
    echo "registration.temporary --offline"
    echo "preference.apply --offline"
    for name in overpaid export; do echo "refund.$name --offline"; done
    echo "invoice.deliver --offline"
    echo "feedback.complain --offline"
    echo "feedback.report --choose named --offline"
    for service in consult.person help.ask help.answer ideas.submit ideas.vote survey.take tools.departure-refund; do echo "$service --offline"; done
    for service in invoice.title-code registration.query progress.query query.declarations query.payments query.due refund.track calendar.view tools.calculate \
        consult.ask library.search tools.navigator tools.apps notices.cases credit.query school.courses school.enrol school.evaluate help.browse subscribe.manage risk.self-check; do
        echo "$service --offline"
    done
    echo "declare.vat-small --offline --lang en-US --mode elder --orientation landscape"
    for fault in jam wrong-number double-feed not-taken; do
        echo "invoice.collect --fault $fault"
    done
    for service in declare.vat-small pay.due; do
        for fault in payment-doubt not-paid; do
            echo "$service --fault $fault"
        done
    done
    for service in pay.arrears pay.voucher pay.non-tax; do
        echo "$service --fault payment-doubt"
    done
    for fault in payment-doubt not-paid; do
        echo "invoice.issue --fault $fault"
    done
    echo "invoice.device --fault ukey-pulled"
    for fault in card-declined card-unplugged card-power-cut card-reversed debit-short debit-account-closed debit-doubt; do
        echo "pay.due --fault $fault"
    done
    echo "pay.due --fault payment-doubt --lang en-US --mode elder --orientation landscape"
    for service in certificate.iit-record invoice.collect declare.vat-small pay.due pay.arrears pay.voucher pay.non-tax \
        registration.change registration.confirm registration.withholding registration.temporary \
        identity.enrol identity.bind-role identity.unbind-role identity.delegate identity.undelegate identity.guardian agreement.triparty preference.file \
        invoice.verify invoice.book invoice.title-code invoice.phone-bind invoice.phone-unbind invoice.issue einvoice.print einvoice.deliver invoice.red \
        preference.apply materials.supply registration.general-taxpayer \
        invoice.check-used invoice.return invoice.void-return invoice.report-loss invoice.quota \
        invoice.pick-up invoice.deliver invoice.deliveries refund.overpaid refund.iit refund.export slip.exchange \
        feedback.complain feedback.report lottery.draw lottery.claim queue.ticket appointment.book appointment.cancel tools.calculate school.enrol school.cancel school.evaluate \
        privacy.my-data privacy.erase document.sign-for invoice.device share.consent share.bank-loan share.withdraw consult.person help.ask help.answer ideas.submit ideas.vote tools.departure-refund; do
        echo "$service --fault slip-paper-out"
    done
    for name in $certificates; do
        echo "certificate.$name --fault slip-paper-out"
    done
    for name in $returns; do
        echo "declare.$name --fault slip-paper-out"
        [ "$name" = zero ] || echo "declare.$name --fault payment-doubt"
    done
}

others() {
    echo "invoice.issue --begun scans"
    echo "invoice.issue --begun types --lang en-US --mode elder --orientation landscape"
    echo "invoice.issue --goes-on"
    echo "invoice.issue --goes-on --lang en-US --mode elder --orientation landscape"
    echo "invoice.verify --torn camera"
    echo "invoice.verify --torn scanner --lang en-US --mode elder --orientation landscape"
    echo "tools.navigator --choose invoice --choose invoice-paper --choose invoice-back --choose invoice.void-return --lang en-US --mode elder"
    echo "tools.calculate --choose iit-annual --lang en-US --mode elder"
    echo "feedback.mine --choose angry --lang en-US --mode elder"
    echo "consult.person --choose officer"
    echo "consult.person --choose officer --lang en-US --mode elder"
    echo "pay.due --card debit"
    echo "pay.due --debit"
    echo "pay.due --debit --lang en-US --mode elder"
    echo "pay.arrears --parts"
    echo "declare.iit-annual --form --lang en-US --mode elder"
    echo "declare.correct --after declare.stamp --persona lin-tao --choose 1"
    echo "declare.correct --after declare.deed --persona li-xiulan --lang en-US --mode elder"
    echo "declare.correct --choose withdraw"
    echo "declare.correct --choose withdraw --lang en-US --mode elder"
    echo "certificate.vehicle-purchase --after declare.vehicle-purchase --choose 1"
    echo "certificate.social-insurance --persona dong-hao"
    echo "certificate.social-insurance --persona dong-hao --lang en-US --mode elder"
    echo "certificate.vehicle-purchase --persona dong-hao"
    echo "certificate.vehicle-purchase --persona dong-hao --lang en-US --mode elder"
    echo "certificate.tax-payment --choose phone"
    echo "certificate.no-arrears --choose both --lang en-US --mode elder --orientation landscape"
    echo "einvoice.deliver --choose mailbox"
    echo "einvoice.deliver --choose mailbox --lang en-US --mode elder --orientation landscape"
    echo "certificate.reissue --choose replace"
    echo "certificate.reissue --choose replace --choose phone --lang en-US --mode elder"
    echo "certificate.reissue --choose phone --lang en-US --mode elder --orientation landscape"
    echo "invoice.collect --after invoice.check-used"
    echo "invoice.collect --after invoice.check-used --lang en-US --mode elder"
    echo "query.payments --after pay.due --lang en-US --mode elder"
    echo "declare.fixed-quota --after preference.apply --persona bai-lu --form"
    echo "declare.fixed-quota --after preference.apply --persona bai-lu --lang en-US --mode elder"
    echo "pay.due --phone shows"
    echo "pay.due --phone refuses --lang en-US --mode elder --orientation landscape"
    echo "declare.vat-small --card credit --lang en-US --mode elder --orientation landscape"
    echo "certificate.iit-record --staff --lang en-US --orientation landscape"
    for name in vat-small zero fixed-quota; do echo "declare.$name --as-of 2026-11-20T10:00"; done
    echo "declare.vat-small --persona gao-wei"
    echo "declare.vat-small --persona gao-wei --lang en-US --mode elder"
    echo "certificate.iit-record --as-of 2027-03-15T10:00"
    echo "certificate.tax-payment --persona he-jiaxin --lang en-US --mode elder"
    echo "certificate.iit-record --behalf"
    echo "certificate.iit-record --behalf --persona xu-wen --lang en-US --mode elder"
    echo "declare.social-insurance --behalf --lang en-US --mode elder --orientation landscape"
    for service in certificate.iit-record declare.vat-small; do
        echo "$service --core scripts/standin_core.sh"
    done
    for service in pay.due invoice.collect registration.change; do
        echo "$service --firm 91990199MA6000001K --core scripts/standin_core.sh --lang en-US --mode elder"
    done
    echo "invoice.return --after invoice.collect --firm 91990199MA6000001K --core scripts/standin_core.sh"
    for service in einvoice.print queue.ticket "lottery.draw --lang en-US" "declare.vat-small --offline" \
        "refund.overpaid --firm 91990199MA60000020" "invoice.deliver --firm 91990199MA6000001K --lang en-US --mode elder" \
        "pay.due --firm 91990199MA6000001K --fault payment-doubt"; do
        echo "$service --core scripts/standin_core.sh"
    done
    echo "--refused all"
    echo "--refused all --lang en-US --mode elder"
}

all() { looks; troubles; others; }
singly() { troubles; others; }

out=${1:?usage: scripts/walks.sh FOLDER, or --list}
if [ "$out" = --list ]; then
    all
    exit
fi
mkdir -p "$out/cities"
KIOSK_CITIES=$(realpath "$out/cities") # a city is generated once a day and seed, and copied for each walk
export KIOSK_CITIES

walk() {
    name=$(tr -s ' /' '-' <<<"$*" | sed 's/--*/-/g; s/^-//')
    # shellcheck disable=SC2048,SC2086 # one word an option
    .venv/bin/kiosk walk $* --out "$out/$name" || touch "$out/failed"
}

export out
export -f walk
rm -f "$out/failed"
looks | xargs -P 1 -I{} bash -c 'walk {}' # a tour is two at a time by itself
singly | xargs -P 2 -I{} bash -c 'walk {}'
[ ! -e "$out/failed" ]
