from django.urls import path

from projects import dossier_views, founding_views, leader_views, share_views
from projects.monthly import views as monthly

urlpatterns = [
    path("ledgers/projects/dossiers.zip", dossier_views.project_dossiers, name="project-dossiers"),
    path("ledgers/projects/records/<slug:code>/dossier.zip", dossier_views.project_dossier, name="project-dossier"),
    path("ledgers/projects/records/<slug:code>/shares/", share_views.project_shares, name="project-shares"),
    path("ledgers/projects/records/<slug:code>/leaders/", leader_views.project_leaders, name="project-leaders"),
    path("ledgers/projects/records/<slug:code>/company/", founding_views.project_company, name="project-company"),
    path("ledgers/reports/months/", monthly.reports_latest, name="month-reports-latest"),
    path("ledgers/reports/months/<str:period>/", monthly.month_reports, name="month-reports"),
    path("ledgers/reports/records/<slug:code>/fill/", monthly.report_fill, name="report-fill"),
    path("ledgers/reports/records/<slug:code>/table.xlsx", monthly.report_workbook, name="report-workbook"),
    path("ledgers/reports/records/<slug:code>/sheet/", monthly.report_sheet, name="report-sheet"),
    path("ledgers/reports/records/<slug:code>/acts/<slug:act>/", monthly.report_act, name="report-act"),
]
