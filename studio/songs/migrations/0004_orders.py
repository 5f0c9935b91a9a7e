from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("songs", "0003_waiting_for_a_busy_host")]

    operations = [
        migrations.AddField(model_name="generation", name="orders", field=models.PositiveSmallIntegerField(db_default=0, default=0)),
    ]
