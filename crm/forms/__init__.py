"""What people fill in before the sale."""
