"""The product's settings, with Django's admin beside it as the yardstick of a list page."""

import os
import tempfile
from pathlib import Path

from config.settings import *  # noqa: F403
from config.settings import BASE_DIR, DATABASES, INSTALLED_APPS, MIDDLEWARE, STORAGES

VAR_DIR = Path(os.environ.get("LEITAI_BENCH") or tempfile.mkdtemp(prefix="leitai-bench-"))
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["NAME"] = VAR_DIR / "bench.sqlite3"
INSTALLED_APPS = ["django.contrib.admin", *INSTALLED_APPS]
MIDDLEWARE = [name for name in MIDDLEWARE if "axes" not in name and "csp" not in name.lower()]
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
ROOT_URLCONF = "benchmarks.urls"
ALLOWED_HOSTS = ["testserver"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
STATICFILES_DIRS = [BASE_DIR / "static"]
