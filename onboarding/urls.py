"""The table of contents of the product: one line a chapter."""

from django.contrib import admin
from django.urls import include, path

from onboarding import health

urlpatterns = [
    path("", include("core.urls")),
    path("", include("adoption.urls")),
    path("", include("portal.urls")),
    path("account/", include("accounts.urls")),
    path("settings/", admin.site.urls),
    path("", include("review.urls")),
    path("", include("campaigns.urls")),
    path("", include("delivery.urls")),
    path("", include("erp.urls")),
    path("jobs/", include("jobs.urls")),
    path("", include("desk.urls")),
    path("health/live/", health.live, name="live"),
    path("health/ready/", health.ready, name="ready"),
]

handler403 = "accounts.views.forbidden"
