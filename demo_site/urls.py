from django.contrib import admin
from django.urls import include, path

from demo_site import views

urlpatterns = [
    path("", views.home, name="home"),
    path("product/<slug:slug>/", views.product, name="product"),
    path("help/", views.help_page, name="help"),
    path("admin/", admin.site.urls),
    path("livechat/", include("livechat_widget.urls")),  # livechat
]
