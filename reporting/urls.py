from django.urls import path

from reporting import views

urlpatterns = [
    path("ranking/", views.latest, name="ranking-latest"),
    path("ranking/<str:period>/", views.ranking, name="ranking"),
    path("ranking/<str:period>/table.xlsx", views.ranking_export, name="ranking-export"),
    path("ranking/<str:period>/<slug:unit>/", views.unit_score, name="unit-score"),
    path("metrics/", views.metrics, name="metrics"),
    path("metrics/<slug:metric>/<str:period>/<slug:unit>/", views.figure, name="figure"),
    path("schemes/", views.latest_scheme, name="scheme-latest"),
    path("schemes/<slug:code>/", views.scheme, name="scheme"),
    path("targets/", views.latest_targets, name="targets-latest"),
    path("targets/<int:year>/", views.targets, name="targets"),
]
