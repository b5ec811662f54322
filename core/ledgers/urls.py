from django.urls import path

from core.ledgers import closing_views, form_wording_pages, import_views, saved_view_pages, views

# A code is letters, digits and hyphens: with anything else, a NUL say, no row is asked for at all.
urlpatterns = [
    path("ledgers/<slug:key>/", views.record_list, name="ledger-list"),
    path("ledgers/<slug:key>/new/", views.record_new, name="ledger-new"),
    path("ledgers/<slug:key>/export.xlsx", views.record_export, name="ledger-export"),
    path("ledgers/<slug:key>/form.xlsx", views.list_form, name="ledger-form"),
    path("ledgers/<slug:key>/print/", views.list_print, name="ledger-print"),
    path("ledgers/<slug:key>/template.xlsx", views.import_template, name="ledger-template"),
    path("ledgers/<slug:key>/verify/", views.list_verify, name="ledger-verify-list"),
    path("ledgers/<slug:key>/import/", import_views.upload, name="ledger-import"),
    path("ledgers/<slug:key>/import/preview/", import_views.preview, name="ledger-import-preview"),
    path("ledgers/<slug:key>/import/progress/", import_views.progress, name="ledger-import-progress"),
    path("ledgers/<slug:key>/views/", saved_view_pages.saved_views, name="saved-views"),
    path("ledgers/<slug:key>/views/<slug:code>/", saved_view_pages.saved_view, name="saved-view"),
    path("ledgers/<slug:key>/import/marked.xlsx", import_views.marked, name="ledger-import-marked"),
    path("ledgers/<slug:key>/import/columns/", import_views.columns, name="ledger-import-columns"),
    path("ledgers/<slug:key>/records/<slug:code>/", views.record_detail, name="ledger-detail"),
    path("ledgers/<slug:key>/records/<slug:code>/edit/", views.record_edit, name="ledger-edit"),
    path("ledgers/<slug:key>/records/<slug:code>/void/", views.record_void, name="ledger-void"),
    path("ledgers/<slug:key>/records/<slug:code>/verify/", views.record_verify, name="ledger-verify"),
    path("ledgers/<slug:key>/records/<slug:code>/evidence/", views.evidence_new, name="ledger-evidence"),
    path("files/<slug:code>/", views.evidence_file, name="evidence-file"),
    path("imports/", import_views.batches, name="batches"),
    path("imports/<slug:code>/", import_views.batch, name="batch"),
    path("imports/<slug:code>/undo/", import_views.batch_undo, name="batch-undo"),
    path("forms/", form_wording_pages.form_wordings, name="form-wordings"),
    path("forms/<slug:key>/", form_wording_pages.form_wording, name="form-wording"),
    path("closing/", closing_views.closing, name="closing"),
]
