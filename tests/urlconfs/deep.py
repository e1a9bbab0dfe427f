"""Everything deep below."""

from django.urls import include, path

urlpatterns = [path("a/b.c/~d/", include("livechat_widget.urls"))]
