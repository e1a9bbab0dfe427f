from django.db import models
from django.utils.translation import gettext_lazy as _


class Presence(models.Model):
    """Somebody has a page open: a lease that sockets and polls renew, and that ends by itself."""

    author = models.CharField(_("author"), max_length=36, primary_key=True)
    until = models.DateTimeField(_("until"))

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presences")

    def __str__(self) -> str:
        return f"{self.author} until {self.until}"
