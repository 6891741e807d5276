"""Settings, fed by the environment. What an installation decides about its business is data, not a setting."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from urllib.parse import urlparse

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from config.schedule import SCHEDULE

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("KONTOR_VAR", BASE_DIR / "var"))
env = environ.Env()


def env_bool(name: str, default: str = "false") -> bool:
    """Read a switch; anything but true or false stops the start."""
    value = os.environ.get(name, default)
    if value not in ("true", "false"):
        raise ImproperlyConfigured(f"{name}={value!r}: use true or false")
    return value == "true"


def env_secret(name: str) -> str:
    """Read a secret from NAME, or from the file that NAME_FILE names."""
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    return os.environ.get(name, "")


# Commands that serve nobody and sign nothing: they run in a fresh clone.
NEEDS_NO_SECRET = {"makemigrations", "messages", "build_assets", "sla_replay"}
DEBUG = env_bool("DEBUG")
EMBEDDED = env_bool("KONTOR_EMBEDDED")
ORIGIN = os.environ.get("KONTOR_ORIGIN", "http://127.0.0.1:8000").rstrip("/")
_secure = ORIGIN.startswith("https://")
SECRET_KEY = env_secret("SECRET_KEY")
SECRET_KEY_FALLBACKS = [key for key in env_secret("SECRET_KEY_FALLBACKS").split(",") if key]
if not SECRET_KEY:
    key_file = VAR / "secret_key"
    SECRET_KEY = key_file.read_text(encoding="utf-8").strip() if key_file.exists() else ""
if not SECRET_KEY:
    if not (DEBUG or EMBEDDED or "test" in Path(sys.argv[0]).name or NEEDS_NO_SECRET.intersection(sys.argv[1:2])):
        raise ImproperlyConfigured("SECRET_KEY is empty: set SECRET_KEY or SECRET_KEY_FILE")
    SECRET_KEY = "for-development-and-tests-only-" + "k" * 40
# The seal of the journal uses a key of its own, so that rotating SECRET_KEY leaves the chain verifiable.
JOURNAL_SEAL_KEY = env_secret("JOURNAL_SEAL_KEY")
if not JOURNAL_SEAL_KEY:
    seal_file = VAR / "seal_key"
    JOURNAL_SEAL_KEY = seal_file.read_text(encoding="utf-8").strip() if seal_file.exists() else SECRET_KEY

# What the telephone system signs its notices with; two keys for as long as one takes over from the other.
TELEPHONE_KEYS = [key for key in env_secret("TELEPHONE_KEYS").split(",") if key]

ALLOWED_HOSTS = [urlparse(ORIGIN).hostname or "127.0.0.1", *env.list("ALLOWED_HOSTS", default=[])]
if EMBEDDED or DEBUG:
    ALLOWED_HOSTS += ["localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [ORIGIN]
SITE_ID = 1

INSTALLED_APPS = [
    "config.apps.ConfigConfig",
    # kontor, from the top of the house down
    "portal",
    "kpi",
    "aftersales",
    "logistics",
    "orders",
    "crm",
    "catalog",
    "foundation.mailroom",
    "foundation.knowledge",
    "foundation.imports",
    "foundation.documents",
    "foundation.notifications",
    "foundation.sla",
    "foundation.todos",
    "foundation.calendars",
    "foundation.lists",
    "foundation.accounts",
    "foundation.journal",
    "foundation.ui",
    # libraries
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "csp",
    "django_celery_beat",
    "django_filters",
    "django_fsm",
    "django_htmx",
    "pgtrigger",
    "phonenumber_field",
    "template_partials",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "foundation.accounts.middleware.ReaderMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "foundation.ui.middleware.DialogMiddleware",
    "foundation.ui.middleware.ButtonAddressMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
FORM_RENDERER = "foundation.ui.widgets.Renderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "foundation.ui.context.shell",
            ],
        },
    }
]

# Two aliases name one database: the application's role serves, the owner's role migrates and is never given to the web.
_app = env.db_url("DATABASE_URL", default="postgres://kontor_app:app@127.0.0.1:5432/kontor")
_owner = env.db_url(
    "DATABASE_OWNER_URL", default=os.environ.get("DATABASE_URL") or "postgres://kontor_owner@127.0.0.1:5432/kontor"
)
DATABASES = {
    "default": {**_app, "CONN_MAX_AGE": 3600, "CONN_HEALTH_CHECKS": True},
    "owner": {**_owner, "TEST": {"MIRROR": None}},
}
# Off where a pooler gives each transaction another session: a statement is kept by the session that prepared it.
SERVER_PLANS = env.bool("KONTOR_SERVER_PLANS", default=True)
DATABASE_ROUTERS = ["config.routers.OwnerMigrates"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0")


def _cache_location(url: str) -> str:
    """redis-py spells a socket address `unix://`, Celery spells it `redis+socket://`."""
    if url.startswith("redis+socket://"):
        path, _sep, query = url.removeprefix("redis+socket://").partition("?")
        number = query.rpartition("virtual_host=")[2] or "0"
        return f"unix://{path}?db={number}"
    return url


CACHES = {
    "default": {
        "BACKEND": "config.cache.RedisCache",
        "LOCATION": _cache_location(REDIS_URL),
        "KEY_PREFIX": "kontor",
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _secure or not (EMBEDDED or DEBUG)
SESSION_COOKIE_NAME = "__Host-session" if SESSION_COOKIE_SECURE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SESSION_COOKIE_SECURE else "csrf"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = _secure or not (EMBEDDED or DEBUG)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env_bool("KONTOR_BEHIND_PROXY") else None
SECURE_REDIRECT_EXEMPT = [r"^health$"]  # asked by load balancers from inside
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_SSL_REDIRECT else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = bool(SECURE_HSTS_SECONDS)
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
CSRF_FAILURE_VIEW = "foundation.ui.errors.csrf_failure"
# How many proxies of our own stand in front; the client's address is read that many steps from the right.
PROXY_COUNT = env.int("KONTOR_PROXY_COUNT", default=0)
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["foundation.accounts.backends.Backend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 86400
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "foundation.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # this session goes on with a new key; all others end with the old password
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = None

LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", _("English")),
    ("zh-hans", _("Simplified Chinese")),
    ("zh-hant", _("Traditional Chinese")),
    ("de", _("German")),
]
FILTERS_EMPTY_CHOICE_LABEL = pgettext_lazy("choice of a filter", "Any")
LOCALE_PATHS = sorted(path for path in (BASE_DIR / "locale").glob("*") if path.is_dir())
TIME_ZONE = "UTC"
USE_I18N = USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("KONTOR_STATIC", VAR / "static"))
STATICFILES_DIRS = [path for path in (BASE_DIR / "static", BASE_DIR / "static-build") if path.is_dir()]
MEDIA_ROOT = VAR / "media"
# An internal location of the proxy (nginx: X-Accel-Redirect) that serves MEDIA_ROOT; empty: the application sends files itself.
FILES_ACCEL_PREFIX = os.environ.get("KONTOR_FILES_ACCEL_PREFIX", "")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# anymail://postmark and the like: the interface of a provider, whose keys are the JSON object ANYMAIL.
_provider = (
    urlparse(os.environ.get("EMAIL_URL", "")) if os.environ.get("EMAIL_URL", "").startswith("anymail:") else None
)
_email = {} if _provider else env.email_url("EMAIL_URL", default="smtp://127.0.0.1:1025")
EMAIL_BACKEND = f"anymail.backends.{_provider.netloc}.EmailBackend" if _provider else _email["EMAIL_BACKEND"]
try:
    ANYMAIL = {"REQUESTS_TIMEOUT": 20, **json.loads(env_secret("ANYMAIL") or "{}")}
except (ValueError, TypeError) as error:
    raise ImproperlyConfigured("ANYMAIL is not a JSON object") from error
EMAIL_HOST, EMAIL_PORT = _email.get("EMAIL_HOST") or "", _email.get("EMAIL_PORT") or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _email.get("EMAIL_HOST_USER") or "", _email.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS, EMAIL_USE_SSL = bool(_email.get("EMAIL_USE_TLS")), bool(_email.get("EMAIL_USE_SSL"))
EMAIL_TIMEOUT = 20
# Where incoming mail is fetched each minute: imaps://user:password@host/INBOX, or nothing.
IMAP_URL = env_secret("IMAP_URL")
SMS_URL = env_secret("SMS_URL")
# The gateway is in our own network (the sink of a demo, a modem in the cellar); elsewhere such addresses are refused.
SMS_LOCAL = env_bool("SMS_LOCAL")
# For a gateway with an http address: how it wants to be asked. The headers are JSON and hold its secret.
SMS_METHOD = (os.environ.get("SMS_METHOD") or "POST").upper()
SMS_FORMAT = os.environ.get("SMS_FORMAT") or "json"
SMS_BODY = os.environ.get("SMS_BODY") or '{"to": "{to}", "text": "{text}", "id": "{id}"}'
SMS_HEADERS = env_secret("SMS_HEADERS")
SMS_ID_PATH = os.environ.get("SMS_ID_PATH") or "id"
# The robot of a WeCom group, for colleagues: https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…
WECOM_URL = env_secret("WECOM_URL")
WECOM_LOCAL = env_bool("WECOM_LOCAL")
# Receipts: keys that they are signed with, and how a gateway of its own kind reports (over the usual names of the fields).
SMS_RECEIPT_KEYS = [key for key in env_secret("SMS_RECEIPT_KEYS").split(",") if key]
SMS_RECEIPT = os.environ.get("SMS_RECEIPT") or "{}"
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "kontor@localhost")

PHONENUMBER_DB_FORMAT = "E164"
PHONENUMBER_DEFAULT_FORMAT = "INTERNATIONAL"

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10
# Whoever rings while the broker is away waits about two seconds for it, not six as by default.
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600, "connect_retries_timeout": 1}
CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS = {"visibility_timeout": 3600}
CELERY_VISIBILITY_TIMEOUT = 3600
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_SCHEDULE = SCHEDULE

SILENCED_SYSTEM_CHECKS: list[str] = []
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"tokens": {"()": "foundation.accounts.tokens_in_logs.RedactTokens"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["tokens"]}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "INFO")},
}
