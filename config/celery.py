"""Celery: a doorbell. What is due lies in the database; a lost message costs one period of the schedule."""

import os
import warnings

from celery import Celery
from celery.platforms import SecurityWarning

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# Root on one's own machine is a case that the launcher serves; only JSON is accepted, which is what the warning is about.
warnings.filterwarnings("ignore", category=SecurityWarning)

app = Celery("kontor")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
