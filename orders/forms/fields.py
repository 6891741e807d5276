"""Numbers and days as people type them; the fields are the house's own."""

from foundation.ui.numbers import AmountField, DayField, NumberInput, decimal_mark, read_decimal, write_decimal

__all__ = ["AmountField", "DayField", "NumberInput", "decimal_mark", "read_decimal", "write_decimal"]
