"""Django admin over the seeded residents: an unmanaged model of the same table in the same file."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from asking import ON_A_PAGE, Contestant, Sample, get
from sqlalchemy import Date, DateTime, Integer

from portal.releases import Live


def django_admin(file: Path, current: Live, sample: Sample) -> Contestant:
    """Returns Django admin; its own tables go into the same file."""
    import django
    from django.conf import settings
    from django.core.asgi import get_asgi_application
    from django.core.management import call_command

    pragmas = "PRAGMA cache_size=-65536; PRAGMA mmap_size=268435456;"
    settings.configure(
        SECRET_KEY="bench", ALLOWED_HOSTS=["*"], USE_TZ=True, ROOT_URLCONF="bench_urls",
        STATIC_URL="/static/",
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3", "NAME": str(file), "CONN_MAX_AGE": None,
                "OPTIONS": {"init_command": pragmas},
            }
        },
        INSTALLED_APPS=[
            f"django.contrib.{name}" for name in ("admin", "auth", "contenttypes", "sessions", "messages")
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ]
                },
            }
        ],
    )  # fmt: skip
    django.setup()
    call_command("migrate", verbosity=0)
    _django_model(current)
    path, deep = "/admin/contenttypes/resident", sample.rows // 2 // ON_A_PAGE
    return Contestant(
        name="Django admin",
        app=get_asgi_application(),
        cookie=f"sessionid={_django_session()}",
        asks={
            "first page": get(f"{path}/", rows=ON_A_PAGE),
            "next page": get(f"{path}/", "p=2", rows=ON_A_PAGE),
            "deep page": get(f"{path}/", f"p={deep}", rows=ON_A_PAGE),
            "search by NIK": get(f"{path}/", f"q={sample.nik}", rows=1),
            "search by part of a name": get(f"{path}/", f"q={sample.part}", rows=ON_A_PAGE),
            "search by a rare part": get(f"{path}/", f"q={sample.rare}", rows=ON_A_PAGE),
            "edit form": get(f"{path}/{sample.key}/change/", shows=sample.nik),
        },
    )


def _django_model(current: Live) -> None:
    """Declares the model from the table and registers it, with the same columns and searches."""
    from django.contrib import admin
    from django.db import models
    from django.urls import path as url_path

    def field(column: Any) -> Any:
        if column.primary_key:
            return models.BigAutoField(primary_key=True)
        if isinstance(column.type, Date):
            return models.DateField(null=True, blank=True)
        if isinstance(getattr(column.type, "impl", column.type), DateTime):
            return models.DateTimeField(null=True, blank=True)
        if isinstance(column.type, Integer):
            return models.BigIntegerField(null=True, blank=True)
        return models.CharField(
            max_length=getattr(column.type, "length", None) or 10_000, null=True, blank=True
        )

    table = current.models.records["resident"].__table__
    meta = type("Meta", (), {"managed": False, "db_table": table.name, "app_label": "contenttypes"})
    fields = {column.name: field(column) for column in table.columns}
    resident = type("Resident", (models.Model,), {**fields, "Meta": meta, "__module__": __name__})
    shown = {
        "list_display": ("name", "nik", "birth_date", "area"),
        "search_fields": ("nik", "name"),
        "list_per_page": ON_A_PAGE,
    }
    admin.site.register(resident, type("ResidentAdmin", (admin.ModelAdmin,), shown))
    urls = ModuleType("bench_urls")
    urls.__dict__["urlpatterns"] = [url_path("admin/", admin.site.urls)]
    sys.modules["bench_urls"] = urls


def _django_session() -> str:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
    from django.contrib.sessions.backends.db import SessionStore

    users = get_user_model().objects
    user = users.filter(username="bench").first() or users.create_superuser("bench")
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)
