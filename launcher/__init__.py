"""Brings Kontor up on one machine: `./kontor run`, `./kontor test` and their helpers. Standard library only.

Two modules are the exception, because they run inside the virtual environment: `sinks` and `database`.
"""
