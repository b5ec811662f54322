from django.urls import path

from projects import dossier_views, leader_views, share_views

urlpatterns = [
    path("ledgers/projects/dossiers.zip", dossier_views.project_dossiers, name="project-dossiers"),
    path("ledgers/projects/records/<slug:code>/dossier.zip", dossier_views.project_dossier, name="project-dossier"),
    path("ledgers/projects/records/<slug:code>/shares/", share_views.project_shares, name="project-shares"),
    path("ledgers/projects/records/<slug:code>/leaders/", leader_views.project_leaders, name="project-leaders"),
]
