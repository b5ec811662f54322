from django.urls import path

from townships import handover_views as handing
from townships import views

urlpatterns = [
    path("", views.accounts, name="accounts"),
    path("new/", views.account_new, name="account-new"),
    path("<int:pk>/seats/new/", views.seat_new, name="seat-new"),
    path("<int:pk>/password/", views.password_reset, name="password-reset"),
    path("seats/<slug:code>/end/", views.seat_end, name="seat-end"),
    path("password/", views.own_password, name="own-password"),
    path("audit/", views.audit_log, name="audit-log"),
    path("handovers/", handing.handovers, name="handovers"),
    path("handovers/<int:pk>/new/", handing.handover_new, name="handover-new"),
    path("handovers/<slug:code>/", handing.handover, name="handover"),
]
