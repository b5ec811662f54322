from django.contrib.auth import views as auth_views
from django.urls import include, path

from reporting import home_views
from townships import disclosure_views, succession_views
from townships import views as townships

handler403 = "townships.views.refused"
handler404 = "townships.views.missing"

urlpatterns = [
    path("", home_views.home, name="home"),
    path("login/", auth_views.LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("logout/", auth_views.LogoutView.as_view(), name="logout"),
    path("seat/", townships.choose_seat, name="choose-seat"),
    path("accounts/", include("townships.urls")),
    path("disclosure/", disclosure_views.disclosure, name="disclosure"),
    path("units/<slug:code>/divide/", succession_views.unit_divide, name="unit-divide"),
    path("", include("projects.urls")),
    path("", include("enterprises.urls")),
    path("", include("townships.problems.urls")),
    path("", include("townships.deadlines.urls")),
    path("closing/exceptions/", include("townships.closing_urls")),
    path("", include("enterprises.coherence.urls")),
    path("", include("core.ledgers.urls")),
    path("reports/", include("reporting.urls")),
]
