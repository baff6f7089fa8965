"""YooKassa, API v3. Manual: https://yookassa.ru/developers/api, read in July 2026; SDK 3.13."""
