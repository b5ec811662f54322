from django.apps import AppConfig


class CoherenceConfig(AppConfig):
    name = "enterprises.coherence"
    label = "questions"  # after "core" and "enterprises", or Django would split its first migration
    verbose_name = "疑点核实"
