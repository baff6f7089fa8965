"""Whether everything is in place before customers come: one finding for each thing, and how to mend it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from bot.domain.catalogue import Catalogue
from bot.domain.errors import NoBooks, ProviderUnavailable, StorageError
from bot.domain.vat import NO_VAT
from bot.gateways.base import Gateway, Method
from bot.gateways.botapi import BotApi, TelegramRefused
from bot.storage.database import Database
from bot.storage.migrate import layout, newest

if TYPE_CHECKING:
    from bot.gateways.mail import SmtpMail

SECONDS = 10
ASLEEP = (502, 503, 504)
"""What a proxy answers while the bot behind it does not run."""


class Verdict(StrEnum):
    """A note is worth reading; what is wrong keeps the bot from working."""

    WELL = "ok"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at and how it is; `mend` says what to do about it."""

    subject: str
    verdict: Verdict
    says: str
    mend: str = ""

    def __str__(self) -> str:
        return f"{self.verdict:<5}  {self.subject}: {self.says}" + (f": {self.mend}" if self.mend else "")


def well(subject: str, says: str) -> Finding:
    return Finding(subject, Verdict.WELL, says)


def note(subject: str, says: str, mend: str = "") -> Finding:
    return Finding(subject, Verdict.NOTE, says, mend)


def wrong(subject: str, says: str, mend: str = "") -> Finding:
    return Finding(subject, Verdict.WRONG, says, mend)


def look_at_clock(clock_url: str | None) -> Iterable[Finding]:
    """Whether the time is the machine's own, as it must be wherever real money is taken."""
    if clock_url:
        yield note(
            "clock", f"THE TIME IS TAKEN FROM {clock_url}", "take CLOCK_URL out, unless this is the sandbox"
        )


def look_at_catalogue(catalogue: Catalogue, offered: Mapping[str, Method]) -> Iterable[Finding]:
    """What the catalogue says against what the providers that are switched on can do."""
    yield well("catalogue", f"{len(catalogue.tariffs)} tariffs in {', '.join(catalogue.currencies)}")
    taken = {currency for method in offered.values() for currency in method.currencies}
    if unpaid := [currency for currency in catalogue.currencies if currency not in taken]:
        yield note(
            "catalogue", f"nobody can pay in {', '.join(unpaid)} yet", "switch on a provider that takes it"
        )
    unknown = [name for name in catalogue.methods if name not in offered]
    if offered and unknown:
        yield note(
            "catalogue",
            f"there is no button for [methods.{unknown[0]}]",
            f"the buttons are {', '.join(offered)}",
        )


def look_at_autopay(catalogue: Catalogue, offered: Mapping[str, Method]) -> Iterable[Finding]:
    """Whose cards are kept and charged, and which prices autopay is too small or too large for."""
    keepers = sorted({method.provider for method in offered.values() if method.saves_cards})
    if not keepers:
        yield note(
            "autopay", "off, no provider may keep cards", "set <PROVIDER>__RECURRING once it allows it"
        )
        return
    yield well("autopay", f"{', '.join(keepers)} may keep cards and charge them, so its settings say")
    kept = {currency for method in offered.values() if method.saves_cards for currency in method.currencies}
    outside = [
        f"{tariff.id} for {period.months} months ({price})"
        for tariff in catalogue.tariffs.values()
        for period in tariff.periods
        for price in period.prices
        if price.currency in kept and not catalogue.autopay.allows(price)
    ]
    if outside:
        yield note("autopay", f"outside its limits: {'; '.join(outside)}", "look at [autopay.limits]")


def look_at_invoices(catalogue: Catalogue, *, mail_is_on: bool) -> Iterable[Finding]:
    """Where transfers are asked for, what stands on the paper, and how it reaches its payer."""
    invoicing, is_metered = catalogue.invoicing, any(each.metered for each in catalogue.tariffs.values())
    if invoicing is None:
        lost = "; what is metered is never billed" if is_metered else ""
        yield note("invoices", f"off, there is no account to pay to{lost}", "add [[seller.accounts]]")
        return
    accounts = ", ".join(
        f"{each.currency} to …{each.number[-4:]} ({each.bank})" for each in invoicing.accounts
    )
    vat = "no VAT" if invoicing.vat == NO_VAT else f"VAT {invoicing.vat} %"
    yield well("invoices", f"{accounts}; {vat}; valid for {invoicing.valid_days} days")
    if invoicing.vat == NO_VAT and invoicing.vat_ground is None:
        yield note("invoices", "they do not say why there is no VAT", "add vat_ground to [invoice]")
    if not invoicing.offer_url:
        yield note("invoices", "they lead to no offer", "add offer_url to [invoice]")
    if invoicing.statements is None:
        yield note("invoices", "nobody is told when a transfer will be seen", "add statements to [invoice]")
    if not mail_is_on:
        yield note("invoices", "they come into the chat alone", "set SMTP__URL and SMTP__FROM")


