from django.urls import path

from enterprises import declaring_views as declaring

urlpatterns = [
    path("ledgers/declarations/pack.xlsx", declaring.declaration_pack, name="declaration-pack"),
    path("ledgers/declarations/notice/", declaring.listing_notice_latest, name="listing-notice-latest"),
    path("ledgers/declarations/notice/<str:period>/", declaring.listing_notice, name="listing-notice"),
    path("ledgers/declaration_windows/usual/", declaring.usual_windows, name="windows-usual"),
    path("ledgers/declaration_materials/shipped/", declaring.shipped_materials, name="materials-shipped"),
]
