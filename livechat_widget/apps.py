from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_out
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class LivechatWidgetConfig(AppConfig):
    name = "livechat_widget"
    verbose_name = _("Live chat")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import checks, metrics  # noqa: F401 (the checks register themselves)
        from .domain.identities import sign_off
        from .domain.organizations import prepare_database

        metrics.register()
        post_migrate.connect(prepare_database, sender=self)
        user_logged_out.connect(sign_off)
