"""The whole map of addresses, on one screen."""

from django.urls import include, path

from studio.accounts import views as accounts
from studio.songs import media, sharing, views

urlpatterns = [
    path("", views.create, name="create"),
    path("library/", views.library, name="library"),
    path("songs/<uuid:pk>/", views.song, name="song"),
    path("songs/<uuid:pk>/card/", views.card, name="card"),
    path("songs/<uuid:pk>/cancel/", views.cancel, name="cancel"),
    path("songs/<uuid:pk>/retry/", views.retry, name="retry"),
    path("songs/<uuid:pk>/rename/", views.rename, name="rename"),
    path("songs/<uuid:pk>/share/", views.share, name="share"),
    path("songs/<uuid:pk>/trash/", views.trash, name="trash"),
    path("songs/<uuid:pk>/restore/", views.restore, name="restore"),
    path("songs/<uuid:pk>/delete/", views.delete, name="delete"),
    path("songs/<uuid:pk>/cover/", media.cover, name="cover"),
    path("songs/<uuid:pk>/take-<int:number>.mp3", media.take_audio, name="take_audio"),
    path("stream/<str:key>.mp3", media.stream, name="stream"),
    path("art/<uuid:pk>/<str:key>/", media.bare_cover, name="bare_cover"),
    path("s/<str:share_id>/", sharing.page, name="shared"),
    path("s/<str:share_id>/cover/", sharing.cover, name="shared_cover"),
    path("s/<str:share_id>/take-<int:number>.mp3", sharing.take_audio, name="shared_audio"),
    path("signin/<str:token>/", accounts.signin_link, name="signin_link"),
    path("account/", include("allauth.account.urls")),
    path("healthz", views.healthz, name="healthz"),
]
