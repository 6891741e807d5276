"""Currencies that forms offer."""

CURRENCIES = ("USD", "EUR", "CNY", "GBP", "HKD", "TWD", "JPY", "KRW", "SGD", "AUD", "NZD", "CAD", "CHF", "AED", "SAR", "INR", "BRL", "MXN", "ZAR", "PLN", "SEK", "DKK", "NOK", "CZK", "TRY")  # fmt: skip
