"""The whole map of addresses, on one screen."""

from django.urls import include, path

from studio.accounts import views as accounts
from studio.api import pages
from studio.api import views as api
from studio.live import health
from studio.songs import media, operator, purse, sharing, stems, views
from studio.songs.office import office

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
    path("songs/<uuid:pk>/take-<int:number>.mid", stems.midi, name="take_midi"),
    path("songs/<uuid:pk>/take-<int:number>/stems/", stems.page, name="stems"),
    path("songs/<uuid:pk>/take-<int:number>/stems/cancel/", stems.cancel, name="cancel_stems"),
    path("songs/<uuid:pk>/take-<int:number>/stems.zip", stems.archive, name="stems_archive"),
    path("stream/<str:key>.mp3", media.stream, name="stream"),
    path("art/<uuid:pk>/<str:key>/", media.bare_cover, name="bare_cover"),
    path("s/<str:share_id>/", sharing.page, name="shared"),
    path("s/<str:share_id>/cover/", sharing.cover, name="shared_cover"),
    path("s/<str:share_id>/take-<int:number>.mp3", sharing.take_audio, name="shared_audio"),
    path("signin/<str:token>/", accounts.signin_link, name="signin_link"),
    path("account/keys/", pages.api_keys, name="api_keys"),
    path("account/keys/<int:pk>/revoke/", pages.revoke_api_key, name="revoke_api_key"),
    path("account/engine/", operator.engine_page, name="engine"),
    path("account/credits/", purse.page, name="credits"),
    path("account/", include("allauth.account.urls")),
    path("admin/", office.urls),
    path("developers/", pages.developers, name="developers"),
    path("v6/openapi.json", pages.openapi_document, name="openapi"),
    path("v6/generate/song", api.song, name="api_song"),
    path("v6/generate/song/sync", api.song_sync, name="api_song_sync"),
    path("status/generation/<str:message_id>", api.generation_status, name="api_status"),
    path("status/generations/<str:message_id>", api.generation_status),
    path("v5/status", api.status_by_query),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
handler400 = "studio.failures.unreadable"
handler500 = "studio.failures.broken"
