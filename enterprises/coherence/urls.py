from django.urls import path

from enterprises.coherence import views

urlpatterns = [
    path("ledgers/coherence_questions/ask/", views.ask, name="coherence-ask"),
    path("ledgers/coherence_rules/trial/", views.trial, name="coherence-trial"),
    path("ledgers/coherence_questions/records/<slug:code>/acts/<slug:act>/", views.question_act, name="coherence-act"),
]