async def look_at_telegram(
    api: BotApi, chat_id: int | None, *, has_operators: bool
) -> AsyncIterator[Finding]:
    """The token, then the group, where it can be looked at at all."""
    try:
        me = await api.call("getMe")
    except TelegramRefused as refused:
        yield wrong("token", f"Telegram answers {refused}", "copy BOT_TOKEN from @BotFather once more")
        return
    except ProviderUnavailable as trouble:
        yield wrong(
            "token", f"Telegram cannot be reached ({trouble})", "look at the network and TELEGRAM_API_URL"
        )
        return
    yield well("token", f"@{me['username']}")
    if chat_id is None:
        yield note("group", "nobody will be told of money", "set OPERATORS_CHAT_ID to the operators' group")
        return
    yield await _group(api, chat_id, me["id"])
    if not has_operators:
        yield note("group", "nobody may press its buttons", "set OPERATORS__OWNER=[your Telegram id]")


async def _group(api: BotApi, chat_id: int, bot_id: int) -> Finding:
    try:
        chat = await api.call("getChat", chat_id=chat_id)
        member = await api.call("getChatMember", chat_id=chat_id, user_id=bot_id)
    except TelegramRefused as refused:
        if refused.moved_to is not None:
            return wrong("group", "it became a supergroup", f"set OPERATORS_CHAT_ID={refused.moved_to}")
        return wrong(
            "group", f"Telegram answers {refused}", "add the bot to it, and look at OPERATORS_CHAT_ID"
        )
    except ProviderUnavailable as trouble:
        return wrong("group", f"Telegram cannot be reached ({trouble})", "try again")
    name = f'"{chat.get("title", chat_id)}"'
    lacking = list(_lacking(chat, member))
    if lacking:
        rights = "make it an administrator with these rights"
        return wrong("group", f"in {name} the bot cannot {', '.join(lacking)}", rights)
    topics = "and use topics" if chat.get("is_forum") else "(it has no topics)"
    return well("group", f"in {name} the bot can read, post, pin {topics}")


def _lacking(chat: Mapping[str, Any], member: Mapping[str, Any]) -> Iterable[str]:
    """What an owner of the group may do, an administrator has a right for, and a mere member hardly can."""
    status = member.get("status")
    if status == "creator":
        return
    if status != "administrator":
        yield "read"
        if status in ("left", "kicked") or member.get("can_send_messages") is False:
            yield "post"
    if not member.get("can_pin_messages"):
        yield "pin"
    if chat.get("is_forum") and not member.get("can_manage_topics"):
        yield "use topics"


async def look_at_provider(name: str, gateway: Gateway) -> Finding:
    health = await gateway.check()
    if not health.well:
        return wrong(name, health.remark, f"look at {name.upper()}__… in the settings")
    return (
        note(name, f"{health.remark}; a test shop, its money is pretence")
        if health.test
        else well(name, health.remark)
    )


async def look_at_mail(mail: SmtpMail) -> Finding:
    """Reached, locked and let in: so far a letter has come before anybody looks at it."""
    health = await mail.check()
    return well("mail", health.remark) if health.well else wrong("mail", health.remark, "look at SMTP__URL")


async def look_at_books(database: Database) -> Finding:
    """Reachable, and laid out as this version knows them."""
    try:
        await database.start()
        found = await database.read(layout)
    except NoBooks as none:
        return note("books", str(none), "or simply start the bot")
    except StorageError as trouble:
        return wrong("books", str(trouble), "look at DATABASE_URL")
    finally:
        await database.close()
    if not found:
        return note("books", "empty; they are laid out at the first start")
    if found < newest():
        return note("books", f"at step {found} of {newest()}; the next start brings them up to date")
    return well("books", f"reached, at step {found}")


async def look_at_public_url(url: str) -> Finding:
    """Whether the world finds our pages; that nobody answers yet is no mistake."""
    if not url:
        return note("public URL", "links lead to this machine alone", "set PUBLIC_URL=https://…")
    import aiohttp

    timeout = aiohttp.ClientTimeout(total=SECONDS)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(f"{url}/health/live") as answer,
        ):
            status = answer.status
    except aiohttp.ClientConnectorCertificateError:
        return wrong("public URL", f"the certificate of {url} is not good", "renew it, or mend its chain")
    except aiohttp.ClientConnectorDNSError:
        return wrong("public URL", f"{url} has no address", "look at PUBLIC_URL and at the domain's records")
    except (TimeoutError, aiohttp.ClientError):
        return note("public URL", f"nothing answers at {url}", "start the bot and look again")
    return _answered(url, status)


def _answered(url: str, status: int) -> Finding:
    if status == HTTPStatus.OK:
        return well("public URL", f"{url} answers")
    if status in ASLEEP:
        return note("public URL", f"{url} answers {status}", "start the bot and look again")
    return wrong("public URL", f"{url} answers {status}", "lead the proxy to LISTEN_HOST and LISTEN_PORT")
