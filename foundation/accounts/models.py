"""The company, its teams, its people and the languages they speak."""

from __future__ import annotations

import uuid
import zoneinfo
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from foundation.ui import once
from foundation.ui.addresses import record_url
from foundation.ui.places import language_name

COMPANY_CACHE_KEY = "accounts.company"


def validate_time_zone(value: str) -> None:
    """Refuse a name that the zone database does not know."""
    if value not in zoneinfo.available_timezones():
        raise ValidationError(_("“%(value)s” is no known time zone, such as Asia/Shanghai."), params={"value": value})


def logo_path(_company: Company, name: str) -> str:
    """Under a name of ours: the sender's says nothing."""
    return f"company/{uuid.uuid4().hex}{PurePath(name).suffix.lower()}"


class Company(models.Model):
    """The company that runs this installation: one row."""

    name = models.CharField(_("name"), max_length=200, default="Kontor")
    logo = models.FileField(_("logo"), upload_to=logo_path, blank=True)
    accent = models.CharField(
        _("accent colour"),
        max_length=7,
        default="#1f4e79",
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}\Z", _("Write a colour as # and six digits, such as #1f4e79."))],
    )
    address = models.TextField(_("address"), blank=True)
    phone = PhoneNumberField(_("phone"), blank=True)
    email = models.EmailField(_("email address"), blank=True)
    website = models.URLField(_("website"), blank=True)
    country = models.CharField(_("country"), max_length=2, default="CN")
    currency = models.CharField(_("currency"), max_length=3, default="USD")
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="Asia/Shanghai", validators=[validate_time_zone]
    )
    default_language = models.CharField(_("default language"), max_length=10, choices=settings.LANGUAGES, default="en")
    mail_from_name = models.CharField(_("sender name of emails"), max_length=120, blank=True)
    mail_from_address = models.EmailField(_("sender address of emails"), blank=True)
    sms_sender = models.CharField(_("sender of text messages"), max_length=20, blank=True)
    emergency_contact = models.CharField(_("emergency contact"), max_length=120, blank=True)
    emergency_phone = PhoneNumberField(_("emergency phone"), blank=True)
    bank_details = models.TextField(_("bank details"), blank=True)
    letter_footer = models.TextField(_("letter footer"), blank=True)

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("company")
        constraints = [models.CheckConstraint(name="accounts_company_one_row", condition=models.Q(pk=1))]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pk = 1
        super().save(*args, **kwargs)
        cache.delete(COMPANY_CACHE_KEY)
        once.forget(COMPANY_CACHE_KEY)

    @classmethod
    def current(cls) -> Company:
        """The company, read once for each request; made with its defaults when it does not exist yet."""
        return once.once(COMPANY_CACHE_KEY, cls._read)

    @classmethod
    def _read(cls) -> Company:
        company: Company | None = cache.get(COMPANY_CACHE_KEY)
        if company is None:
            company = cls.objects.get_or_create(pk=1)[0]
            cache.set(COMPANY_CACHE_KEY, company, 300)
        return company


