"""The shop this sandbox plays."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ShopSettings:
    """`site` is the one named in the contract: the payment page takes a form from nowhere else."""

    store_id: str
    secret_key: str
    site: str
    notify_url: str = ""
    login: str = "kassir"
    password: str = "cabinet-pass"
    test: bool = False
    currencies: tuple[str, ...] = ("BYN",)
