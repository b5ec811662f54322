from django.apps import AppConfig, apps
from django.utils.module_loading import autodiscover_modules

from core.plain_words import PLAINLY


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = "基础"

    def ready(self):
        """Every app's `ledgers` declares its ledgers (关账例外 apart), its `handing_over` what people hand over, its
        `succeeding` what units leave to others, by being imported."""
        autodiscover_modules("ledgers", "closing_ledger", "handing_over", "succeeding")
        for model in apps.get_models():
            for field in model._meta.concrete_fields:
                field.error_messages = field.error_messages | PLAINLY
