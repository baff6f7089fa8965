"""Where letters leave and from whom, as the settings name it in one line each."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import parseaddr
from typing import Annotated
from urllib.parse import parse_qsl, unquote, urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from bot.gateways.addresses import is_near

PORTS = {"smtp": 587, "smtps": 465}
HOW_TO_NAME_IT = "write smtp://user:password@host:587 (STARTTLS) or smtps://user:password@host:465 (TLS)"


@dataclass(frozen=True, slots=True)
class MailServer:
    """`tls` from the first byte, or `starttls` demanded; neither for a server on our own network alone."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    tls: bool = False
    starttls: bool = True

    def __repr__(self) -> str:
        return f"MailServer({self.host}:{self.port})"

    @classmethod
    def at(cls, url: str) -> MailServer:
        """Read the URL; ValueError says what is wrong with it, never the URL itself."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise ValueError("is not an address") from None
        options = dict(parse_qsl(parts.query, keep_blank_values=True))
        if parts.scheme not in PORTS or not parts.hostname or parts.path.strip("/") or parts.fragment:
            raise ValueError("is not an address")
        if options.keys() - {"starttls"} or options.get("starttls", "on") not in ("on", "off"):
            raise ValueError("has an option that is not starttls=on or starttls=off")
        tls = parts.scheme == "smtps"
        starttls = not tls and options.get("starttls", "on") == "on"
        password = unquote(parts.password or "")
        if password and not tls and not starttls and not is_near(parts.hostname):
            raise ValueError("would send its password where anybody on the way can read it")
        user = unquote(parts.username or "")
        return cls(parts.hostname, port or PORTS[parts.scheme], user, password, tls, starttls)


@dataclass(frozen=True, slots=True)
class Sender:
    """Whom letters come from: «Канал+ <pay@example.org>»."""

    name: str
    email: str

    @classmethod
    def of(cls, text: str) -> Sender:
        """Read a mailbox; ValueError where it has no address, or one that mail servers do not take."""
        from bot.domain.contacts import normal_email

        name, address = parseaddr(text)
        email = normal_email(address)
        if email is None or not name.isprintable():
            raise ValueError("is not a name and an address")
        return cls(name.strip() or email, email)

    @property
    def domain(self) -> str:
        return self.email.rpartition("@")[2]


def _server(url: SecretStr) -> SecretStr:
    MailServer.at(url.get_secret_value())
    return url


def _sender(text: str) -> str:
    Sender.of(text)
    return text


class MailSettings(BaseModel):
    """Without this block there are no letters, and nothing offers any."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_name=False)

    url: Annotated[SecretStr, AfterValidator(_server)] = Field(description=HOW_TO_NAME_IT)
    from_: Annotated[str, AfterValidator(_sender)] = Field(
        alias="from", description="write the name and the address letters come from: Seller <pay@example.org>"
    )

    @property
    def server(self) -> MailServer:
        return MailServer.at(self.url.get_secret_value())

    @property
    def sender(self) -> Sender:
        return Sender.of(self.from_)
