from django.contrib import admin
from django.templatetags.static import static
from django.urls import include, path
from django.views.generic import RedirectView

from demo_site import views

urlpatterns = [
    path("", views.home, name="home"),
    path("product/<slug:slug>/", views.product, name="product"),
    path("help/", views.help_page, name="help"),
    # The admin names no icon, and browsers then ask here.
    path("favicon.ico", RedirectView.as_view(url=static("shop/icon.svg"))),
    path("admin/", admin.site.urls),
    path("livechat/", include("livechat_widget.urls")),  # livechat
]
