from django.urls import path

from reporting import dashboard_views as dashboards
from reporting import metric_views as building
from reporting import publication_views as publishing
from reporting import views

urlpatterns = [
    path("overview/", dashboards.latest_overview, name="overview-latest"),
    path("overview/<str:period>/", dashboards.overview, name="overview"),
    path("cohorts/", dashboards.latest_cohorts, name="cohorts-latest"),
    path("cohorts/<int:year>/", dashboards.cohorts, name="cohorts"),
    path("projection/", dashboards.latest_projection, name="projection-latest"),
    path("projection/<str:period>/", dashboards.projection, name="projection"),
    path("trends/", dashboards.latest_trends, name="trends-latest"),
    path("trends/<str:period>/", dashboards.trends, name="trends"),
    path("units/<slug:unit>/<str:period>/", dashboards.unit_page, name="unit-page"),
    path("ranking/", views.latest, name="ranking-latest"),
    path("ranking/<str:period>/", views.ranking, name="ranking"),
    path("ranking/<str:period>/table.xlsx", views.ranking_export, name="ranking-export"),
    path("ranking/<str:period>/<slug:unit>/", views.unit_score, name="unit-score"),
    path("metrics/", views.metrics, name="metrics"),
    path("metrics/new/", building.metric_new, name="metric-new"),
    path("metrics/<slug:code>/edit/", building.metric_edit, name="metric-edit"),
    path("metrics/<slug:code>/void/", building.metric_void, name="metric-void"),
    path("metrics/<slug:metric>/<str:period>/", dashboards.county_figure, name="county-figure"),
    path("metrics/<slug:metric>/<str:period>/<slug:unit>/", views.figure, name="figure"),
    path("schemes/", views.latest_scheme, name="scheme-latest"),
    path("schemes/<slug:code>/", views.scheme, name="scheme"),
    path("targets/", views.latest_targets, name="targets-latest"),
    path("targets/<int:year>/", views.targets, name="targets"),
    path("publications/", publishing.publications, name="publications"),
    path("publications/check/<str:period>/", publishing.checking, name="checking"),
    path("publications/<slug:code>/", publishing.publication, name="publication"),
    path("publications/<slug:code>/confirm/", publishing.confirm, name="publication-confirm"),
    path("publications/<slug:code>/approve/", publishing.approve, name="publication-approve"),
    path("publications/<slug:code>/publish/", publishing.publish, name="publication-publish"),
    path("publications/<slug:code>/withdraw/", publishing.withdraw, name="publication-withdraw"),
    path("publications/<slug:code>/disputes/<slug:dispute>/", publishing.reply, name="dispute-reply"),
    path("publications/<slug:code>/dispute/<slug:metric>/<slug:unit>/", publishing.dispute, name="dispute"),
    path("publications/<slug:code>/table.xlsx", publishing.published_table, name="published-table"),
    path("publications/<slug:code>/signed-page/", publishing.signed_page, name="signed-page"),
    path("publications/<slug:code>/ranking/", publishing.published_ranking, name="published-ranking"),
    path("publications/<slug:code>/ranking/<slug:unit>/", publishing.published_score, name="published-score"),
    path(
        "publications/<slug:code>/figures/<slug:metric>/<slug:unit>/",
        publishing.published_figure,
        name="published-figure",
    ),
]
