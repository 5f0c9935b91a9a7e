"""Every setting of the site, from top to bottom; what differs from place to place comes from the environment.

Read here: HOST, PORT, DATA_DIR, PUBLIC_URL, DEBUG, SECRET_KEY, DATABASE_URL, SITE_NAME, SIGN_UP, MAIL_FROM and the
limits. README.md says what each is for.
"""

from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from studio import env

BASE_DIR = Path(__file__).resolve().parent.parent

# --- Where the site lives -------------------------------------------------------------------------------------------
DEBUG = env.flag("DEBUG")
HOST = env.text("HOST", "127.0.0.1")
PORT = env.whole("PORT", 8000, 1, 65535)
DATA_DIR = env.folder("DATA_DIR", BASE_DIR / "var")
SECRET_KEY = env.secret("SECRET_KEY", DATA_DIR / "secret_key")
SITE_NAME = env.text("SITE_NAME", "Duplet")

# Passkeys refuse an address made of numbers, so people are told "localhost"; the numbers work all the same.
LOCAL_URL = f"http://localhost:{PORT}"
PUBLIC_URL = env.address("PUBLIC_URL", LOCAL_URL)
ORIGINS = [PUBLIC_URL] if PUBLIC_URL != LOCAL_URL else [LOCAL_URL, f"http://127.0.0.1:{PORT}"]
ALLOWED_HOSTS = sorted({str(urlsplit(PUBLIC_URL).hostname), "localhost", "127.0.0.1"})
CSRF_TRUSTED_ORIGINS = ORIGINS

# --- What it is made of ---------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "studio.assets.AssetsConfig",
    "channels",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "studio.accounts",
    "studio.songs",
    "studio.live",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "studio.middleware.OwnFiles",
    "studio.middleware.Compressed",
    "studio.middleware.privacy",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "studio.urls"
ASGI_APPLICATION = "studio.asgi.application"
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
                "studio.songs.context.site",
            ],
        },
    }
]

# --- What it keeps --------------------------------------------------------------------------------------------------
DATABASE_CONNECTIONS = env.whole("DATABASE_CONNECTIONS", 20, 4, 1000)
DATABASES = {"default": env.database("DATABASE_URL", DATA_DIR / "duplet.sqlite3")}
if DATABASES["default"]["ENGINE"] == env.SQLITE:
    # Measured: Django's own defaults lost 181 of 600 read-then-write transactions to "database is locked", these none.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; "
        "PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY",
    }
    # Writer threads need a database that more than one thread can open.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
else:
    # A page is a thread, and a thread would be a connection, of which PostgreSQL by itself takes 100 from all
    # processes together: a pool shares a few, tries each before it is used, and outlives a restart of the database.
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 5,
        "options": "-c statement_timeout=30s -c lock_timeout=20s -c idle_in_transaction_session_timeout=60s",
        "pool": {
            "min_size": 0,
            "max_size": DATABASE_CONNECTIONS,
            "timeout": 6,
            "max_idle": 60,
            "max_lifetime": 3600,
            "reconnect_timeout": 5,
        },
        **DATABASES["default"].get("OPTIONS", {}),
    }
# What processes tell one another, and what is counted for a minute, may lie in Redis; nothing lies there alone. Two
# sites in one Redis keep apart by their secret keys.
REDIS_URL = env.redis("REDIS_URL")
REDIS_PREFIX = f"duplet-{sha256(f'Redis of {SECRET_KEY}'.encode()).hexdigest()[:12]}"
REDIS_OPTIONS: dict[str, Any] = {"socket_connect_timeout": 1.0, "socket_timeout": 1.0, "health_check_interval": 15}
CHANNEL_LAYERS: dict[str, Any] = {}
if REDIS_URL:
    # Not "default", which Channels would subscribe each socket to: this layer has one subscription a process.
    CHANNEL_LAYERS["processes"] = {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [{"address": REDIS_URL, **REDIS_OPTIONS}], "prefix": REDIS_PREFIX},
    }
# Rate limits of signing in count here: in the database or in Redis, which all processes share.
CACHES: dict[str, Any] = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": REDIS_PREFIX,
        "OPTIONS": REDIS_OPTIONS,
    }
    if REDIS_URL
    else {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MEDIA_ROOT = DATA_DIR / "media"
EARLY_DIR = DATA_DIR / "early"
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES: dict[str, Any] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage" if DEBUG else "studio.assets.HashedAssets"
    },
}
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG

# --- People ---------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "create"
SIGN_UP = env.choice("SIGN_UP", "open", ("open", "closed"))
ACCOUNT_ADAPTER = "studio.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "studio.accounts.forms.NameForm"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = "studio.accounts.people.own_name"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"[{SITE_NAME}] "
ACCOUNT_EMAIL_NOTIFICATIONS = True  # of whatever changes how one comes in
MFA_ADAPTER = "studio.accounts.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # where mail is sent, nobody comes in with an address that is not confirmed
SESSION_ENGINE = "studio.accounts.sessions"  # 90 days at most
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_SAVE_EVERY_REQUEST = False
SIGNIN_LINK_MINUTES = 15

