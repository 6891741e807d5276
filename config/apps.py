"""The composition root as an app: it carries the commands that belong to no stage."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"
    label = "config"
