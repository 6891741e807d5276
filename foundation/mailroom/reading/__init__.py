"""Bytes from strangers made into words, with the standard library. Knows no model and no request."""
