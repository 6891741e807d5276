"""One module for each purpose of a customer's page."""
