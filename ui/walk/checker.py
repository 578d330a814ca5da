"""The verdict: terminal, paper, acquirer and centre must tell the same story. Reads evidence, runs nothing.

It knows the evidence folder alone (``journal.jsonl``, ``bureau.json``, ``acquirer.json``, ``printed/``). Figures of
paper are read off the paper: a slip's by its dots (``paper.py``, which has the slip's type and nothing else in common
with what it judges), a certificate's by its text, an invoice's by its bar code. ``python -m ui.walk.checker DIR``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from ui.walk.rules import (
    departures,
    devices,
    effects,
    feedback,
    matters,
    money,
    mutual,
    navigated,
    remote,
    sealed,
    sharing,
    slips,
    stock,
    subscriptions,
    surveys,
    worked,
)
from ui.walk.rules.parties import Evidence

RULES: tuple[Callable[[Evidence], Iterable[str]], ...] = (
    effects.every_effect_is_settled,
    effects.terminal_and_centre_hold_the_same_effects,
    effects.the_core_alone_keeps_effects,
    sealed.certificates_are_printed_as_sealed,
    sealed.certificates_say_what_the_centre_holds,
    sealed.phones_fetch_what_was_sealed,
    sealed.invoices_say_what_the_centre_holds,
    sealed.mailboxes_hold_what_was_enclosed,
    slips.slips_are_printed_once_and_lead_somewhere,
    slips.title_codes_say_what_is_registered,
    slips.sheets_of_the_library_say_what_it_holds,
    slips.slips_say_what_the_others_hold,
    worked.worked_sheets_say_what_comes_out,
    navigated.checklists_say_what_the_service_takes,
    stock.invoices_carry_the_numbers_they_are_counted_under,
    stock.invoices_move_once,
    money.money_moves_once,
    money.notices_are_paid_once,
    money.declarations_are_filed_once,
    matters.matters_are_opened_once,
    matters.pages_belong_to_their_case,
    matters.enrolments_are_what_was_signed,
    matters.documents_are_served_by_their_hand,
    devices.devices_report_once,
    devices.devices_obey_their_orders,
    matters.mandates_are_what_was_signed,
    matters.guardians_wait_for_an_officer,
    feedback.feedback_is_entered_once,
    feedback.tip_offs_name_nobody,
    feedback.answers_are_judged_once,
    mutual.contributions_are_kept_as_they_were_shown,
    mutual.votes_count_once,
    mutual.thanks_count_once,
    subscriptions.subscriptions_are_as_chosen,
    sharing.consents_are_as_signed,
    sharing.referrals_wait_for_their_bank,
    departures.applications_are_entered_once,
    departures.refunds_are_worked_out_by_law,
    surveys.surveys_count_once,
    surveys.answers_are_of_nobody,
    remote.call_backs_are_entered_once,
    remote.nothing_of_a_conversation_lies_open,
)


def check(folder: Path) -> list[str]:
    """Every disagreement found; none: the walk is good."""
    evidence = Evidence.read(folder)
    return [problem for rule in RULES for problem in rule(evidence)]


if __name__ == "__main__":
    found = check(Path(sys.argv[1]))
    print("\n".join(found) or "terminal, paper, acquirer and centre agree")
    sys.exit(bool(found))
