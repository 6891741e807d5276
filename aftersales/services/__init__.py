"""What can be done after the sale; each function is one change, in one transaction, with one event."""
