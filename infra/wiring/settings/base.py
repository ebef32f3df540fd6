"""What the project is made of: apps, middleware, templates, language, hosts."""

from infra.wiring.settings.env import BASE_DIR, MODE, env

DEBUG = MODE == "development"
DEV_TOOLS = MODE != "production"
"""Pages for people who try the product out: the SMS outbox, the component gallery."""
PUBLISH_DEMO_COURSES = MODE == "demo"
"""Whether drafts of the demo author are published by the demo reviewer as soon as their films are made."""

PLATFORM_HOST: str = env.str("PLATFORM_HOST", "anxue.localhost")
"""Host of the platform layer: landing page, sign-up, operators, regulators, public verification."""
ENTERPRISE_BASE_DOMAIN: str = env.str("ENTERPRISE_BASE_DOMAIN", "localhost")
"""Enterprises live on `<subdomain>.<this>`."""
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", [PLATFORM_HOST, f".{ENTERPRISE_BASE_DOMAIN}", "127.0.0.1", "localhost"])

SUPPORT_PHONE: str = env.str("SUPPORT_PHONE", "400-000-0000")
"""Shown where somebody needs a person."""

SHARED_APPS = [
    "django_tenants",
    "tenants",
    "tenants.accounts",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "billing",
    "public.audit",
    "public.persons",
    "public.seals",
    "public.hooks",
    "public.retention",
    "public.uploads",
    "public.lifecycle",
    "public.questions",
    "public.catalogue",
    "public.search",
    "public.subtitles",
    "public.rights",
    "public.review",
    "public.authoring",
    "public.regulators",
    "public.operators",
    "public.privacy",
    "public.site",
    "public.csp",
    "public.monitor",
    "public.timing",
    "public.load",
    "public.appeals",
    "public.remarks",
    "public.answers",
    "public.complaints",
    "public.helpdesk",
    "public.portal",
    "infra.ui",
    "infra.adapters",
    "infra.wiring",
]
TENANT_APPS = [
    "tenants.accounts",
    "django.contrib.sessions",
    "apps.records",
    "apps.people",
    "apps.plans",
    "apps.learning",
    "apps.exams",
    "apps.community",
    "apps.openapi",
]
INSTALLED_APPS = [*SHARED_APPS, *(app for app in TENANT_APPS if app not in SHARED_APPS)]

MIDDLEWARE = [
    "infra.wiring.tracing.TraceMiddleware",
    "infra.wiring.loading.LoadMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "tenants.middleware.EnterpriseMiddleware",
    "infra.wiring.intake.IntakeMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "infra.wiring.mediation.MediationMiddleware",
    "infra.wiring.standing.StandingMiddleware",  # inside: a file that a visitor does not get is not noted as sent
    "infra.wiring.edge.RefusalMiddleware",
]
ROOT_URLCONF = "infra.wiring.urls.platform"
ENTERPRISE_URLCONF = "infra.wiring.urls.enterprise"
WSGI_APPLICATION = "infra.wiring.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "infra.wiring.context.chrome",
            ],
        },
    }
]

AUTH_USER_MODEL = "accounts.Credential"
AUTHENTICATION_BACKENDS = ["tenants.accounts.backends.CredentialBackend"]
PASSWORD_HASHERS = ["tenants.accounts.hashers.Argon2idPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "apps.people.joining.passwords.KnownPassword"},
    {"NAME": "apps.people.joining.passwords.NotOneself"},
]
LOGIN_URL = "sign-in"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "build/static"
STATICFILES_DIRS = [BASE_DIR / "build/vendor"] if (BASE_DIR / "build/vendor").exists() else []
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024 + 64 * 1024
"""The largest worker list (10 MB) and the form around it; bigger bodies are refused before they are read (`intake.py`)."""

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"trace": {"()": "infra.kit.origin.TraceFilter"}},
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(trace)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["trace"]}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "WARNING" if MODE == "test" else "INFO")},
}
