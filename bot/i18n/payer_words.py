"""A payer as a paper will name him, in lines; and what the form asks of him."""

from __future__ import annotations

from bot.domain.payer_details import ADDRESS_LENGTH, NAME_LENGTH, PayerDetails
from bot.domain.requisites import PartyKind
from bot.domain.tax_numbers import has_kpp, tax_number_length
from bot.i18n.catalogues import N_, _
from bot.i18n.strangers import shown

_TAX_NUMBERS = {
    PartyKind.ORGANISATION: N_("Send the {name} of the organisation: {count} characters."),
    PartyKind.ENTREPRENEUR: N_("Send the {name} of the entrepreneur: {count} characters."),
    PartyKind.PERSON: N_("Send your {name}, {count} characters, or skip: it helps to find your money."),
}
_NAMES = {
    PartyKind.ORGANISATION: N_(
        "Send the name of the organisation as it stands in its papers: ООО «Ромашка»."
    ),
    PartyKind.ENTREPRENEUR: N_("Send the name as it stands in the papers: ИП Иванов Иван Иванович."),
    PartyKind.PERSON: N_("Send your surname, first name and patronymic: they will stand on the paper."),
}


def payer_lines(details: PayerDetails) -> list[str]:
    """Absent facts leave no line."""
    return [
        shown(details.name, NAME_LENGTH),
        " · ".join(filter(None, (tax_number_words(details), kpp_words(details.kpp)))),
        shown(details.address, ADDRESS_LENGTH),
        _("E-mail: {email}", email=shown(details.email, 254)) if details.email else "",
    ]


def tax_number_words(details: PayerDetails) -> str:
    """«ИНН 7707083893», or «УНП 200988541» in Belarus."""
    if not details.tax_number:
        return ""
    return f"{tax_number_name(details.country)} {details.tax_number}"


def tax_number_name(country: str) -> str:
    return _("UNP") if country == "BY" else _("INN")


def kpp_words(kpp: str) -> str:
    return _("KPP {number}", number=kpp) if kpp else ""


def question_words(what: str, country: str, kind: PartyKind) -> str:
    match what:
        case "kind":
            return _("Who pays by the invoice?")
        case "tax_number":
            return _tax_number_question(country, kind)
        case "kpp":
            return _("Send the KPP of the organisation: 9 characters.")
        case "name":
            return _(_NAMES[kind])
        case "address":
            return _("Send the address that stands in the papers.")
    return _("To which e-mail address shall papers go as well? They come into this chat in any case.")


def _tax_number_question(country: str, kind: PartyKind) -> str:
    words = _(_TAX_NUMBERS[kind], name=tax_number_name(country), count=tax_number_length(country, kind))
    if not has_kpp(country, kind):
        return words
    example = "7707083893/773601001"
    return f"{words} " + _("The KPP may stand behind it: {example}.", example=example)
