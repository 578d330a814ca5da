"""City construction tax and the education surcharges that follow VAT (城建税、教育费附加、地方教育附加)."""

from __future__ import annotations

from decimal import Decimal

from kiosk.domain.ids import Fen
from kiosk.domain.tax.lines import ONE, Note, TaxLine, line
from kiosk.domain.tax.parameters import DayParameters

CITY, EDUCATION, LOCAL_EDUCATION = "city", "education", "local-education"


def surcharges(
    vat: Fen, city_rate: Decimal, *, half: bool, education_free: bool, rules: DayParameters
) -> tuple[TaxLine, TaxLine, TaxLine]:
    """The three lines on ``vat`` payable.

    ``city_rate`` is 0.07, 0.05 or 0.01 by location (城市维护建设税法 art. 4). ``half`` claims the reduction
    of 六税两费, granted while its row is in force. ``education_free``: sales do not exceed the threshold of
    财税〔2016〕12号, so neither education surcharge is due.
    """
    relief = rules.rate_or_none("surcharges.half-six-taxes") if half else None
    factor, note = (relief, Note.HALF) if relief is not None else (ONE, Note.NONE)
    education, local = rules.rate("surcharges.education-rate"), rules.rate("surcharges.local-education-rate")
    if education_free:
        zero, why = Decimal(0), Note.THRESHOLD
    else:
        zero, why = factor, note
    return (
        line(CITY, vat, city_rate, factor, note),
        line(EDUCATION, vat, education, zero, why),
        line(LOCAL_EDUCATION, vat, local, zero, why),
    )


def check_city_rate(city_rate: Decimal, rules: DayParameters) -> bool:
    """Whether ``city_rate`` is one of the three the law has."""
    names = ("city-rate-city", "city-rate-county", "city-rate-other")
    return any(city_rate == rules.rate(f"surcharges.{name}") for name in names)
