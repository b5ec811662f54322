from django.apps import AppConfig


class ProblemsConfig(AppConfig):
    name = "townships.problems"
    label = "problems"
    verbose_name = "问题"
