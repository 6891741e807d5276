"""Settings of the test suite: the real ones with short cuts that tests may take."""

import os

os.environ.setdefault("KONTOR_EMBEDDED", "true")

from config.settings import *  # noqa: F403
from config.settings import DATABASES, LOGGING, STORAGES

TEST_DATABASE = os.environ.get("KONTOR_TEST_DB", "test_kontor")
for _alias in ("default", "owner"):
    # A name that exists nowhere: a test that escapes its fixtures fails instead of touching real data.
    DATABASES[_alias] = {
        **DATABASES[_alias],
        "NAME": "kontor_no_such_database",
        "CONN_MAX_AGE": 0,
        "TEST": {"NAME": TEST_DATABASE},
    }
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CELERY_TASK_ALWAYS_EAGER = False
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
LOGGING = {**LOGGING, "root": {"handlers": ["console"], "level": "WARNING"}}
# A bell that nobody hears: tests call the work behind a task themselves.
CELERY_BROKER_URL = "memory://"
