from django.urls import path

from townships.problems import views

urlpatterns = [
    path("ledgers/problems/due-soon/", views.due_soon, name="problem-due-soon"),
    path("ledgers/problems/records/<slug:code>/sheet/", views.problem_sheet, name="problem-sheet"),
    path("ledgers/problems/records/<slug:code>/acts/<slug:act>/", views.problem_act, name="problem-act"),
]