MAIL_HOST = env.text("MAIL_HOST", "")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if MAIL_HOST else 'console'}.EmailBackend"
EMAIL_HOST = MAIL_HOST
EMAIL_PORT = env.whole("MAIL_PORT", 587, 1, 65535)
EMAIL_HOST_USER = env.text("MAIL_USER", "")
EMAIL_HOST_PASSWORD = env.text("MAIL_PASSWORD", "")
EMAIL_USE_TLS = EMAIL_PORT == 587
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("MAIL_FROM", f"{SITE_NAME} <no-reply@{urlsplit(PUBLIC_URL).hostname}>")
# A link that nobody can read verifies nobody: only a site that sends mail asks for it.
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if MAIL_HOST else "none"

# --- Songs ----------------------------------------------------------------------------------------------------------
LIMIT_PROMPT = 2_000
LIMIT_LYRICS = 10_000
# A site on one's own machine is generous; one that others reach keeps to what it publishes. 0 means no limit.
LIMIT_REQUESTS_PER_MINUTE = env.whole("LIMIT_REQUESTS_PER_MINUTE", 60 if PUBLIC_URL != LOCAL_URL else 600, 0, 100_000)
LIMIT_CREATIONS_PER_MINUTE = env.whole("LIMIT_CREATIONS_PER_MINUTE", 10 if PUBLIC_URL != LOCAL_URL else 60, 0, 100_000)
# What a song costs, and what each day (UTC) gives to everybody who comes by. 0 means that songs cost nothing, and that
# only the operator gives credits.
CREDITS_PER_SONG = env.whole("CREDITS_PER_SONG", 0, 0, 10_000)
CREDITS_DAILY = env.whole("CREDITS_DAILY", 0, 0, 100_000)
LIMIT_SOCKETS_PER_USER = env.whole("LIMIT_SOCKETS_PER_USER", 20, 0, 10_000)
LIMIT_RUNNING_PER_USER = env.whole("LIMIT_RUNNING_PER_USER", 3, 0, 1000)
# Megabytes of recordings that a person may keep, as they lie here.
LIMIT_RECORDINGS = env.whole("LIMIT_RECORDINGS", 500, 0, 1_000_000)
# Classes of words that are refused in prompts and lyrics; studio/songs/nsfw_words.txt lists them.
NSFW_REFUSE = env.several("NSFW_REFUSE", ("slur", "sexual", "strong"))
SONGS_PER_PAGE = 24
TRASH_DAYS = 30
# Where songs come about: in the process that serves the site, or in `manage.py relay` alone.
RELAY = env.choice("RELAY", "here", ("here", "apart"))
ENGINE_SLOTS = env.whole("ENGINE_SLOTS", 1, 1, 64)
LIMIT_RUNNING_TOTAL = env.whole("LIMIT_RUNNING_TOTAL", 50, 1, 10_000)
# Any v6 host may make the songs instead of our own engine.
UPSTREAM_URL = env.address("UPSTREAM_URL", "") if env.text("UPSTREAM_URL", "") else ""
UPSTREAM_API_KEY = env.text("UPSTREAM_API_KEY", "")
OUTBOUND_ALLOW = env.places("OUTBOUND_ALLOW")
# A language model may draft words where nobody gave any, over the chat API that many servers share.
LYRICS_URL = env.base_address("LYRICS_URL")
LYRICS_API_KEY = env.text("LYRICS_API_KEY", "")
LYRICS_MODEL = env.text("LYRICS_MODEL", "")
if LYRICS_URL and not LYRICS_MODEL:
    raise ImproperlyConfigured("LYRICS_URL is set, but LYRICS_MODEL is not: that endpoint wants to know which model.")
if UPSTREAM_URL and not UPSTREAM_API_KEY:
    raise ImproperlyConfigured("UPSTREAM_URL is set, but UPSTREAM_API_KEY is not: that host wants to know who asks.")

# --- Behind a wall --------------------------------------------------------------------------------------------------
SECURE = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "studio.failures.out_of_date"
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
SECURE_SSL_REDIRECT = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]
# The last address in X-Forwarded-For is the one our own proxy has seen; without a proxy the header is dropped.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if SECURE else 0
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 3600 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "media-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
LIMIT_BODY = 1024 * 1024
LIMIT_PICTURE = 8 * 1024 * 1024  # of oneself, as it is sent in
LIMIT_IMPORT = 256 * 1024 * 1024  # of an archive of songs; `manage.py import_library` takes any

# --- Language, time, log --------------------------------------------------------------------------------------------
# Every sentence for people goes through gettext. As long as there are no catalogues but English, nothing asks which
# language a browser would like: half of a page would answer.
LANGUAGE_CODE = "en"
USE_I18N = True
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "no_secrets": {"()": "studio.accounts.redact.NoSecrets"},
        # A database that does not answer is told of in one line for each request, by studio.failures.
        "no_outages": {
            "()": "django.utils.log.CallbackFilter",
            "callback": lambda record: getattr(record, "status_code", 0) != 503,
        },
    },
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["no_secrets"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "studio": {"level": "INFO"},
        # What waits for the database or for Redis says so itself; these would say it every second.
        "psycopg.pool": {"level": "ERROR"},
        "channels_redis": {"level": "CRITICAL"},
        "generator": {"level": "INFO"},
        # Django's own loggers bring a handler of theirs, which would write secrets; what visitors mistype is no news.
        "django": {"handlers": [], "level": "INFO"},
        "django.request": {"level": "ERROR", "filters": ["no_outages"]},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
    },
}