class Team(models.Model):
    """People who share work: one department or one region."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    lead = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="leads",
        verbose_name=_("lead"),
    )
    email = models.EmailField(_("email address"), blank=True)

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """People sign in by email; the address is compared without regard to case."""

    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Make an account; without a password it can be entered only through an invitation."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Make an administrator of everything."""
        return self.create_user(email, password, **{"is_staff": True, "is_superuser": True, **fields})

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody of the company, with what the system must know to give them the right work in the right words."""

    class Theme(models.TextChoices):
        SYSTEM = "system", _("As the device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    class Density(models.TextChoices):
        COMFORTABLE = "comfortable", _("Comfortable")
        COMPACT = "compact", _("Compact")

    email = models.EmailField(_("email address"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    position = models.CharField(_("position"), max_length=120, blank=True)
    phone = PhoneNumberField(_("phone"), blank=True)
    wecom_id = models.CharField(
        _("account at WeCom"),
        max_length=64,
        blank=True,
        default="",
        db_default="",
        validators=[RegexValidator(r"\A[A-Za-z0-9][A-Za-z0-9_.@-]*\Z")],
        help_text=_("Named in the messages of the group's robot, so that the phone rings."),
    )
    team = models.ForeignKey(
        Team, on_delete=models.SET_NULL, null=True, blank=True, related_name="members", verbose_name=_("team")
    )
    manager = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="reports", verbose_name=_("manager")
    )
    language = models.CharField(_("interface language"), max_length=10, choices=settings.LANGUAGES, default="en")
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="Asia/Shanghai", validators=[validate_time_zone]
    )
    theme = models.CharField(_("theme"), max_length=10, choices=Theme.choices, default=Theme.SYSTEM)
    density = models.CharField(_("density"), max_length=12, choices=Density.choices, default=Density.COMFORTABLE)
    single_key_shortcuts = models.BooleanField(_("single-letter shortcuts"), default=True)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("may enter the administration"), default=False)
    date_joined = models.DateTimeField(_("joined"), auto_now_add=True)
    # set while an invitation is open: the account is not active before its owner has chosen a password
    invited_at = models.DateTimeField(_("invited"), null=True, blank=True, editable=False)
    # changing it ends every session of the account at its next request
    sign_in_stamp = models.CharField(max_length=32, blank=True, default="", editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ("name",)
        permissions = [("invite_user", _("Can invite colleagues")), ("deactivate_user", _("Can switch accounts off"))]

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """As the backend says, which has read all rights at once: a page asks for fifteen of them."""
        kept: set[str] | None = self.__dict__.get("_perm_cache")
        if kept is None or obj is not None or self.is_superuser or not self.is_active:
            return super().has_perm(perm, obj)
        return perm in kept

    def __str__(self) -> str:
        return self.name or self.email

    def get_absolute_url(self) -> str:
        """The colleague's page."""
        return record_url("accounts:person", self.pk)

    @property
    def state(self) -> str:
        """`active`, `invited` (has not come yet) or `off`."""
        return "active" if self.is_active else "invited" if self.invited_at else "off"

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        # Django's own binds sessions to the password alone; the stamp ends them without touching the password.
        salt = "foundation.accounts.models.User.get_session_auth_hash"
        value = f"{self.password}{self.sign_in_stamp}"
        return salted_hmac(salt, value, secret=secret, algorithm="sha256").hexdigest()

    def get_full_name(self) -> str:
        """The whole name, as the person writes it."""
        return str(self)

    def get_short_name(self) -> str:
        """The same: names of many cultures do not split into first and last."""
        return str(self)


class UserLanguage(models.Model):
    """A language that a colleague works in, and how well."""

    class Level(models.IntegerChoices):
        BASIC = 1, _("Basic")
        WORKING = 2, _("Working")
        FLUENT = 3, _("Fluent")
        NATIVE = 4, _("Native")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="languages", verbose_name=_("user"))
    language = models.CharField(_("language"), max_length=10)
    level = models.PositiveSmallIntegerField(_("level"), choices=Level.choices, default=Level.WORKING)

    class Meta:
        verbose_name = _("working language")
        verbose_name_plural = _("working languages")
        ordering = ("-level", "language")
        constraints = [models.UniqueConstraint(fields=["user", "language"], name="accounts_one_level_per_language")]

    def __str__(self) -> str:
        return f"{self.language} ({self.get_level_display()})"

    @property
    def language_label(self) -> str:
        """The language's name in the reader's language."""
        return language_name(self.language)


class AccessToken(models.Model):
    """An address that opens one record for one purpose without an account; see `tokens.py`, the only door to it."""

    purpose = models.CharField(_("purpose"), max_length=40)
    digest = models.CharField(max_length=64)
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.BigIntegerField()
    subject = GenericForeignKey("content_type", "object_id")
    contact_key = models.CharField(max_length=40, blank=True, default="")
    single_use = models.BooleanField(_("single use"), default=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    expires_at = models.DateTimeField(_("valid until"))
    used_at = models.DateTimeField(_("used"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    class Meta:
        verbose_name = _("access token")
        verbose_name_plural = _("access tokens")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["purpose", "digest"], name="accounts_token_once")]
        # read when all addresses of a record are closed
        indexes = [models.Index(fields=["content_type", "object_id", "purpose"], name="accounts_token_subject")]

    def __str__(self) -> str:
        return f"{self.purpose} #{self.pk}"

    @property
    def is_good(self) -> bool:
        """Whether it opens anything now."""
        spent = self.single_use and self.used_at is not None
        return self.revoked_at is None and not spent and self.expires_at > timezone.now()


from foundation.accounts.absence import HandedItem, HandOver, Leave  # noqa: E402

__all__ = [
    "AccessToken",
    "Company",
    "HandOver",
    "HandedItem",
    "Leave",
    "Team",
    "User",
    "UserLanguage",
]
