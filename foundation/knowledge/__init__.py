"""Articles, scripts, usual questions; training and the steps of a career."""
