"""Django's settings, all of them from the environment; `checks.py` says what is wrong with them."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF

from keito_books.config import env

PACKAGE = Path(__file__).resolve().parent.parent

# "demo" and "test" may talk to a sandbox over plain HTTP; "production" may not.
ENVIRONMENT = env.text("KEITO_ENVIRONMENT", "demo")
PRODUCTION = ENVIRONMENT == "production"
DEBUG = env.flag("KEITO_DEBUG")

SECRET_KEY = env.secret("KEITO_SECRET_KEY")
# Keys for tokens at rest: "id:base64,id:base64"; the first one writes, all of them read.
TOKEN_KEYS = env.secret("KEITO_TOKEN_KEYS")
if not PRODUCTION:
    # Outside production the processes may start without secrets of their own (tests, type checks, --help);
    # `run` makes real ones in the data folder, and production refuses to start without (keito_books.E001, E002).
    SECRET_KEY = SECRET_KEY or "only-for-a-demo-without-data-" * 2
    TOKEN_KEYS = TOKEN_KEYS or "demo:ZGVtby1rZXktZm9yLWEtc2FuZGJveC1vbmx5LTAwMDE="

PUBLIC_URL = env.text("KEITO_PUBLIC_URL", "http://localhost:8000").rstrip("/")
ALLOWED_HOSTS = env.words("KEITO_ALLOWED_HOSTS", f"localhost,127.0.0.1,[::1],{urlsplit(PUBLIC_URL).hostname or ''}")
CSRF_TRUSTED_ORIGINS = env.words("KEITO_TRUSTED_ORIGINS", PUBLIC_URL)

# --- the accounting systems ------------------------------------------------------------------------------------
XERO_CLIENT_ID = env.text("XERO_CLIENT_ID")
XERO_CLIENT_SECRET = env.secret("XERO_CLIENT_SECRET")
XERO_SANDBOX_URL = env.text("XERO_SANDBOX_URL").rstrip("/")

# --- applications ----------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "csp",
    "django_htmx",
    "lucide",
    "procrastinate.contrib.django",
    "keito_books.config",
    "keito_books.workspaces",
    "keito_books.invoicing",
    "keito_books.connections",
    "keito_books.mapping",
    "keito_books.syncing",
    "keito_books.web",
]

MIDDLEWARE = [
    "keito_books.web.health.health",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "keito_books.web.middleware.reference",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "keito_books.config.urls"
WSGI_APPLICATION = "keito_books.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
        },
    },
]

DATABASES = {"default": env.database(env.text("DATABASE_URL", "postgresql://localhost/keito_books"))}

# --- people ----------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "workspaces.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
if ENVIRONMENT == "test":
    # Half a second for each password is meant to slow an attacker, and would slow every test that signs in.
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "keito_books.web.adapters.ClosedSignUp"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_GET = False
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
SESSION_COOKIE_AGE = 14 * 24 * 3600

# --- browser ---------------------------------------------------------------------------------------------------
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
# Lax, since Strict would drop the session on the way back from Xero's consent page.
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "keito_books.web.errors.csrf_failure"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = PRODUCTION and env.flag("KEITO_SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("KEITO_BEHIND_PROXY") else None
X_FRAME_OPTIONS = "DENY"
# An invoice may have 500 lines, with a dozen fields each.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 6_000
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    },
}

# --- words, numbers, time --------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"

# --- files -----------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
# Served from the packages themselves, so a newcomer needs no collectstatic; production collects and hashes.
WHITENOISE_USE_FINDERS = not PRODUCTION
STATIC_ROOT = (
    Path(env.text("KEITO_STATIC_ROOT", str(PACKAGE.parent.parent / ".data" / "static"))) if PRODUCTION else None
)
if PRODUCTION:
    STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }

# --- mail ------------------------------------------------------------------------------------------------------
EMAIL_BACKEND = env.text("KEITO_EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
EMAIL_HOST = env.text("KEITO_EMAIL_HOST", "localhost")
EMAIL_PORT = int(env.text("KEITO_EMAIL_PORT", "25"))
EMAIL_HOST_USER = env.text("KEITO_EMAIL_USER")
EMAIL_HOST_PASSWORD = env.secret("KEITO_EMAIL_PASSWORD")
EMAIL_USE_TLS = env.flag("KEITO_EMAIL_TLS")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("KEITO_EMAIL_FROM", "Keito Books <books@localhost>")

# --- engine ----------------------------------------------------------------------------------------------------
# Calls that one worker makes at once for one organisation; Xero takes five from all of them together.
SYNC_THREADS = int(env.text("KEITO_SYNC_THREADS", "4"))
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "engine"
# Tests that kill real processes can't wait ten minutes for each look-up, so they let time run faster for all of them
# (see syncing/clock.py). Nothing outside tests knows it.
CLOCK_RATE, CLOCK_SINCE = env.pace("KEITO_TEST_CLOCK" if ENVIRONMENT == "test" else "")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.text("KEITO_LOG_LEVEL", "WARNING")},
    "loggers": {"keito_books": {"level": env.text("KEITO_LOG_LEVEL", "INFO")}},
}
