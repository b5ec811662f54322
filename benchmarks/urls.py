from django.contrib import admin
from django.urls import include, path

from projects.models import Project


class ProjectAdmin(admin.ModelAdmin):
    """The columns of the product's list, fifty to a page, as admin would show them."""

    list_display = ("name", "landing_unit", "stage", "status", "signed_on", "contract", "total_investment",
                    "signing_verdict", "investor", "local_industry")  # fmt: skip
    list_select_related = ("landing_unit", "investor")
    list_per_page = 50
    ordering = ("-pk",)  # the order an index gives: the yardstick at its best
    search_fields = ("name",)

    def get_queryset(self, request):
        return Project.objects.current().as_of()

    def stage(self, row):
        return row.stage

    def status(self, row):
        return row.status

    def signed_on(self, row):
        return row.signed_on

    def contract(self, row):
        return row.contract

    def total_investment(self, row):
        return row.total_investment

    def signing_verdict(self, row):
        return row.signing_verdict


admin.site.register(Project, ProjectAdmin)

urlpatterns = [path("admin/", admin.site.urls), path("", include("config.urls"))]
