"""Settings, safe by default; what differs between installations comes from the environment."""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
VAR_DIR.mkdir(exist_ok=True)

env = environ.Env()

# Core

RELEASE = "0.1.0"
DEBUG = env.bool("DEBUG", default=False)
DEMO_SECRET = "demo-only-this-secret-is-printed-in-the-source-code-of-tradeinit"  # noqa: S105
SECRET_KEY = env.str("SECRET_KEY", default=DEMO_SECRET)
LOOPBACK_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=LOOPBACK_HOSTS)
if SECRET_KEY == DEMO_SECRET and set(ALLOWED_HOSTS) - set(LOOPBACK_HOSTS):
    raise ImproperlyConfigured(
        "Set SECRET_KEY: the demo's secret is public and may serve only this machine "
        f"({', '.join(LOOPBACK_HOSTS)}), but ALLOWED_HOSTS names others."
    )
# The address readers use; the scheme decides whether cookies and HSTS are for HTTPS only.
PUBLIC_BASE_URL = env.str("PUBLIC_BASE_URL", default="http://127.0.0.1:8000").rstrip("/")
HTTPS = PUBLIC_BASE_URL.startswith("https://")

INSTALLED_APPS = [
    "tradeinit.apps.TradeInitConfig",
    "mandates.apps.MandatesConfig",
    "rounds.apps.RoundsConfig",
    "tradeinit.apps.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "simple_history",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "tradeinit.logs.logged",
    "tradeinit.health.measured",
    "django.middleware.security.SecurityMiddleware",
    # For browsers that do not know frame-ancestors, which says the same.
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "tradeinit.middleware.policies",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tradeinit.languages.by_address",
    "tradeinit.throttling.by_address",
    "tradeinit.replicas.middleware.reads_from_replicas",
    "tradeinit.middleware.public_answers",
    "tradeinit.kept.kept_answers",
    "tradeinit.compression.packed",
    "tradeinit.desk.timing.told_to_staff",
    "tradeinit.desk.layers.Sessions",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "tradeinit.desk.layers.Authentication",
    "tradeinit.desk.layers.Messages",
    "tradeinit.desk.sessions.limits",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "tradeinit.urls"
WSGI_APPLICATION = "tradeinit.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "tradeinit.views.site",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
# So that a form widget of ours may have its template beside the others.
FORM_RENDERER = "tradeinit.widgets.FormRenderer"
INSTALLED_APPS.append("django.forms")

# Database

SQLITE_OPTIONS = {
    # Django's defaults lose writers to "database is locked"; these were measured not to.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
    # REPLACE deletes rows; only so does it meet the triggers that forbid that.
    "PRAGMA recursive_triggers=ON;",
}
DATABASES = {
    "default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'tradeinit.sqlite3'}")
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["ENGINE"] = "tradeinit.sqlite"
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
# Of a question whose plan is kept (tradeinit/prepared.py) PostgreSQL would make five more in each
# connection before it keeps one. For a page of many questions that takes as long as to answer them.
POSTGRESQL_OPTIONS = "-c plan_cache_mode=force_generic_plan"
# Seconds after which PostgreSQL gives a question up; nought is never. The site sets it (wsgi.py),
# commands such as restore take as long as they need.
STATEMENT_TIMEOUT = env.int("STATEMENT_TIMEOUT", default=0)
if DATABASES["default"]["ENGINE"].endswith("postgresql"):
    options = DATABASES["default"].setdefault("OPTIONS", {})
    options["options"] = f"{POSTGRESQL_OPTIONS} -c statement_timeout={STATEMENT_TIMEOUT}s"
DATABASES["default"]["CONN_MAX_AGE"] = 600
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# Streaming replicas, from which readers without a cookie are answered: addresses, with commas.
REPLICAS = {
    f"replica{number}": env.db_url_config(address)
    | {
        "ENGINE": "tradeinit.replicas",
        "OPTIONS": {"connect_timeout": 2, "options": POSTGRESQL_OPTIONS},
        "CONN_MAX_AGE": 600,
        "TEST": {"MIRROR": "default"},
    }
    for number, address in enumerate(env.list("DATABASE_REPLICA_URLS", default=[]), start=1)
}
if REPLICAS and DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
    raise ImproperlyConfigured(
        "DATABASE_REPLICA_URLS names replicas of PostgreSQL, so DATABASE_URL must name its primary."
    )
DATABASES |= REPLICAS
DATABASE_ROUTERS = ["tradeinit.replicas.reading.Router"] if REPLICAS else []
# So many seconds a question to a replica may take before the primary is asked instead.
REPLICA_PATIENCE = 2

# Cache

# Kept by each process for itself, unless CACHE_URL names a Redis or Valkey that all share. Either
# may be emptied, or be away, at any time.
CACHE_URL = env.str("CACHE_URL", default="")
CACHES: dict[str, dict[str, object]] = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # Rows of lists as they are written, a few kilobytes each. In this process's own memory: to ask
    # another for each of fifty would take as long as to write it.
    "template_fragments": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "fragments",
        "OPTIONS": {"MAX_ENTRIES": 2_000},
    },
}
if CACHE_URL:
    CACHES["default"] = {
        "BACKEND": "tradeinit.cache.DisposableRedisCache",
        "LOCATION": CACHE_URL,
        "OPTIONS": {"socket_timeout": 0.25, "socket_connect_timeout": 0.25},
    }

