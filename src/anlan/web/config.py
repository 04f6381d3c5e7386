"""Django's settings, made from those of Anlan (`anlan.settings`); nothing a district chooses is set here."""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path

from csp.constants import NONE, SELF

import anlan.settings
from anlan.web import stores
from anlan.web.logs import SharedRotatingHandler

ANLAN = anlan.settings.load(os.environ)
HOME = ANLAN.home
for folder in (HOME, HOME / "logs", HOME / "vault", HOME / "static"):
    # Nobody but the account of the service reads what is in it.
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _secret_key(path: Path) -> str:
    """Key of this installation, made on the first start. Two processes starting at once agree on the first one."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip() or secrets.token_urlsafe(50)
    key = secrets.token_urlsafe(50)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key)
    return key


SECRET_KEY = _secret_key(HOME / "secret.key")
DEBUG = False
# Browsers write an address of IPv6 in brackets.
ALLOWED_HOSTS = [f"[{host}]" if ":" in host else host for host in ANLAN.allowed_hosts]
ROOT_URLCONF = "anlan.web.urls"
WSGI_APPLICATION = "anlan.web.wsgi.application"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "ninja",
    "anlan.foundation.screens",
    "anlan.foundation.journal",
    "anlan.foundation.access",
    "anlan.foundation.org",
    "anlan.foundation.jobs",
    "anlan.foundation.vault",
    "anlan.foundation.notices",
    "anlan.foundation.search",
    "anlan.foundation.flow",
    "anlan.foundation.calc",
    "anlan.foundation.sheets",
    "anlan.foundation.interface",
    "anlan.plan",
    "anlan.plan.progress",
    "anlan.plan.basis",
    "anlan.plan.binding",
    "anlan.monitor",
    "anlan.registers",
    "anlan.registers.projects",
    "anlan.ledger",
    "anlan.web",
]

MIDDLEWARE = [
    "anlan.web.middleware.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "anlan.web.static_files.StaticMiddleware",
    "csp.middleware.CSPMiddleware",
    "anlan.web.sessions.SlidingMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "anlan.foundation.vault.uploads.UploadMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "anlan.foundation.access.middleware.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "anlan.web.context.shell",
            ],
        },
    }
]

DATABASES = stores.databases(ANLAN.database_url, HOME)
DATABASE_ROUTERS = ["anlan.web.stores.Router"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"},
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

AUTH_USER_MODEL = "access.Account"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "anlan.foundation.access.signin.AccountBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": ANLAN.password_length},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "anlan.foundation.access.passwords.KindsValidator"},
    {"NAME": "anlan.foundation.access.passwords.NotUsedBeforeValidator"},
]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"

AXES_FAILURE_LIMIT = ANLAN.lock_failures
AXES_COOLOFF_TIME = ANLAN.lock_minutes / 60
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_USERNAME_FORM_FIELD = "username"
AXES_RESET_ON_SUCCESS = True
# An attempt during the lock does not move its end.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_CALLABLE = "anlan.foundation.access.signin.locked_out"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

SESSION_ENGINE = "anlan.web.sessions"
SESSION_COOKIE_AGE = ANLAN.session_minutes * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ANLAN.https
CSRF_FAILURE_VIEW = "anlan.web.errors.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Without a max-age: an office that turns TLS off again would be locked out by its own browsers.
SECURE_HSTS_SECONDS = 0
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_HANDLERS = ["anlan.foundation.vault.uploads.LimitedUploadHandler"]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        # Tabler's style sheet draws its arrows and ticks with data images.
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}

LANGUAGE_CODE = "en" if ANLAN.lang == "en" else "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "anlan_language"
LOCALE_PATHS = [Path(anlan.settings.__file__).parent / "web" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
# Served from where they lie: the parts are already minified, and nothing has to be collected before a start.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600
WHITENOISE_ALLOW_ALL_ORIGINS = False

# Locking by login name is meant: thirty people sit behind one address, and an attacker changes his.
SILENCED_SYSTEM_CHECKS = ["axes.W006"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {
        "file": {
            "()": SharedRotatingHandler,
            "filename": HOME / "logs" / "anlan.log",
            "max_bytes": 10_000_000,
            "keep": 10,
            "formatter": "line",
        },
        "console": {"class": "logging.StreamHandler", "stream": sys.stderr, "formatter": "line", "level": "ERROR"},
    },
    "root": {"handlers": ["file", "console"], "level": "INFO"},
}
