from django.urls import path

from townships.deadlines import views

urlpatterns = [
    path("deadlines/<int:year>/", views.deadlines, name="deadlines"),
    path("deadlines/<int:year>/move/", views.deadlines_move, name="deadlines-move"),
    path("deadlines/<int:year>/<slug:key>/", views.ledger_deadlines, name="ledger-deadlines"),
    path("entry-times/", views.entry_times_latest, name="entry-times-latest"),
    path("entry-times/<str:period>/", views.entry_times_page, name="entry-times"),
]
