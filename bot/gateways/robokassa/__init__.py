"""Robokassa. Manual: https://docs.robokassa.ru, read in November 2026; signatures and XML are our own."""