# Logs and figures

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "tradeinit.logs.JSONFormatter"}},
    "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["lines"], "level": "WARNING"},
    "loggers": {
        # Django's own handlers would write in another form, and by mail.
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        "tradeinit.requests": {"level": env.str("LOG_REQUESTS", default="INFO")},
    },
}
# From where /metrics may be asked; from anywhere else it is not there.
METRICS_NETWORKS = env.list("METRICS_NETWORKS", default=["127.0.0.0/8", "::1/128"])
# Where the workers of one host put their figures together: a directory, emptied at start.
SHARED_METRICS = env.str("PROMETHEUS_MULTIPROC_DIR", default="")

# Sign-in

LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
LOGOUT_REDIRECT_URL = "admin:index"
AUTHENTICATION_BACKENDS = ["tradeinit.desk.sign_in.Backend"]
LIMIT_SIGN_IN = env.str("THROTTLE", default="on") != "off"
ACCOUNT_ADAPTER = "tradeinit.desk.sign_in.AccountAdapter"
ACCOUNT_FORMS = {"login": "tradeinit.desk.sign_in.SignInForm"}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
# Accounts are made by the office, which knows whose address it is.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
if not LIMIT_SIGN_IN:
    ACCOUNT_RATE_LIMITS = False
MFA_ADAPTER = "tradeinit.desk.sign_in.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
# Whoever decides what the public reads has a second factor: always, where the site is real.
REQUIRE_SECOND_FACTOR = env.bool("REQUIRE_SECOND_FACTOR", default=HTTPS)
# A sign-in ends after so long without a page, and after so long in any case.
SESSION_IDLE_MINUTES = env.int("SESSION_IDLE_MINUTES", default=60)
SESSION_HOURS = env.int("SESSION_HOURS", default=12)
SESSION_COOKIE_AGE = SESSION_HOURS * 3600
# Publishing, withdrawing and exporting what is internal want a password or code this fresh.
FRESH_SIGN_IN_MINUTES = env.int("FRESH_SIGN_IN_MINUTES", default=15)
ACCOUNT_REAUTHENTICATION_TIMEOUT = FRESH_SIGN_IN_MINUTES * 60
# Where mail leaves the house (smtp+tls://user:password@host:587); else it is printed in the log.
EMAIL = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="desk@localhost")
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# Languages and time

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hant", _("Traditional Chinese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
FORMAT_MODULE_PATH = "tradeinit.formats"

# Questions

# How many an address may ask: "600/minute"; a second and an hour are known as well; or "off".
THROTTLE = env.str("THROTTLE", default="600/minute")
# So many proxies of our own stand before this process, each adding to X-Forwarded-For.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)

# Static files

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
# Files that documents name. Hosts share this directory; no address leads into it.
MEDIA_ROOT = Path(env.str("FILES_DIR", default=str(VAR_DIR / "files")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Security

SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
# Messages name drafts. In a cookie of their own these titles would travel with a bare name.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 63_072_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "tradeinit.desk.submissions.csrf_failure"
CSRF_TRUSTED_ORIGINS = [PUBLIC_BASE_URL]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "style-src": [SELF],
        "script-src": [SELF],
        # The vendored stylesheet draws its arrows and ticks as data: images.
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    },
}

# API

# Under which the record may be used, by its SPDX name; that of the sample is the project's own.
LICENCE = env.str("LICENCE", default="MIT")
# The mail address to which readers write about mistakes.
CONTACT = env.str("CONTACT", default="")
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_RENDERER_CLASSES": [
        "tradeinit.renderers.JSONRenderer",
        "tradeinit.renderers.CSVRenderer",
        "tradeinit.renderers.NDJSONRenderer",
        "tradeinit.renderers.XLSXRenderer",
    ],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "tradeinit.renderers.ByFormatWord",
    "DEFAULT_PAGINATION_CLASS": "tradeinit.paging.Pagination",
    "DEFAULT_SCHEMA_CLASS": "tradeinit.schema.ListingSchema",
    "EXCEPTION_HANDLER": "tradeinit.errors.problem_details",
    "URL_FORMAT_OVERRIDE": "format",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "TradeInit API",
    "DESCRIPTION": "The public record of trade negotiations, read-only.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PUBLIC": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "LICENSE": {"name": LICENCE, "identifier": LICENCE},
    "CONTACT": {"name": "The office that keeps this record"},
    "POSTPROCESSING_HOOKS": [
        "tradeinit.schema.partial",
        "tradeinit.schema.named_vocabularies",
        "tradeinit.schema.described",
        "tradeinit.schema.exemplified",
        "tradeinit.schema.rooted",
    ],
}

# The record

# An initiative of which nothing was said for so long is called dormant.
DORMANT_AFTER_DAYS = 270
PAGE_SIZE = 50
MAX_PAGE_SIZE = 200
# Exact counts of long lists cost more than the list; beyond this they read "10,000+".
COUNT_CAP = 10_000

# The desk

# The zone in which staff read and set instants; what they set is kept in UTC.
OFFICE_TIME_ZONE = env.str("OFFICE_TIME_ZONE", default="UTC")
# With this, nobody clears what they wrote themselves, and every correction is proposed first.
TWO_PERSON_CLEARANCE = env.bool("TWO_PERSON_CLEARANCE", default=False)

SILENCED_SYSTEM_CHECKS: list[str] = []
