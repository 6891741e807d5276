"""The pages of the stage before the sale."""
