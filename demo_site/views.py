from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from demo_site.products import CATALOGUE, PRODUCTS


def home(request: HttpRequest) -> HttpResponse:
    return render(request, "shop/home.html", {"products": CATALOGUE})


def product(request: HttpRequest, slug: str) -> HttpResponse:
    if slug not in PRODUCTS:
        raise Http404("no such product")
    others = [other for other in CATALOGUE if other.slug != slug][:3]
    return render(request, "shop/product.html", {"product": PRODUCTS[slug], "others": others})


def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "shop/help.html")
