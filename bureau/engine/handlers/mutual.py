"""``help.ask``, ``help.answer``, ``help.thank``, ``ideas.submit``, ``ideas.vote``: what taxpayers give each other.

Whoever proved a phone or laid a document on the reader may (sign-in 1); thanks are nobody's. What waited for the
network was proven when the terminal took it.
"""

from __future__ import annotations

from typing import ClassVar

from bureau.engine.effects import Outcome, Request, Simple, accepted
from bureau.engine.mutual.contributing import Given, question_to_answer, take, thank, vote
from bureau.engine.mutual.showing import tallies
from bureau.engine.mutual.words import (
    VOTES,
    stage_text,
    state_text,
    text_of,
    topic_text,
    vote_text,
    votes_text,
)
from bureau.engine.queue.visitors import visitor_of
from bureau.ports.core import Core
from bureau.ports.mutual import Contribution
from sync.models import (
    Contributed,
    EffectKind,
    HelpAnswer,
    HelpAsk,
    HelpThank,
    IdeaSubmit,
    IdeaVote,
    Voted,
)


class _Followed:
    """What is followed on a phone by the code of its slip."""

    def __init__(self, public_url: str) -> None:
        self._public_url = public_url

    def _taken(self, core: Core, request: Request, given: Given) -> Outcome:
        body = request.body
        new = take(core, visitor_of(core, body.subject, body.accepted_at), given, body.key)
        result = Contributed(
            number=new.number,
            topic_text=topic_text(new),
            text=text_of(new),
            state_text=state_text(new.state),
            verify_url=self._url(new),
        )
        return accepted(result, new.number)

    def _url(self, of: Contribution) -> str:
        """Of what is published by its number, of what waits by the key that only its author has."""
        return f"{self._public_url}/h/{of.number if of.state == 'published' else of.key}"


class AskForHelp(_Followed, Simple[HelpAsk]):
    """A question of somebody's own."""

    kind: ClassVar[EffectKind] = EffectKind.HELP_ASK
    model = HelpAsk

    def apply(self, core: Core, request: Request, data: HelpAsk, prepared: None) -> Outcome:
        """Keep it for an officer. Raises ``Refused``."""
        return self._taken(core, request, Given("question", data.topic, data.text, request.body.lang))


class AnswerForHelp(_Followed, Simple[HelpAnswer]):
    """An answer to somebody else's."""

    kind: ClassVar[EffectKind] = EffectKind.HELP_ANSWER
    model = HelpAnswer

    def apply(self, core: Core, request: Request, data: HelpAnswer, prepared: None) -> Outcome:
        """Keep it for an officer. Raises ``Refused``."""
        # Who has not said who they are learns of no question.
        visitor_of(core, request.body.subject, request.body.accepted_at)
        question = question_to_answer(core, data.question or data.number)
        lang = request.body.lang
        given = Given("answer", question.topic, data.text, lang, data.author, question.number)
        return self._taken(core, request, given)


class ProposeIdea(_Followed, Simple[IdeaSubmit]):
    """Something to be made better."""

    kind: ClassVar[EffectKind] = EffectKind.IDEAS_SUBMIT
    model = IdeaSubmit

    def apply(self, core: Core, request: Request, data: IdeaSubmit, prepared: None) -> Outcome:
        """Keep it for an officer. Raises ``Refused``."""
        return self._taken(core, request, Given("idea", data.topic, data.text, request.body.lang))


class VoteOnIdea(_Followed, Simple[IdeaVote]):
    """One vote of one person an idea."""

    kind: ClassVar[EffectKind] = EffectKind.IDEAS_VOTE
    model = IdeaVote

    def apply(self, core: Core, request: Request, data: IdeaVote, prepared: None) -> Outcome:
        """Count it in place of the one before. Raises ``Refused``."""
        visitor = visitor_of(core, request.body.subject, request.body.accepted_at)
        idea = vote(core, visitor, data.idea or data.number, VOTES[data.vote])
        tally = tallies(core, [idea.number])[idea.number]
        result = Voted(
            number=idea.number,
            text=text_of(idea),
            vote_text=vote_text(data.vote),
            stage_text=stage_text(idea.stage),
            votes_for=tally.yes,
            votes_against=tally.no,
            votes_text=votes_text(tally),
            verify_url=self._url(idea),
        )
        return accepted(result, idea.number)


class ThankForHelp(Simple[HelpThank]):
    """It helped whoever reads it. Who that is is not asked."""

    kind: ClassVar[EffectKind] = EffectKind.HELP_THANK
    model = HelpThank

    def apply(self, core: Core, request: Request, data: HelpThank, prepared: None) -> Outcome:
        """Count it, once a visit. Raises ``Refused``."""
        thank(core, data.question, request.visit)
        return accepted(reference=data.question)
