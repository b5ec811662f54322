from django.urls import path

from enterprises import cultivation_views as cultivation
from enterprises import declaring_views as declaring
from enterprises import exit_views as exits
from enterprises import top_views as top
from enterprises import visit_views as visits
from enterprises import year_views as years

urlpatterns = [
    path("ledgers/cultivation/records/<slug:code>/leave/", cultivation.cultivation_leave, name="cultivation-leave"),
    path("ledgers/cultivation/records/<slug:code>/resume/", cultivation.cultivation_resume, name="cultivation-resume"),
    path("ledgers/declarations/pack.xlsx", declaring.declaration_pack, name="declaration-pack"),
    path("ledgers/declarations/notice/", declaring.listing_notice_latest, name="listing-notice-latest"),
    path("ledgers/declarations/notice/<str:period>/", declaring.listing_notice, name="listing-notice"),
    path("ledgers/enterprises/exit-watch/", exits.exit_watch, name="exit-watch"),
    path("ledgers/enterprises/exit-watch.xlsx", exits.exit_watch_file, name="exit-watch-file"),
    path("ledgers/enterprises/records/<slug:code>/year/<int:year>/", years.enterprise_year, name="enterprise-year"),
    path("ledgers/enterprise_months/top/", top.top_enterprises, name="top-enterprises"),
    path("ledgers/enterprise_months/top.xlsx", top.top_enterprises_file, name="top-enterprises-file"),
    path("ledgers/visits/records/<slug:code>/demand/", visits.visit_demand, name="visit-demand"),
    path("ledgers/exit_rules/shipped/", exits.shipped_rules, name="exit-rules-shipped"),
    path("ledgers/local_thresholds/standard/", exits.standards, name="standards"),
    path("ledgers/declaration_windows/usual/", declaring.usual_windows, name="windows-usual"),
    path("ledgers/declaration_materials/shipped/", declaring.shipped_materials, name="materials-shipped"),
]
