"""The step in which dues, a voucher or a notice are paid."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from config.catalogue.basics import BaseStep, Path


class PayStep(BaseStep):
    """Pay dues by scanning the code on the screen, by bank card where a card terminal is there and can, or by debit.

    ``bill``: the number of the payment voucher (缴款凭证) that they are paid by, whoever owes them. ``part``: how much
    is paid of the one due, in fen; where nothing stands there, all of them are paid whole. ``notice``: the code of the
    notice of non-tax revenue (非税收入缴款通知书) that is paid in place of dues, by whoever holds it. ``debit`` among
    the channels: the payer's own account is debited where a three-party agreement (三方协议) lets it; never for what
    anybody may pay.
    """

    kind: Literal["pay"]
    dues: Path
    bill: Path | None = None
    part: Path | None = None
    notice: Path | None = None
    channels: Annotated[list[Literal["qr", "card", "debit"]], Field(min_length=1)] = ["qr"]

    @model_validator(mode="after")
    def _own_account(self) -> PayStep:
        if "debit" in self.channels and (self.bill or self.notice):
            raise ValueError(
                "an account is debited for its owner's own taxes alone: leave debit out of channels"
            )
        return self
