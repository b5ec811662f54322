from django.apps import AppConfig


class CoherenceConfig(AppConfig):
    name = "enterprises.coherence"
    label = "coherence"
    verbose_name = "疑点核实"
