"""WEBPAY of Belarus. Manual: https://docs.webpay.by, read in November 2026."""
