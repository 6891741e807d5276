"""The composition root as an app: it carries the commands, and the signs of life, that belong to no stage."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"
    label = "config"

    def ready(self) -> None:
        """Beat and worker leave their signs and look after each other."""
        from config import signs, watching
        from foundation.ui.nav import register_link

        signs.connect(watching.look)
        register_link("system", "system")
