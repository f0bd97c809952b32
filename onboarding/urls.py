"""The table of contents of the product: one line a chapter."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("core.urls")),
    path("account/", include("accounts.urls")),
    path("settings/", admin.site.urls),
    path("jobs/", include("jobs.urls")),
]

handler403 = "accounts.views.forbidden"
