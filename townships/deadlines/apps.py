from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    name = "townships.deadlines"
    label = "deadlines"
    verbose_name = "报送期限"
