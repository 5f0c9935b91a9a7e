import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

STATES = [("waiting", "Waiting"), ("running", "Being made"), ("ready", "Ready"), ("failed", "Failed")]


class Migration(migrations.Migration):
    dependencies = [("songs", "0005_cost")]

    operations = [
        migrations.AddField(
            "version", "midi", models.FileField(blank=True, db_default="", default="", max_length=200, upload_to="")
        ),
        migrations.CreateModel(
            name="Stems",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("state", models.CharField(choices=STATES, default="waiting", max_length=8)),
                ("progress", models.PositiveSmallIntegerField(default=0)),
                ("error", models.CharField(blank=True, max_length=400)),
                ("archive", models.FileField(blank=True, max_length=200, upload_to="")),
                ("size", models.PositiveBigIntegerField(default=0)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("is_exact", models.BooleanField(default=False)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("lease_owner", models.CharField(blank=True, max_length=80)),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("made_at", models.DateTimeField(blank=True, null=True)),
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="stems", to="songs.version"
                    ),
                ),
            ],
            options={"verbose_name_plural": "stems"},
        ),
    ]
