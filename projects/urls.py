from django.urls import path

from projects import share_views

urlpatterns = [
    path("ledgers/projects/records/<slug:code>/shares/", share_views.project_shares, name="project-shares"),
]
