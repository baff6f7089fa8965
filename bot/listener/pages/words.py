"""What a link's page says, in the language spoken where it is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.domain.catalogue import Catalogue
from bot.domain.errors import CustomerError
from bot.domain.refusals import Refusal
from bot.domain.states import OrderState
from bot.i18n import N_, _, money, refusal_sentence, sentence_for
from bot.i18n.sentences import HINTS
from bot.listener.pages.facts import facts_of
from bot.listener.pages.page import Act, Mood, Onward, Page, Watch
from bot.services.links import LinkKind, LinkView

_ADVICE = {
    Refusal.NO_FUNDS: N_("Put money on the card or take another one."),
    Refusal.LIMIT: N_("Raise the limit in your bank's app or take another card."),
    Refusal.CARD_DATA: N_("Check the number, the date and the code on the card."),
    Refusal.CARD_EXPIRED: N_("Take a card that is still valid."),
    Refusal.ASK_BANK: N_("Call your bank by the number on the card, or take another card."),
    Refusal.BANK_SILENT: N_("Try again in a few minutes."),
    Refusal.NOT_CONFIRMED: N_("Try again and enter the code that your bank sends."),
    Refusal.COUNTRY: N_("Take a card of another bank."),
}
_OTHER_ADVICE = N_("Try again or take another card.")


@dataclass(frozen=True, slots=True)
class Link:
    """A link as somebody looks at it."""

    view: LinkView
    token: str
    catalogue: Catalogue
    chat: str

    @property
    def amount(self) -> str:
        return money(self.view.amount)

    @property
    def back(self) -> Act:
        return Act(_("Follow it in Telegram") if self.view.mine else _("Back to the chat"), self.chat)

    @property
    def pay_again(self) -> Act:
        return Act(_("Pay {amount}", amount=self.amount), f"/pay/{self.token}", posts=True)

    def page(self, mood: Mood, title: str, lead: str, *acts: Act, advice: str = "") -> Page:
        """Back to the chat is always there; a page that may still change watches itself.

        So may a refusal: another card on the provider's page has perhaps paid, and we hear of it in a moment.
        """
        changes = self.view.kind in (LinkKind.LIVE, LinkKind.WAITING, LinkKind.REFUSED)
        watch = Watch(f"/return/{self.token}/state", self.view.kind.value) if changes else None
        facts = facts_of(self.view, self.catalogue)
        return Page(mood, title, lead, facts, [*acts, self.back], advice, watch)


def link_page(link: Link) -> Page:
    """The page for whatever stands behind the link; card numbers are typed at the bank, never here."""
    return _PAGES[link.view.kind](link)


def onward_page(link: Link, *, inside: bool) -> Page:
    """Where a payment company wants a form: the page that posts it; `inside` another program it waits."""
    pay = Act(_("Pay {amount}", amount=link.amount), link.view.url, posts=True, fields=link.view.form)
    elsewhere = _(
        "Telegram has opened this page in its own window, where the payment may fail. "
        "Open it in your browser: press ⋮ or ⋯ in the corner and choose “Open in …”."
    )
    lead = _("The page of the payment company opens by itself. If it does not, press the button.")
    return Page(
        Mood.WAIT,
        _("On to the payment page"),
        "" if inside else lead,
        facts_of(link.view, link.catalogue),
        [pay, link.back],
        _("You will be asked for the card there; we never see it."),
        onward=Onward(link.view.url, elsewhere, inside),
    )


def nothing_here(chat: str) -> Page:
    return _alone(
        Mood.PLAIN,
        _("This link leads nowhere"),
        _("It may have been copied without its end. Open it from the chat, or ask for a new one there."),
        chat,
    )


def not_done(error: CustomerError, chat: str) -> Page:
    """What was asked for cannot be done, and why."""
    return _alone(Mood.BAD, _("That did not work"), sentence_for(error), chat)


def in_trouble(chat: str) -> Page:
    return _alone(
        Mood.BAD,
        _("We are in trouble just now"),
        _("Try again in a few minutes. If you have already paid, your money is not lost."),
        chat,
    )


def too_often(chat: str) -> Page:
    return _alone(Mood.PLAIN, _("Too many requests"), _("Wait a minute and open the link again."), chat)


def _alone(mood: Mood, title: str, lead: str, chat: str) -> Page:
    return Page(mood, title, lead, acts=[Act(_("Open the chat"), chat)])


def _paid(link: Link) -> Page:
    return link.page(Mood.GOOD, _("Paid"), _("We received {amount}. Thank you!", amount=link.amount))


def _short(link: Link) -> Page:
    lead = _(
        "We received {amount}. It is not yet enough: the chat tells what is missing.", amount=link.amount
    )
    return link.page(Mood.GOOD, _("The money has arrived"), lead)


def _on_balance(link: Link) -> Page:
    lead = _("We received {amount}. It is on your balance: the chat tells how to use it.", amount=link.amount)
    return link.page(Mood.GOOD, _("The money has arrived"), lead)


def _waiting(link: Link) -> Page:
    return link.page(
        Mood.WAIT,
        _("Waiting for the bank"),
        _("We do not know yet how it ended. This page changes by itself, and the chat will tell you too."),
        advice=_("If you have paid, do not pay again: no money gets lost."),
    )


def _live(link: Link) -> Page:
    if link.view.code:
        return _by_code(link)
    if link.view.payment.method in HINTS:
        return _by_message(link)
    return link.page(
        Mood.WAIT,
        _("Not paid yet"),
        _("If you have just paid, wait a little: this page changes by itself."),
        Act(_("Pay {amount}", amount=link.amount), f"/pay/{link.token}"),
    )


def _by_code(link: Link) -> Page:
    """There is no page to go to: the code is typed elsewhere, by whoever has this link."""
    title = _("Pay by a payment code")
    lead = _(
        "Type the code and the sum at a terminal or in a wallet. This page changes once the money is here."
    )
    return link.page(Mood.WAIT, title, lead)


def _by_message(link: Link) -> Page:
    """There is no page to go to: the payer's telephone asks him."""
    lead = _("A text message has come to the phone. Answer it as it says; this page changes by itself.")
    return link.page(Mood.WAIT, _("Not paid yet"), lead)


