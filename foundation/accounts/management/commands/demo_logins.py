"""`manage.py demo_logins`"""

from typing import Any

from django.core.management.base import BaseCommand

from foundation.accounts.demo import DEMO_DOMAIN, DEMO_PASSWORD
from foundation.accounts.models import User
from foundation.accounts.services import role_of


class Command(BaseCommand):
    """What the launcher shows at its end: one way in for each role. Real accounts never appear here."""

    help = "Print one login per role of the demo data: role, address, password, separated by tabs."

    def handle(self, *args: Any, **options: Any) -> None:
        shown = set()
        people = User.objects.filter(is_active=True, email__endswith=f"@{DEMO_DOMAIN}")
        for user in people.prefetch_related("groups").order_by("pk"):
            role = role_of(user)
            # Only an account that still has the demo's password is one of the demo's.
            if role and role not in shown and user.check_password(DEMO_PASSWORD):
                shown.add(role)
                self.stdout.write(f"{role}\t{user.email}\t{DEMO_PASSWORD}")
