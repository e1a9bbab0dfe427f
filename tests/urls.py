from django.contrib import admin
from django.urls import include, path
from django.views.generic import TemplateView

urlpatterns = [
    path("", TemplateView.as_view(template_name="host.html"), name="host"),
    path("admin/", admin.site.urls),
    path("livechat/", include("livechat_widget.urls")),
]
