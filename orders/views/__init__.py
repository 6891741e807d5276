"""Pages of quotes and orders."""
