"""The shop this sandbox plays: its passwords, its hash, and where it wants to be told."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ShopSettings:
    login: str
    password1: str
    password2: str
    password3: str
    test_password1: str = "test_1"
    test_password2: str = "test_2"
    hash: str = "SHA256"
    result_url: str = ""
    result_method: str = "POST"
    success_url: str = ""
    fail_url: str = ""
    receipts: bool = False
    recurring: bool = True
