"""Everything at the root, beside a page whose address ends with a slash."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("a page of the site")


urlpatterns = [
    path("", include("livechat_widget.urls")),
    path("customer/", page),
    path("customer/token/", page),
    path("", page),
]
