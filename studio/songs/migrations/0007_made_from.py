import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("songs", "0006_notes_and_stems"),
    ]

    operations = [
        migrations.AddField(
            model_name="generation",
            name="made_from",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="led_to",
                to="songs.generation",
            ),
        ),
    ]
