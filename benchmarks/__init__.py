"""The measured workloads behind `./kontor bench`: a large house is filled, and pages are timed against an empty view."""
