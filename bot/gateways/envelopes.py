"""A letter as it travels: headers that nobody's name can break, two parts to read, files with any name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from bot.domain import periods
from bot.domain.contacts import normal_email
from bot.domain.documents import File
from bot.domain.errors import ProviderRefused
from bot.gateways.mail_settings import Sender

LONGEST_SUBJECT = 200
LONGEST_NAME = 120

_POLICY = policy.SMTP.clone(cte_type="7bit")
"""Every server takes it; what 8BITMIME would save is not worth a bounced letter."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """`reference` makes the Message-ID: the same at every try, by which mailboxes know a repeat."""

    to: str
    reference: str
    language: str
    subject: str
    text: str
    html: str
    files: Sequence[File] = ()


def pack(envelope: Envelope, sender: Sender) -> EmailMessage:
    """The whole message, ASCII on the wire whatever stands in it; ProviderRefused for no address at all."""
    if normal_email(envelope.to) != envelope.to:
        raise ProviderRefused("not an address")
    message = EmailMessage(_POLICY)
    message["From"] = Address(_one_line(sender.name, LONGEST_NAME), addr_spec=sender.email)
    message["To"] = Address(addr_spec=envelope.to)
    message["Subject"] = _one_line(envelope.subject, LONGEST_SUBJECT)
    message["Date"] = format_datetime(periods.now())
    message["Message-ID"] = f"<{envelope.reference}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(_encodable(envelope.text))
    message.add_alternative(_encodable(envelope.html), subtype="html")
    for file in envelope.files:
        _enclose(message, file)
    message["Content-Language"] = envelope.language  # last: new contents take such headers for their own
    return message


def _enclose(message: EmailMessage, file: File) -> None:
    media, _, options = file.media.partition(";")
    kind, _, subkind = media.strip().partition("/")
    charset = options.strip().removeprefix("charset=")
    message.add_attachment(
        file.content,
        maintype=kind,
        subtype=subkind,
        filename=_one_line(file.name.replace("/", "-").replace("\\", "-"), LONGEST_NAME),
        params={"charset": charset} if charset else None,
    )


def _one_line(text: str, limit: int) -> str:
    """No line break, no control or direction mark, nor one in disguise: a header ends where we end it.

    What looks like an encoded word would be decoded when the line is folded, line breaks and all.
    """
    plain = "".join(sign if sign.isprintable() else " " for sign in text).replace("=?", "= ?")
    return " ".join(plain.split())[:limit]


def _encodable(text: str) -> str:
    """A half of a surrogate pair cannot be written in UTF-8."""
    return text.encode("utf-8", "replace").decode()
