"""Help, terms, privacy, and how paying by card is kept safe."""

from __future__ import annotations

from bot.domain.catalogue import Catalogue, Paper
from bot.handlers.places import opens
from bot.i18n import _, said, scheme_titles
from bot.keyboards import talk as screens
from bot.keyboards.buttons import Place
from bot.middlewares.visits import Visit


@opens(Place.HELP)
async def help_opened(visit: Visit) -> None:
    await visit.leave_dialog()
    text = "\n".join([_("We are glad to help."), "", *_contacts(visit.catalogue)])
    await visit.show(text, screens.help_topics(visit.catalogue))


@opens(Place.SUPPORT)
async def support_opened(visit: Visit) -> None:
    await visit.leave_dialog()
    about = _("Questions about a payment are answered by us, not by Telegram.")
    await visit.show("\n".join([about, "", *_contacts(visit.catalogue)]), screens.support())


@opens(Place.CARDS)
async def cards_opened(visit: Visit) -> None:
    await visit.leave_dialog()
    await visit.show("\n\n".join(_about_cards(visit.catalogue)), screens.paper(""))


@opens(Place.TERMS)
async def terms_opened(visit: Visit) -> None:
    await visit.leave_dialog()
    seller = visit.catalogue.seller
    legal = ", ".join(filter(None, (seller.legal_name, seller.tax_number, seller.address)))
    text = "\n\n".join(filter(None, (_("Terms"), _words(visit.catalogue.terms), legal)))
    await visit.show(text, screens.paper(visit.catalogue.terms.url))


@opens(Place.PRIVACY)
async def privacy_opened(visit: Visit) -> None:
    await visit.leave_dialog()
    text = "\n\n".join(filter(None, (_("Privacy"), _words(visit.catalogue.privacy))))
    await visit.show(text, screens.paper(visit.catalogue.privacy.url))


def _words(paper: Paper) -> str:
    return "\n\n".join(filter(None, (said(paper.text), _("Version {version}", version=paper.version))))


def _contacts(catalogue: Catalogue) -> list[str]:
    """Phones by town, e-mail, hours; what the seller left out is not mentioned."""
    lines = [
        f"{said(phone.town)}: {phone.number}" if phone.town else phone.number
        for phone in catalogue.help.phones
    ]
    if catalogue.help.email:
        lines.append(_("E-mail: {email}", email=catalogue.help.email))
    if catalogue.help.hours:
        lines.append(_("We answer {hours}.", hours=said(catalogue.help.hours)))
    return lines


def _about_cards(catalogue: Catalogue) -> list[str]:
    told = [_("About paying by card")]
    if catalogue.help.card_processor:
        told.append(
            _(
                "You enter the card on the page of {processor}; neither this chat nor we see its number.",
                processor=catalogue.help.card_processor,
            )
        )
    told.append(
        _("The connection is encrypted (TLS), and your bank confirms the payment with a code (3-D Secure).")
    )
    if catalogue.help.card_schemes:
        told.append(_("We take {schemes}.", schemes=scheme_titles(catalogue.help.card_schemes)))
    if catalogue.help.refunds:
        told.append(_("Money back: {how}", how=said(catalogue.help.refunds)))
    told.append(_("Never send a card's number or code to this chat: nobody here will ask for it."))
    return told
