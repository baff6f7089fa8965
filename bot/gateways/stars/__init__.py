"""Telegram Stars. Manual: https://core.telegram.org/bots/payments-stars, read 2026-11-21; Bot API 10.3."""
