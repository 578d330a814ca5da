"""Refusals of the catalogue that are not walked, each with the reason: no visit comes to them, or none has yet."""

from __future__ import annotations

from collections.abc import Mapping

CHANGED_MEANWHILE = (
    "the page before offered it: only what happens elsewhere between that page and the touch brings it about"
)
NOT_OFFERED = (
    "the terminal's own pages offer, prefill and check so that nobody can choose, leave out or send it"
)
OF_STAFF = "staff meet it, at the cabinet, with a hand-over of stock"
ON_THE_ROW = "it stands at the row of the phone number or code that it is about, and the page stays"
ON_THE_WEB = "the public pages say it, in a browser"
BANKS = "it stands on the page of the payment, as the faults of a payment do"

NO_VISIT: Mapping[str, str] = {
    CHANGED_MEANWHILE: (
        "alreadyFiled appointmentGone appointmentTaken carriedTooMuch caseNotOpen certificateEnded certificateNotHeld "
        "certificateOutdated certificateUnknown changedMeanwhile "
        "consultOnce talkUnknown courseBegins courseCancelled courseEnough courseFull "
        "courseSameTime courseTaken enrolmentGone evaluatedAlready "
        "deliveryEnded deliveryPacked deliveryUnknown deviceChanged "
        "documentServed documentUnknown documentWithdrawn dueHeld dueTaken exportNothing feedbackRated "
        "helpQuestionClosed ideaClosed invoiceUnknown "
        "invoiceVoid issueLapsed issueUnknown issueUnpaid issuingPhoneUnknown mandateGone mandateOver nothingDue "
        "nothingToCorrect numbersMoved orderUnknown paymentUnknown pickUpChanged postUnknown refundNothing "
        "shareOver departureEnded departureUnknown "
        "reservationUnknown returnNotOnFile settlementDiffers stockShort surveyClosed taxpayerCancelled tooMany "
        "vehicleNotTheirs"
    ),
    NOT_OFFERED: (
        "courseUnknown loanGrade loanUnknown shareUnknown subscriptionUnknown "
        "enrolmentUnknown evaluationEarly evaluationLate evaluationNotYours "
        "amountDiffers cardNotTaken debitNotTaken deliveryNoStock deliveryOpen factsTogether factsWrong fieldMissing "
        "feedbackAhead feedbackNameMissing feedbackNamed feedbackObjected feedbackUnanswered fieldUnknown fieldWrong "
        "figuresDiffer identityMissing identityWeak incomeDiffers invoiceOnPaper issueGoods issueOverLimit "
        "mailNotHere mailboxWrong departureArrival departureGone departureNothing "
        "mandateNarrow mandateNotHere noAgreement noIncomeRecord noSocial noTaxPaid nontaxCodeWrong notOfThisService "
        "pageMissing pageUnreadable pagesNone pagesTooMany partBeyond partOfOne partnerUnknown paymentWithoutVoucher "
        "periodNotOpen periodOfOtherBooks periodWrong phoneUnproven postOfRegister preferenceDiffers quotaDiffers "
        "ratedAlready ratesDiffer redNot redTooMuch roleMissing rulesUnknown salesBelowInvoices signatureTorn "
        "signedTextDiffers surveyAnswered surveyDiffers "
        "departurePassport departurePort "
        "surveyUnknown taxpayerMissing temporaryLongAgo temporaryTooLong wardCannotEnd yearNotOffered"
    ),
    OF_STAFF: "stockDiffers stockNotForHere stockNotThere stockNote stockTwoPeople unitLocked",
    ON_THE_ROW: (
        "phoneCodeOver phoneCodeSpent phoneCodeWrong phoneNotProven phoneTerminalTooOften phoneTooOften phoneTooSoon"
    ),
    ON_THE_WEB: "askedTooOften certificateMistyped",
    BANKS: "orderLapsed paymentRefused",
}
"""Codes by the reason why no visit ends on their page."""

NOT_IN_THE_CITY = (
    "nobody of the demonstration city is in that situation, and no operator's command brings it about"
)
IN_DOUBT = "while a bank is silent about a payment that was begun before"
TYPED_WRONGLY = "a slip of the hand, not a reason of law: what was typed is asked for again"
OF_THE_HALL = "the hall's hours and lines, a courtesy and not a reason of law"
NEEDS_MORE = "the city has what it takes; the visit, or the visits before it, are not written"

NOT_WALKED: Mapping[str, str] = {
    NOT_IN_THE_CITY: (
        "certificateCopies certificateNotAnew deviceDiffers deviceLocked deviceMonthMissing deviceReportBroken "
        "departureResident "
        "enrolMinor guardianMinor guardianWard highRisk incomeGivenBack issueBuyerCancelled issuingFirmsEnough "
        "issuingPhonesEnough lotteryClosed lotterySpent mandateWard nameDiffers previousUnverified redAbnormal "
        "temporaryEnded temporaryMinor ticketBlank ticketOver ticketTakenBack titleCancelled titleTooLong "
        "titleUnwritable"
    ),
    IN_DOUBT: "arrearsBeingPaid billHeld issueBeingPaid nontaxHeld",
    TYPED_WRONGLY: (
        "draftOther draftOver draftUnknown draftUsed feedbackUnknown helpQuestionUnknown ideaUnknown "
        "invoiceCheckMissing invoiceCheckedOften "
        "invoiceCodeMissing "
        "invoiceDateMissing invoiceMistyped invoiceNetMissing invoiceOfFuture invoiceTooOld invoiceTotalMissing "
        "issueUnprintable lotteryNotGenuine taxpayerUnknown"
    ),
    OF_THE_HALL: (
        "appointmentEnough appointmentFull appointmentLineUnknown appointmentPaused appointmentSameTime queueCalled "
        "queueDayOff queueEarly queueFull queueLineUnknown queueOver"
    ),
    NEEDS_MORE: (
        "preferenceBarred preferenceMonths preferenceNotHeld mailTooMany mailTooOften "
        "correctsAnother withdrawLate withdrawPaid reliefDiffers reliefHeld reliefSpan "
        "attorneyBusy billChanged dataKept dataNotHeld deviceCancelled deviceOfAnother deviceUnknown "
        "issueBuyerNumber issueBuyerPerson issueBuyerSelf issueDaySplit issuingPhoneBound lotteryAgency lotteryOften "
        "lotteryOld lotterySmall mandatesEnough mutualOften shareHeld "
        "noStockOfKind numbersSettled partPaid phoneMissing "
        "pickUpLapsed "
        "quotaFirst refundNoAccount refundOtherAccount roleHeld temporaryLicensed"
    ),
}
"""Codes that a visit can come to and that no walk shows yet, by what is missing."""


def listed(groups: Mapping[str, str]) -> list[str]:
    """The codes of all groups, one after the other."""
    return [code for codes in groups.values() for code in codes.split()]
