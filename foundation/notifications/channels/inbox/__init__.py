"""The application's own inbox: written with the change itself, so no worker is needed."""
