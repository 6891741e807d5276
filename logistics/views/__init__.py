"""Pages of goods on the way."""
