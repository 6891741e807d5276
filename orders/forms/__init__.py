"""Forms of quotes and orders."""