def _refused(link: Link) -> Page:
    code = link.view.payment.refusal
    reason = Refusal(code) if code in list(Refusal) else Refusal.OTHER
    why = _("The reason: {reason}.", reason=refusal_sentence(reason))
    what_to_do = _(_ADVICE.get(reason, _OTHER_ADVICE))
    held = _("If your bank shows the sum as held, the bank lets it go by itself.")
    title = _("The payment did not go through")
    return link.page(Mood.BAD, title, f"{why} {what_to_do}", link.pay_again, advice=held)


def _expired(link: Link) -> Page:
    title = _("The time for paying ran out")
    return link.page(Mood.PLAIN, title, _("The price is the same: press the button and pay."), link.pay_again)


def _gone(link: Link) -> Page:
    order = link.view.order
    if order is not None and order.state in (OrderState.PAID, OrderState.FULFILLED):
        return link.page(
            Mood.GOOD, _("Already paid"), _("This was paid in another way. Nothing is left to pay.")
        )
    lead = _("This order was cancelled or a new one took its place. The chat shows what is open.")
    return link.page(Mood.PLAIN, _("Nothing to pay here"), lead)


_PAGES: dict[LinkKind, Callable[[Link], Page]] = {
    LinkKind.LIVE: _live,
    LinkKind.EXPIRED: _expired,
    LinkKind.REFUSED: _refused,
    LinkKind.WAITING: _waiting,
    LinkKind.PAID: _paid,
    LinkKind.SHORT: _short,
    LinkKind.ON_BALANCE: _on_balance,
    LinkKind.GONE: _gone,
}
