"""All addresses of the site."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("account/", include("allauth.account.urls")),
    path("", include("keito_books.web.urls")),
]

handler400 = "keito_books.web.errors.bad_request"
handler403 = "keito_books.web.errors.forbidden"
handler404 = "keito_books.web.errors.not_found"
handler429 = "keito_books.web.errors.too_many"  # asked for by the sign-in library
handler500 = "keito_books.web.errors.server_error"
