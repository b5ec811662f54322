from django.urls import path

from townships import closing_views as views

urlpatterns = [
    path("new/", views.exception_new, name="exception-new"),
    path("<slug:code>/decide/", views.exception_decide, name="exception-decide"),
]
